import { type Canonical, type Link, type StoredValue, type WorkHint, reasons } from '@amis-sync/core'
import type { PluginView } from '../pure/plugin-view.ts'
import type { Bench } from './bench.ts'
import { withTrail } from './link-draft.ts'
import type { Group, Settled } from './observation.ts'
import { wakeKeys } from './references.ts'
import type { TenantContext } from './tenant-context.ts'
import { parseWaitKey } from '../pure/wait-key.ts'

/**
 * Documents that were sent without naming another one that the target lacked (an order before its quote). The link keeps what is lacking
 * (`lacks`), which is the truth; documents of this kind are the index by which an arrival finds them: `<wait key>|<link id>` → hint.
 */
const kind = 'join'

function joiningNames({ plugin }: PluginView): string[] {
  return [...new Set(plugin.references.filter(({ joins }) => joins).map(({ path }) => path.split('[].')[0]!))]
}

/** Fields that name something which has arrived since the record was written without it. None where its row was not seen now. */
export function joiningFields(bench: Bench, group: Group, record: Canonical): string[] {
  const [from, to] = bench.view.plugin.sides
  const lacks = group.link.sides[to]?.lacks ?? []
  if (lacks.length === 0 || group.seen.get(from)?.record === undefined) return []
  const names = joiningNames(bench.view)
  const named = Object.fromEntries(names.map((name) => [name, record[name]]))
  const { lacking } = bench.references.toTarget(from, to, named, false)
  return lacking.length < lacks.length ? names.filter((name) => record[name] !== undefined) : []
}

/** After links were stored: what they lack is looked for from now on; what came meanwhile is seen at once. */
export async function rememberJoins(context: TenantContext, links: readonly Link[]): Promise<void> {
  const wanted = links.flatMap((link) => {
    const plugin = context.views.get(link.entity)?.plugin
    const [from, to] = plugin?.sides ?? []
    const source = from === undefined ? undefined : link.sides[from]
    const lacks = to === undefined ? [] : (link.sides[to]?.lacks ?? [])
    if (!source) return []
    const hint: WorkHint = { entity: link.entity, side: from!, resource: source.resource, recordId: source.id }
    return lacks.map((key) => ({ key, document: { id: `${key}|${link.id}`, value: hint } }))
  })
  if (wanted.length === 0) return
  await context.store.documents.put(
    kind,
    wanted.map(({ document }) => document),
  )
  for (const { key } of wanted) context.joins.add(key)
  await wakeArrived(
    context,
    wanted.map(({ key }) => key),
  )
}

/** These were linked: who lacked one of them is looked at again. Work first, index second: a crash in between repeats a look. */
export async function wakeJoins(context: TenantContext, links: readonly Link[]): Promise<void> {
  const keys = links.filter(({ linked }) => linked).flatMap(wakeKeys)
  for (const key of new Set(keys)) {
    if (!context.joins.has(key)) continue
    for (;;) {
      const page = await context.store.documents.page(kind, { prefix: `${key}|`, limit: 500 })
      if (page.length === 0) break
      await context.store.work.add(
        page.map(({ value }) => value as WorkHint),
        context.clock.now(),
      )
      await context.store.documents.remove(
        kind,
        page.map(({ id }) => id),
      )
    }
    context.joins.delete(key)
  }
}

/** After a start, or a failure of our store: what is lacking is remembered anew, arrivals that nobody was told of are made good. */
export async function reviveJoins(context: TenantContext): Promise<void> {
  let after: string | undefined
  for (;;) {
    const page: StoredValue[] = await context.store.documents.page(kind, {
      limit: 500,
      ...(after === undefined ? {} : { after }),
    })
    const keys = [...new Set(page.map(({ id }) => id.slice(0, id.lastIndexOf('|'))))]
    for (const key of keys) context.joins.add(key)
    await wakeArrived(context, keys)
    after = page.at(-1)?.id
    if (page.length < 500) return
  }
}

async function wakeArrived(context: TenantContext, keys: readonly string[]): Promise<void> {
  const { links } = context.store
  for (const ones of Map.groupBy(new Set(keys), waitedFor).values()) {
    const needs = ones.map(parseWaitKey)
    const { entity, side } = needs[0]!
    if (entity === undefined || side === undefined) continue
    const codes = needs.flatMap(({ recordKey }) => recordKey ?? [])
    const records = needs.flatMap(({ resource, recordId: id }) =>
      resource === undefined || id === undefined ? [] : [{ resource, id }],
    )
    const byKey = codes.length > 0 ? await links.findByKey(entity, side, codes) : []
    const byId = records.length > 0 ? await links.findByRecord(entity, side, records) : []
    await wakeJoins(context, [...byKey, ...byId])
  }
}

function waitedFor(key: string): string {
  const { entity, side } = parseWaitKey(key)
  return `${entity}|${side}`
}

/** A write that only names what has arrived, of a document that the target says is locked. */
export function isLockedJoin({ entry, outcome }: Settled): boolean {
  return outcome.failure?.kind === 'needsPerson' && entry.link.trail.at(-1)?.why === 'JOINED'
}

/** It stays as it is, which is no failure; its story says so. */
export function notJoined(link: Link, at: number): Link {
  return withTrail(link, { at, what: 'hold', why: 'NOT_JOINED', text: reasons.NOT_JOINED })
}

export async function rememberLockedJoins(context: TenantContext, joins: readonly Settled[]): Promise<void> {
  if (joins.length === 0) return
  const links = await context.store.links.get(joins.map(({ entry }) => entry.link.id))
  await context.store.links.save(links.map((link) => ({ link: notJoined(link, context.clock.now()) })))
}
