import type { BsonDocument } from '../bson/codec.ts'
import { decode } from '../bson/codec.ts'
import { pickFields } from '../bson/raw-document.ts'
import type { Query } from '../query/query.ts'
import type { SortField } from '../query/sort.ts'
import { sortKey } from '../query/sort.ts'
import type { Collection, StoredRow } from '../storage/collection.ts'
import type { SqliteDatabase } from '../storage/sqlite-database.ts'
import { choosePlan } from './choose-plan.ts'
import type { Plan } from './plan.ts'
import type { ScanStatistics } from './scan.ts'
import { countExactly, scanPlan } from './scan.ts'

export interface FindRequest {
  readonly query: Query
  readonly sort: readonly SortField[]
  readonly skip: number
  /** 0 for no limit. */
  readonly limit: number
  readonly hint?: unknown
  readonly batchSize?: number
  readonly statistics?: ScanStatistics
}

/** Rows that match, in the wanted order, between skip and limit. Lazy: nothing is read before the first row is asked for. */
export function* findRows(sqlite: SqliteDatabase, collection: Collection, request: FindRequest): Generator<StoredRow> {
  const plan = choosePlan(sqlite, collection, request.query, request.sort, request.hint)
  yield* runPlan(sqlite, collection, plan, request)
}

export function* runPlan(
  sqlite: SqliteDatabase,
  collection: Collection,
  plan: Plan,
  request: FindRequest,
): Generator<StoredRow> {
  const { query, skip, limit, statistics, batchSize } = request
  const needed = limit > 0 ? skip + limit : undefined
  const expected = plan.providesSort ? (needed ?? batchSize ?? (plan.kind === 'collection' ? 102 : undefined)) : 512
  const scan = scanPlan(sqlite, collection, plan, query, {
    ...(expected ? { expected } : {}),
    ...(statistics ? { statistics } : {}),
  })
  const ordered = plan.providesSort ? scan : sortRows(collection, scan, request, needed)
  let position = 0
  for (const row of ordered) {
    if (position++ < skip) continue
    yield row
    if (needed !== undefined && position >= needed) return
  }
}

/**
 * Sorts by keys and row ids only, so memory stays small. The documents are read again when they are yielded, perhaps
 * many commands later: one that no longer matches is left out.
 */
function* sortRows(
  collection: Collection,
  rows: Iterable<StoredRow>,
  request: FindRequest,
  needed: number | undefined,
): Generator<StoredRow> {
  const { query, sort } = request
  const roots = new Set(sort.map((field) => field.parts[0]!))
  let entries: { key: Buffer; rid: number }[] = []
  for (const { rid, raw } of rows) {
    entries.push({ key: sortKey(decode(pickFields(raw, roots)), sort), rid })
    if (needed !== undefined && entries.length >= 2 * needed + 1000) entries = smallest(entries, needed)
  }
  for (const { rid } of smallest(entries, needed ?? entries.length)) {
    const raw = collection.dropped ? undefined : collection.get(rid)
    if (raw && query.matchesRaw(raw)) yield { rid, raw }
  }
}

function smallest(entries: { key: Buffer; rid: number }[], count: number): { key: Buffer; rid: number }[] {
  return entries.sort((a, b) => Buffer.compare(a.key, b.key) || a.rid - b.rid).slice(0, count)
}

/** Number of matching documents. */
export function countRows(sqlite: SqliteDatabase, collection: Collection, query: Query, hint?: unknown): number {
  if (query.matchesAll && hint === undefined) return collection.count()
  const plan = choosePlan(sqlite, collection, query, [], hint)
  const exact = countExactly(sqlite, plan)
  if (exact !== undefined) return exact
  let count = 0
  for (const _row of scanPlan(sqlite, collection, plan, query, { expected: 512 })) count += 1
  return count
}

/** Decoded documents of {@link findRows}. */
export function* findDocuments(
  sqlite: SqliteDatabase,
  collection: Collection,
  request: FindRequest,
): Generator<BsonDocument> {
  for (const row of findRows(sqlite, collection, request)) yield decode(row.raw)
}
