import { type Link, type SystemId, type WorkHint, codeKey, decide, otherSide } from '@amis-sync/core'
import { recordAt } from '../flow/twins.ts'
import { openSuggestions } from '../matching/suggestions.ts'
import { isWorking } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'
import { learnWhatGoesAlong, matchableView } from './match-records.ts'

export interface CreateRequest {
  readonly entity: string
  readonly from: SystemId
  /** Only these; even where they look like another record. Default: all that have no counterpart. */
  readonly keys?: readonly string[]
}

export interface CreatedCounterparts {
  readonly requested: number
  /** Linked by now. */
  readonly created: number
  /** They look like a record of the other side; somebody decides first. */
  readonly leftAlone: number
  /** They were asked for, and are not alone at that side. */
  readonly unknown: readonly string[]
  /** The rules let nothing of this kind be created this way (CG5: groups go along with their records). */
  readonly byRule: boolean
  readonly queued: boolean
}

const pageSize = 200
const patienceMs = 10_000

/**
 * The last step of a standardisation (CU6): records of one side that have no counterpart are created at the other one, by the plugin's
 * rules, with what they need going along. Individuals become contacts (CU8).
 */
export async function createCounterparts(host: DeskHost, request: CreateRequest): Promise<CreatedCounterparts> {
  const { context } = host
  const view = matchableView(host, request.entity)
  const { plugin } = view
  const { from, keys } = request
  const nothing = { requested: 0, created: 0, leftAlone: 0, unknown: [], byRule: false, queued: false }
  const triggers = keys ? ['manual', 'standardise'] : ['standardise']
  const question = {
    from,
    to: otherSide(plugin, from),
    link: 'unlinked',
    event: 'seen',
    pulledBy: new Set<string>(),
  } as const
  if (decide(plugin.policy, { ...question, triggers: new Set(triggers) }).action !== 'create')
    return { ...nothing, byRule: true }
  await context.decisions.load(() => openSuggestions(context.store, context.plugins))
  await learnWhatGoesAlong(host, view)
  await host.open(plugin.firstSync.step)
  const wanted = keys && new Set(keys.map(codeKey))
  const found = new Set<string>()
  const asked: string[] = []
  let leftAlone = 0
  for await (const links of unlinkedPages(host, plugin.id, from)) {
    const hints: WorkHint[] = []
    for (const link of links) {
      const { key = '', resource, id } = link.sides[from]!
      if (wanted && !wanted.has(codeKey(key))) continue
      found.add(codeKey(key))
      if (!wanted && context.decisions.suggestedFor(plugin.id, recordAt(link, from)).length > 0) {
        leftAlone += 1
        continue
      }
      hints.push({ entity: plugin.id, side: from, resource, recordId: id, triggers })
      asked.push(link.id)
    }
    if (hints.length > 0) await context.store.work.add(hints, context.clock.now())
  }
  host.wake()
  const queued = !isWorking(host)
  const created = queued || asked.length === 0 ? 0 : await doneOf(host, plugin.id, asked)
  const unknown = (keys ?? []).filter((key) => !found.has(codeKey(key)))
  return { requested: asked.length, created, leftAlone, unknown, byRule: false, queued }
}

async function* unlinkedPages({ context }: DeskHost, entity: string, from: SystemId): AsyncGenerator<Link[]> {
  let after: string | undefined
  for (;;) {
    const links = await context.store.links.page(entity, {
      limit: pageSize,
      only: from,
      ...(after === undefined ? {} : { after }),
    })
    yield links.filter(({ sides }) => !sides[from]!.gone)
    after = links.at(-1)?.id
    if (links.length < pageSize) return
  }
}

/** Waits while anything moves: what goes along is another entity's work. */
async function doneOf(host: DeskHost, entity: string, asked: readonly string[]): Promise<number> {
  await host.drained(entity)
  let done = await countLinked(host, asked)
  for (let before = -1; done < asked.length && done > before;) {
    before = done
    const quiet = await host.quiet(patienceMs)
    done = await countLinked(host, asked)
    if (quiet) return done
  }
  return done
}

async function countLinked({ context }: DeskHost, ids: readonly string[]): Promise<number> {
  let linked = 0
  for (let from = 0; from < ids.length; from += pageSize)
    linked += (await context.store.links.get(ids.slice(from, from + pageSize))).filter((link) => link.linked).length
  return linked
}
