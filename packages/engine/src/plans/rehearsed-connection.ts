import type { Clock, Connection, RowOutcome, RowWrite } from '@amis-sync/core'

/** What planning asked of a system, and what carrying the plan out would ask of it. */
export interface Demand {
  reads: number
  writes: number
  /** How long the answers took in all, milliseconds. */
  waitedMs: number
}

const reading: ReadonlySet<PropertyKey> = new Set([
  'listPage',
  'readByIds',
  'readByKeys',
  'changesPage',
  'capabilities',
])

/** Ids of records that are not there: no system would know them. */
const madeUp = 'planned:'

/** The connection as a plan has it: reads are real, writes are only counted and always succeed. */
export function rehearsed(connection: Connection, demand: Demand, clock: Clock): Connection {
  const writeRows = async (writes: readonly RowWrite[]): Promise<RowOutcome[]> => {
    demand.writes += new Set(writes.map(({ resource, operation }) => `${resource} ${operation}`)).size
    return writes.map(({ opId, id }) => ({ opId, status: 'applied', id: id ?? `${madeUp}${opId}` }))
  }
  return new Proxy(connection, {
    get(target, name): unknown {
      if (name === 'outcomes') return target.outcomes === undefined ? undefined : 'immediate'
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name === 'writeRows') return writeRows
      if (!reading.has(name)) return value
      return async (...parameters: unknown[]): Promise<unknown> => {
        const started = clock.monotonic()
        demand.reads += 1
        try {
          return (await Reflect.apply(value, target, parameters)) as unknown
        } finally {
          demand.waitedMs += clock.monotonic() - started
        }
      }
    },
  })
}
