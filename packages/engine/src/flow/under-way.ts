import { type JournalEntry, type WireRecord, codeKey } from '@amis-sync/core'
import type { Group, PlannedWrite } from './observation.ts'
import type { TenantContext } from './tenant-context.ts'

/** From now on these writes are under way: nobody else touches their records. */
export function begin(context: TenantContext, entries: readonly JournalEntry[]): void {
  for (const { id, entity, link, system, write } of entries) {
    const key = write.operation === 'create' ? link.sides[system]?.key : undefined
    const arrives = key === undefined ? {} : { arrives: nameOf(entity, system, key) }
    const touches = write.operation === 'create' ? undefined : `${system}|${write.resource}/${write.id}`
    for (const watch of context.watches) watch.add(arrives.arrives ?? touches ?? '')
    context.inFlight.set(link.id, { entity, opId: id, ...arrives, ...(touches === undefined ? {} : { touches }) })
  }
}

/** A record that has to wait, and the link whose write it waits for. */
export interface Busy {
  readonly group: Group
  readonly link: string
}

/**
 * Tells which records have to wait for a write: those that are written, and rows that a write is just making: a feed may show them
 * before their outcome says that they are ours. What was under way when this was made still counts as that later: an outcome that comes
 * while the links are read makes them old.
 */
export function busyFinder(context: TenantContext): (group: Group) => Busy | undefined {
  const before = new Set(context.inFlight.keys())
  const arriving = new Map([...context.inFlight].flatMap(([link, { arrives }]) => (arrives ? [[arrives, link]] : [])))
  return (group) => {
    const { id, entity, linked } = group.link
    if (before.has(id) || context.inFlight.has(id)) return { group, link: id }
    if (linked || arriving.size === 0) return undefined
    for (const [side, { record }] of group.seen) {
      const link = record?.key === undefined ? undefined : arriving.get(nameOf(entity, side, record.key))
      if (link !== undefined) return { group, link }
    }
    return undefined
  }
}

/**
 * Creations whose code another record is just being created with at the same side (a customer and a contact may have one code): they
 * wait, since the target may take the second for a change of the first.
 */
export function sameCodeWaits(context: TenantContext, writes: readonly PlannedWrite[]): Busy[] {
  const arriving = new Map([...context.inFlight].flatMap(([link, { arrives }]) => (arrives ? [[arrives, link]] : [])))
  return writes.flatMap(({ group, entry: { entity, system, link, write } }) => {
    // A record that takes the place of a deleted one may find its link busy.
    if (context.inFlight.has(link.id)) return [{ group, link: link.id }]
    const key = write.operation === 'create' ? link.sides[system]?.key : undefined
    if (key === undefined) return []
    const name = nameOf(entity, system, key)
    const first = arriving.get(name)
    if (first === undefined) arriving.set(name, link.id)
    return first === undefined || first === link.id ? [] : [{ group, link: first }]
  })
}

/** Which rows of a table a write was under way for while it was being read: nobody can tell whether they show it already. */
export interface TouchWatch {
  touches(record: WireRecord): boolean
  end(): void
}

/** Counts what is under way now, and what begins until the end: a read that is tried again may show a write that began after it. */
export function watchTouches(context: TenantContext, system: string, entities: readonly string[]): TouchWatch {
  const keys = new Set([...context.inFlight.values()].flatMap(({ arrives, touches }) => arrives ?? touches ?? []))
  context.watches.add(keys)
  return {
    touches: ({ resource, id, key }) =>
      keys.has(`${system}|${resource}/${id}`) ||
      (key !== undefined && entities.some((entity) => keys.has(nameOf(entity, system, key)))),
    end: () => void context.watches.delete(keys),
  }
}

function nameOf(entity: string, side: string, key: string): string {
  return `${entity}|${side}|${codeKey(key)}`
}
