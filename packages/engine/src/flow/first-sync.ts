import {
  type EntityPlugin,
  type JournalEntry,
  type Run,
  type RunCounters,
  type SystemId,
  SyncError,
  canList,
} from '@amis-sync/core'
import type { ProgressListener } from '../engine-types.ts'
import { beginFeeds, cannotList, observationOfRow, rememberWatermark } from './learn.ts'
import type { Observation } from './observation.ts'
import { newcomersOf } from './newcomers.ts'
import { isOn } from './offers.ts'
import { stamped } from './observe.ts'
import type { Tally } from './reconcile.ts'
import { type SettledListener, type TallyListener, type TenantContext, connectionTo } from './tenant-context.ts'

/** What a step needs from the engine. */
export interface StepHost {
  readonly context: TenantContext
  /** One round, behind the entity's lock. */
  readonly round: (
    plugin: EntityPlugin,
    observations: readonly Observation[],
    options: { step: number; learn: boolean; since?: number },
  ) => Promise<Tally>
  /** Resolves when nothing of the entity is ready or under way any more. */
  readonly drained: (entity: string) => Promise<void>
  /** Resolves when there is room for another batch. */
  readonly room: () => Promise<void>
  readonly stopping: () => boolean
  /** Linked records of the second direction are looked at, too, not only those that are alone. */
  readonly lists?: boolean
}

const triggers = new Set(['first-sync'])
const none: ReadonlySet<string> = new Set()
const zero: RunCounters = { done: 0, created: 0, linked: 0, updated: 0, skipped: 0, failed: 0 }
const finished = ''

/** Progress of a running step: counted in memory, stored with each page. */
class Progress {
  #run: Run
  readonly #context: TenantContext
  readonly #listener: ProgressListener | undefined
  /** It was interrupted before; counters may lack what was settled after they were stored for the last time. */
  readonly resumed: boolean

  constructor(context: TenantContext, run: Run, resumed: boolean, listener: ProgressListener | undefined) {
    this.#context = context
    this.#run = run
    this.resumed = resumed
    this.#listener = listener
  }

  get run(): Run {
    return this.#run
  }

  cursor(stream: string): string | undefined {
    return this.#run.cursors[stream]
  }

  /** What one stream of an entity will bring; the entity's total is the sum of its streams. */
  expect(entity: string, stream: string, records: number | undefined): void {
    if (records === undefined) return
    const totals = { ...this.#run.totals, [stream]: records }
    this.#run = { ...this.#run, totals }
    const ours = Object.entries(totals).filter(([name]) => name.startsWith(`${entity}|`))
    this.count(entity, { total: ours.reduce((sum, [, one]) => sum + one, 0) })
  }

  count(entity: string, by: Partial<RunCounters>): void {
    const before = this.#run.entities[entity] ?? zero
    const sum = (name: Exclude<keyof RunCounters, 'total'>) => before[name] + (by[name] ?? 0)
    const total = by.total ?? before.total
    const counters: RunCounters = {
      done: sum('done'),
      created: sum('created'),
      linked: sum('linked'),
      updated: sum('updated'),
      skipped: sum('skipped'),
      failed: sum('failed'),
      ...(total === undefined ? {} : { total }),
    }
    this.#run = { ...this.#run, entities: { ...this.#run.entities, [entity]: counters } }
    this.#listener?.(this.#run)
  }

  /** After an interruption: every record that is done is one of something; what was not counted was written. */
  complete(entity: string, waiting: number): void {
    const one = this.#run.entities[entity]
    if (!this.resumed || !one) return
    const lost = one.done - one.created - one.linked - one.updated - one.skipped - one.failed - waiting
    if (lost > 0) this.count(entity, one.updated > one.created ? { updated: lost } : { created: lost })
  }

  async save(change: Partial<Run> = {}): Promise<void> {
    this.#run = { ...this.#run, ...change }
    await this.#context.store.runs.save(this.#run)
    this.#listener?.(this.#run)
  }

  async moveTo(stream: string, cursor: string): Promise<void> {
    await this.save({ cursors: { ...this.#run.cursors, [stream]: cursor } })
  }
}

/** One step of the first sync (C7, C8), or only one entity of it, resumed where it stood (C10). */
export async function runStep(host: StepHost, step: number, listener?: ProgressListener, only?: string): Promise<Run> {
  const { context } = host
  const stored = await context.store.runs.get(step)
  const newOnes = newcomersOf(context, step, stored)
  if (stored?.state === 'finished' && newOnes.length === 0) return stored
  const now = context.clock.now()
  const run: Run = { step, entities: {}, cursors: {}, startedAt: now, ...stored, state: 'running' }
  const progress = new Progress(context, run, stored !== undefined, listener)
  await progress.save()
  if (progress.resumed) for (const { opId } of context.inFlight.values()) context.recovered.add(opId)
  const counter = settledCounter(context, progress)
  const late: TallyListener = (entity, { linked, failed }) => progress.count(entity, { linked, failed })
  context.listeners.add(counter)
  context.tallies.add(late)
  try {
    const wanted = ({ id, firstSync }: EntityPlugin) => firstSync.step === step && (only === undefined || id === only)
    const still = (one: EntityPlugin) => newOnes.length === 0 || newOnes.includes(one)
    for (const plugin of context.plugins.filter((one) => wanted(one) && isOn(context, one.id) && still(one))) {
      await syncEntity(host, plugin, progress)
      if (progress.resumed) progress.complete(plugin.id, await countWaiting(context, plugin.id))
      await progress.save()
    }
  } finally {
    context.listeners.delete(counter)
    context.tallies.delete(late)
  }
  await progress.save({ state: 'finished', finishedAt: context.clock.now() })
  return progress.run
}

async function countWaiting(context: TenantContext, entity: string): Promise<number> {
  const counts = await context.store.work.counts()
  return counts.find((one) => one.entity === entity && one.state === 'waiting')?.count ?? 0
}

function settledCounter(context: TenantContext, progress: Progress): SettledListener {
  return (entry: JournalEntry, result) => {
    if (entry.step !== progress.run.step) return
    // What an earlier try wrote counts when its page is read again, or in the end.
    if (result === 'applied' && progress.resumed && context.recovered.has(entry.id)) return
    if (result === 'failed') progress.count(entry.entity, { failed: 1 })
    else progress.count(entry.entity, entry.write.operation === 'create' ? { created: 1 } : { updated: 1 })
  }
}

/** First the target is learnt, so that twins are found; then each direction in the plugin's order. */
async function syncEntity(host: StepHost, plugin: EntityPlugin, progress: Progress): Promise<void> {
  const { directions } = plugin.firstSync
  for (const { from, to } of directions) {
    if (plugin.kind === 'document') await beginFeeds(host, plugin, to)
    else await listSide(host, plugin, to, progress, none)
    if (from === directions[0]!.from || host.lists) await listSide(host, plugin, from, progress, triggers)
    else await sweepUnlinked(host, plugin, from, progress)
    await host.drained(plugin.id)
  }
}

/** Reads all records of one side. With triggers they travel; without, they only become known. */
async function listSide(
  host: StepHost,
  plugin: EntityPlugin,
  side: SystemId,
  progress: Progress,
  why: ReadonlySet<string>,
): Promise<void> {
  const wanted = [...new Set(plugin.wire[side]!.resources.map((one) => one.resource))]
  for (const resource of wanted) {
    const stream = `${plugin.id}|${side}|${resource}|${why.size > 0 ? 'sync' : 'learn'}`
    await listResource(host, plugin, { side, resource, stream, why }, progress)
  }
}

interface Listing {
  readonly side: SystemId
  readonly resource: string
  readonly stream: string
  readonly why: ReadonlySet<string>
}

async function listResource(host: StepHost, plugin: EntityPlugin, listing: Listing, progress: Progress): Promise<void> {
  const { context } = host
  const { side, resource, stream, why } = listing
  const connection = connectionTo(context, side)
  if (!canList(connection)) throw cannotList(plugin, side)
  const learnt = why.size === 0 && progress.cursor(`${plugin.id}|${side}|${resource}|sync`) === finished
  if (learnt) return
  let cursor = progress.cursor(stream)
  if (cursor === finished) return
  const seen = new Set<string>()
  for (;;) {
    if (host.stopping()) throw interrupted(context)
    await host.room()
    const readAt = context.clock.now()
    const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
    if (page.watermark !== undefined) await rememberWatermark(context, side, resource, page.watermark)
    const fresh = page.records.filter((record) => !seen.has(record.id))
    for (const record of fresh) seen.add(record.id)
    const observations = stamped(fresh, readAt).map((record) => observationOfRow(side, record, why))
    const tally = await host.round(plugin, observations, { ...roundOf(progress), learn: why.size === 0 })
    if (why.size > 0) {
      progress.count(plugin.id, {
        done: fresh.length,
        ...countersOf(tally),
      })
      progress.expect(plugin.id, stream, page.total)
    }
    await progress.moveTo(stream, page.next ?? finished)
    if (page.next === undefined) return
    cursor = page.next
  }
}

function roundOf({ run, resumed }: Progress): { step: number; since?: number } {
  return { step: run.step, ...(resumed ? { since: run.startedAt } : {}) }
}

function countersOf({ created, linked, updated, skipped, failed }: Tally): Partial<RunCounters> {
  return { created, linked, updated, skipped, failed }
}

/** Records that were learnt and have found no twin travel now, from what the registry knows: nothing is read again. */
async function sweepUnlinked(host: StepHost, plugin: EntityPlugin, side: SystemId, progress: Progress): Promise<void> {
  const { context } = host
  const stream = `${plugin.id}|${side}|sweep`
  let after = progress.cursor(stream)
  if (after === finished) return
  // Those that travelled before an interruption are not alone any more.
  if (after === undefined)
    progress.expect(plugin.id, stream, (await context.store.links.counts(plugin.id)).only[side] ?? 0)
  for (;;) {
    if (host.stopping()) throw interrupted(context)
    await host.room()
    const links = await context.store.links.page(plugin.id, {
      limit: 100,
      only: side,
      ...(after === undefined ? {} : { after }),
    })
    const there = links.filter((link) => !link.sides[side]!.gone)
    const observations = there.map((link): Observation => {
      const { resource, id } = link.sides[side]!
      return { side, resource, id, link, triggers, pulledBy: none }
    })
    const tally = await host.round(plugin, observations, { ...roundOf(progress), learn: false })
    progress.count(plugin.id, {
      done: there.length,
      ...countersOf(tally),
    })
    after = links.at(-1)?.id
    await progress.moveTo(stream, links.length < 100 ? finished : after!)
    if (links.length < 100) return
  }
}

export function interrupted(context: TenantContext): SyncError {
  return new SyncError({
    code: 'INTERRUPTED',
    kind: 'retriable',
    message: {
      vi: `Đồng bộ lần đầu của ${context.settings.tenant} bị dừng giữa chừng; chạy lại lệnh connect để tiếp tục từ chỗ dừng.`,
      en: `The first sync of ${context.settings.tenant} was interrupted; run connect again, it goes on where it stopped.`,
    },
  })
}
