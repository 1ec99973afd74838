import { CommandError } from '../errors.ts'
import type { Query } from '../query/query.ts'
import type { Collection, StoredRow } from '../storage/collection.ts'
import type { SqliteDatabase } from '../storage/sqlite-database.ts'
import { blob } from '../storage/sqlite-database.ts'
import type { KeyRange } from './interval.ts'
import type { IndexScanPlan, Plan } from './plan.ts'

/** Work done by a scan, for `explain`. */
export interface ScanStatistics {
  keysExamined: number
  documentsExamined: number
}

export interface ScanOptions {
  /** How many rows the caller expects to need: the size of the first read. */
  readonly expected?: number
  readonly statistics?: ScanStatistics
}

const smallestRead = 16
const largestRead = 512

/**
 * Yields the rows that match, in plan order. Reads in blocks and holds no open SQLite statement between them: a cursor
 * that waits for `getMore` blocks neither writes nor checkpoints, and continues behind the last key it saw.
 */
export function* scanPlan(
  sqlite: SqliteDatabase,
  collection: Collection,
  plan: Plan,
  query: Query,
  options: ScanOptions = {},
): Generator<StoredRow> {
  for (const row of candidates(sqlite, collection, plan, options)) {
    if (options.statistics) options.statistics.documentsExamined += 1
    if (plan.exact || query.matchesRaw(row.raw)) yield row
  }
}

function candidates(
  sqlite: SqliteDatabase,
  collection: Collection,
  plan: Plan,
  options: ScanOptions,
): Iterable<StoredRow> {
  if (plan.kind === 'collection') return scanTable(sqlite, collection, options)
  if (plan.kind === 'index')
    return scanIndex(sqlite, collection, plan, options, plan.index.multikey ? new Set() : undefined)
  return scanUnion(sqlite, collection, plan.branches, options)
}

function* scanUnion(
  sqlite: SqliteDatabase,
  collection: Collection,
  branches: readonly IndexScanPlan[],
  options: ScanOptions,
): Generator<StoredRow> {
  const seen = new Set<number>()
  for (const branch of branches) yield* scanIndex(sqlite, collection, branch, options, seen)
}

/** `seen` removes rows that several keys or branches lead to. */
function* scanIndex(
  sqlite: SqliteDatabase,
  collection: Collection,
  plan: IndexScanPlan,
  options: ScanOptions,
  seen: Set<number> | undefined,
): Generator<StoredRow> {
  const ranges = plan.direction === 1 ? plan.ranges : plan.ranges.toReversed()
  for (const range of ranges) {
    for (const row of scanRange(sqlite, collection, plan, range, options)) {
      if (seen?.has(row.rid)) continue
      seen?.add(row.rid)
      yield row
    }
  }
}

function* scanRange(
  sqlite: SqliteDatabase,
  collection: Collection,
  plan: IndexScanPlan,
  range: KeyRange,
  options: ScanOptions,
): Generator<StoredRow> {
  const end = plan.direction === 1 ? range.high : range.low
  let key = plan.direction === 1 ? range.low : range.high
  let rid = -1
  let size = firstRead(options.expected)
  for (;;) {
    assertAlive(collection)
    const rows = sqlite.rows(rangeSql(collection, plan, size), key, rid, end)
    if (options.statistics) options.statistics.keysExamined += rows.length
    for (const row of rows) yield { rid: Number(row[1]), raw: blob(row[2]) }
    if (rows.length < size) return
    const last = rows[rows.length - 1]!
    key = blob(last[0])
    rid = Number(last[1])
    size = Math.min(size * 2, largestRead)
  }
}

/** The limit is part of the text: SQLite prepares a statement again whenever a bound LIMIT changes hands. */
function rangeSql(collection: Collection, plan: IndexScanPlan, size: number): string {
  const [after, until, order] = plan.direction === 1 ? ['>', '<', ''] : ['<', '>=', ' DESC']
  if (plan.index.isIdIndex) {
    return `SELECT key, rid, doc FROM ${collection.table} WHERE (key, rid) ${after} (?, ?) AND key ${until} ? ORDER BY key${order}, rid${order} LIMIT ${size}`
  }
  // CROSS JOIN fixes the join order: the key table drives.
  return `SELECT i.key, i.rid, d.doc FROM ${plan.index.table} i CROSS JOIN ${collection.table} d ON d.rid = i.rid
    WHERE (i.key, i.rid) ${after} (?, ?) AND i.key ${until} ? ORDER BY i.key${order}, i.rid${order} LIMIT ${size}`
}

function* scanTable(sqlite: SqliteDatabase, collection: Collection, options: ScanOptions): Generator<StoredRow> {
  let last = -1
  let size = firstRead(options.expected)
  for (;;) {
    assertAlive(collection)
    const rows = sqlite.rows(`SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT ${size}`, last)
    for (const row of rows) yield { rid: Number(row[0]), raw: blob(row[1]) }
    if (rows.length < size) return
    last = Number(rows[rows.length - 1]![0])
    size = Math.min(size * 2, largestRead)
  }
}

/** A power of two, so that few different statements exist. */
function firstRead(expected: number | undefined): number {
  return Math.min(Math.max(2 ** Math.ceil(Math.log2(expected ?? smallestRead)), 2), largestRead)
}

function assertAlive(collection: Collection): void {
  if (collection.dropped) throw new CommandError('QueryPlanKilled', 'collection dropped')
}

/** Matching documents counted without reading them, when the index bounds say everything. */
export function countExactly(sqlite: SqliteDatabase, plan: Plan): number | undefined {
  if (plan.kind !== 'index' || !plan.exact || plan.index.multikey) return undefined
  const sql = `SELECT count(*) FROM ${plan.index.table} WHERE key >= ? AND key < ?`
  return plan.ranges.reduce((total, { low, high }) => total + Number(sqlite.row(sql, low, high)![0]), 0)
}
