import { codeKey } from '@amis-sync/core'
import type { Clock, Page, RowWrite } from '@amis-sync/core'
import { resourceNamed } from './resources.ts'

/** How long ACT is believed to have what it was seen or given to have, milliseconds. */
const believedMs = 10 * 60_000

/** Leaves out of writes the companion rows that ACT has already. */
export interface KnownCompanions {
  /** Reads the tables in question once where a row among them is not known. Throws what the reading throws; nothing was sent then. */
  without(writes: readonly RowWrite[]): Promise<RowWrite[]>
}

/**
 * A companion row that is there already must not be sent: ACT finds it by code without case and would take over our spelling of it
 * (contract §2.3.2), and the name of a unit is the accountant's (PR6).
 */
export function createKnownCompanions(
  listPage: (request: { resource: string; cursor?: string }) => Promise<Page>,
  clock: Clock,
): KnownCompanions {
  const known = new Map<string, number>()
  const believed = (key: string) => (known.get(key) ?? -Infinity) + believedMs > clock.now()

  const readTable = async (resource: string): Promise<void> => {
    const now = clock.now()
    let cursor: string | undefined
    do {
      const page = await listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
      for (const { key } of page.records) if (key !== undefined) known.set(keyOf(resource, key), now)
      cursor = page.next
    } while (cursor !== undefined)
  }

  return {
    async without(writes) {
      const rows = writes.flatMap(({ companions = [] }) => companions)
      const unknown = rows.filter(({ resource, row }) => !believed(keyOfRow(resource, row)))
      for (const resource of new Set(unknown.map((one) => one.resource))) await readTable(resource)
      const there = new Set(rows.map(({ resource, row }) => keyOfRow(resource, row)).filter(believed))
      for (const { resource, row } of unknown) known.set(keyOfRow(resource, row), clock.now())
      return writes.map(({ companions = [], ...write }) => {
        const left = companions.filter(({ resource, row }) => !there.has(keyOfRow(resource, row)))
        return left.length > 0 ? { ...write, companions: left } : write
      })
    },
  }
}

const keyOf = (resource: string, key: string) => `${resource}|${codeKey(key)}`

function keyOfRow(resource: string, row: RowWrite['row']): string {
  const column = resourceNamed(resource)?.key
  return keyOf(resource, String(column === undefined ? undefined : row[column]))
}
