import {
  type Canonical,
  type Link,
  type SystemId,
  type WireRecord,
  canReadByIds,
  canReadByKeys,
  codeKey,
  otherSide,
} from '@amis-sync/core'
import { deterministicId } from '../pure/deterministic-id.ts'
import { type PluginView, lastShown, onlyCarried, resourceOfRow } from '../pure/plugin-view.ts'
import type { Group, Observation, SeenSide } from './observation.ts'
import { feedKey } from './observe.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'

export interface Gathered {
  readonly groups: readonly Group[]
  /** Named by a key that the source does not have. */
  readonly lost: readonly Observation[]
  /** Rows that are none of this entity's, or were read before our own last write: the feed will show them again. */
  readonly foreign: readonly Observation[]
}

type Found = Observation & { readonly id: string }

const refOf = (resource: string, id: string) => `${resource}/${id}`

interface Current {
  readonly rows: ReadonlyMap<string, WireRecord>
  /** The source says that they are not there. */
  readonly absent: ReadonlySet<string>
  /** The source does not show them, which proves nothing: their change feed is asked. */
  readonly unseen: ReadonlySet<string>
}

/** Current rows of records that the source can read by id. */
async function readCurrent(
  context: TenantContext,
  side: SystemId,
  wanted: readonly { readonly resource: string; readonly id: string }[],
): Promise<Current> {
  const connection = connectionTo(context, side)
  const rows = new Map<string, WireRecord>()
  const absent = new Set<string>()
  const unseen = new Set<string>()
  if (!canReadByIds(connection)) return { rows, absent, unseen }
  const byResource = Map.groupBy(wanted, (one) => one.resource)
  for (const [resource, ones] of byResource) {
    if (!connection.readable.has(resource)) continue
    const ids = [...new Set(ones.map((one) => one.id))]
    for (const record of await connection.readByIds(resource, ids)) rows.set(refOf(resource, record.id), record)
    const missing = ids.map((id) => refOf(resource, id)).filter((ref) => !rows.has(ref))
    const proven = connection.absenceIsProof?.has(resource) ?? false
    for (const ref of missing) (proven ? absent : unseen).add(ref)
    if (!proven && missing.length > 0) context.toAsk.add(feedKey(side, resource))
  }
  return { rows, absent, unseen }
}

/** Observations that name a key get their record's id; those whose key the source does not have are lost. */
async function resolveKeys(
  context: TenantContext,
  view: PluginView,
  observations: readonly Observation[],
): Promise<{ found: Found[]; lost: Observation[] }> {
  const found: Found[] = []
  const open = new Set<Observation>()
  for (const one of observations) {
    const id = one.id ?? one.record?.id ?? one.link?.sides[one.side]?.id
    if (id === undefined) open.add(one)
    else found.push({ ...one, id })
  }
  for (const [side, ones] of Map.groupBy(open, (one) => one.side)) {
    const links = await context.store.links.findByKey(
      view.plugin.id,
      side,
      ones.map((one) => one.key ?? ''),
    )
    const connection = connectionTo(context, side)
    const wire = view.plugin.wire[side]!
    const records: WireRecord[] = []
    if (canReadByKeys(connection)) {
      for (const resource of new Set(wire.resources.map((one) => one.resource))) {
        if (!connection.keyed.has(resource)) continue
        const keys = [...new Set(ones.map((one) => one.key!))]
        records.push(...(await connection.readByKeys(resource, keys)))
      }
    }
    for (const one of ones) {
      const same = (key: string | undefined) => key !== undefined && codeKey(key) === codeKey(one.key ?? '')
      const rows = records.filter((row) => same(row.key))
      const needed = rows.find((row) => resourceOfRow(wire, row, one.pulledBy.size > 0))
      const record = rows.find((row) => resourceOfRow(wire, row)) ?? needed
      const known = links.find((link) => same(link.sides[side]?.key))?.sides[side]
      if (record) found.push({ ...one, id: record.id, resource: record.resource, record })
      else if (known && !canReadByKeys(connection)) found.push({ ...one, id: known.id, resource: known.resource })
      else continue
      open.delete(one)
    }
  }
  return { found, lost: [...open] }
}

function newLink(context: TenantContext, view: PluginView, one: Found): Link {
  return {
    id: deterministicId(context.settings.tenant, view.plugin.id, one.side, one.resource, one.id),
    entity: view.plugin.id,
    sides: { [one.side]: { resource: one.resource, id: one.id } },
    linked: false,
    trail: [],
    revision: 0,
  }
}

/** What a side showed last, as far as it carries it. */
export function lastKnown(view: PluginView, link: Link, side: SystemId): Canonical {
  return onlyCarried(view, side, lastShown(link, side))
}

function see(group: Group, one: Found, record: WireRecord | undefined, gone: boolean): void {
  const before = group.seen.get(one.side)
  const seen: SeenSide = {
    ...(record ? { record } : before?.record ? { record: before.record } : {}),
    gone,
    observed: true,
    triggers: before?.triggers ?? new Set(),
    pulledBy: before?.pulledBy ?? new Set(),
  }
  for (const trigger of one.triggers) seen.triggers.add(trigger)
  for (const entity of one.pulledBy) seen.pulledBy.add(entity)
  group.seen.set(one.side, seen)
  if (one.work) group.work.push(one.work)
}

/** Records of a table that several entities share (documents), which the registry knows as another entity's: nobody reads them here. */
async function linkedElsewhere(
  context: TenantContext,
  view: PluginView,
  side: SystemId,
  ones: readonly Found[],
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const [resource, some] of Map.groupBy(ones, (one) => one.resource)) {
    const others = context.plugins.filter(
      ({ id, wire }) => id !== view.plugin.id && wire[side]?.resources.some((one) => one.resource === resource),
    )
    const records = some.map(({ id }) => ({ resource, id }))
    for (const { id } of others) {
      const links = await context.store.links.findByRecord(id, side, records)
      for (const { sides } of links) found.add(refOf(sides[side]!.resource, sides[side]!.id))
    }
  }
  return found
}

/** First part of a round: reads what has to be read, in batches, and brings observations of one record together. */
export async function gather(
  context: TenantContext,
  view: PluginView,
  observations: readonly Observation[],
): Promise<Gathered> {
  const { plugin } = view
  const { found, lost } = await resolveKeys(context, view, observations)
  const groups = new Map<string, Group>()
  const foreign: Observation[] = []
  const outdated: Observation[] = []
  for (const [side, ones] of Map.groupBy(found, (one) => one.side)) {
    const links = await context.store.links.findByRecord(
      plugin.id,
      side,
      ones.filter((one) => !one.link).map(({ resource, id }) => ({ resource, id })),
    )
    const byRef = new Map(links.map((link) => [refOf(link.sides[side]!.resource, link.sides[side]!.id), link]))
    const unread = ones.filter((one) => !one.record && !one.link && !one.deleted)
    const strangers = unread.filter((one) => !byRef.has(refOf(one.resource, one.id)))
    const elsewhere = await linkedElsewhere(context, view, side, strangers)
    const wanted = unread.filter((one) => !elsewhere.has(refOf(one.resource, one.id)))
    const { rows, absent, unseen } = await readCurrent(context, side, wanted)
    for (const one of ones) {
      const ref = refOf(one.resource, one.id)
      if (elsewhere.has(ref) && !byRef.has(ref) && !one.record) {
        foreign.push(one)
        continue
      }
      const record = one.record ?? rows.get(ref)
      const gone = one.deleted === true || (!record && absent.has(ref))
      const known = one.link ?? byRef.get(ref)
      if (!known && (gone || !record || !resourceOfRow(plugin.wire[side]!, record, one.pulledBy.size > 0))) {
        if (gone || !record) lost.push(one)
        else foreign.push(one)
        continue
      }
      const link = known ?? newLink(context, view, one)
      const old = isOutdated(link, one.side, record)
      if (old) context.lastPolled.get(feedKey(one.side, one.resource))?.delete(one.id)
      // What this side was known to have to tell is told without the row.
      if (old && Object.keys(link.sides[one.side]?.known ?? {}).length === 0) {
        outdated.push(one)
        continue
      }
      const group = groups.get(link.id) ?? { link, seen: new Map<SystemId, SeenSide>(), work: [] }
      groups.set(link.id, group)
      see(group, one, old ? undefined : record, gone)
      if (!record && !gone && unseen.has(ref)) group.unseen = side
    }
  }
  return { groups: [...groups.values()], lost, foreign: [...foreign, ...outdated] }
}

/** A state that counts its versions never goes back (contract §2.4): a lower number than one already seen is an old answer. */
function isOlderCount(version: string | undefined, seen: string | undefined): boolean {
  const isCount = (text: string | undefined): text is string => text !== undefined && /^\d+$/.test(text)
  return isCount(version) && isCount(seen) && Number(version) < Number(seen)
}

function isOutdated(link: Link, side: SystemId, record: WireRecord | undefined): boolean {
  const { writtenAt, version } = link.sides[side] ?? {}
  if (isOlderCount(record?.version, version)) return true
  return writtenAt !== undefined && record?.readAt !== undefined && record.readAt <= writtenAt
}

/** Reads the linked twins that nobody observed, where their system can be read by id. */
export async function readTwins(context: TenantContext, view: PluginView, groups: readonly Group[]): Promise<void> {
  for (const side of view.plugin.sides) {
    const twins = groups.filter(
      ({ link, seen }) =>
        link.linked && !context.inFlight.has(link.id) && !seen.has(side) && link.sides[side] && !link.sides[side].gone,
    )
    if (twins.length === 0 || !groups.some((group) => group.seen.has(otherSide(view.plugin, side)))) continue
    const { rows, absent, unseen } = await readCurrent(
      context,
      side,
      twins.map(({ link }) => link.sides[side]!),
    )
    for (const twin of twins) {
      const { link, seen } = twin
      const ref = refOf(link.sides[side]!.resource, link.sides[side]!.id)
      const record = rows.get(ref)
      if (unseen.has(ref)) twin.unseen = side
      if ((!record && !absent.has(ref)) || isOlderCount(record?.version, link.sides[side]!.version)) continue
      seen.set(side, {
        ...(record ? { record } : {}),
        gone: !record,
        observed: false,
        triggers: new Set(),
        pulledBy: new Set(),
      })
    }
  }
}
