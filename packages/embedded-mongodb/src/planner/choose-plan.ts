import type { BsonDocument } from '../bson/codec.ts'
import { hashKey } from '../bson/key-string.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { FilterNode } from '../query/filter-tree.ts'
import type { Query } from '../query/query.ts'
import type { SortField } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { keyPattern } from '../storage/index-definition.ts'
import type { StoredIndex } from '../storage/stored-index.ts'
import type { SqliteDatabase } from '../storage/sqlite-database.ts'
import { conjuncts } from './field-bounds.ts'
import type { IndexScanPlan, Plan } from './plan.ts'
import { indexPlans } from './plan.ts'

/** Two plans are told apart by counting at most this many of their keys. */
const sampleLimit = 500

/** Picks how to run a query: the fewest keys to read, then the order that saves a sort. */
export function choosePlan(
  sqlite: SqliteDatabase,
  collection: Collection,
  query: Query,
  sort: readonly SortField[],
  hint?: unknown,
): Plan {
  const fallback: Plan = { kind: 'collection', exact: query.matchesAll, providesSort: sort.length === 0 }
  const hinted = hint === undefined ? undefined : findHinted(collection, hint)
  if (hinted === 'natural') return fallback
  const candidates = indexPlans(collection, query.tree, sort)
  const wanted = hinted && candidates.find((plan) => plan.index === hinted)
  if (wanted) return wanted
  const bounded = candidates.filter((plan) => plan.equalityFields > 0 || plan.hasRange)
  if (bounded.length > 0) return cheapest(sqlite, bounded)
  return planUnion(sqlite, collection, query.tree) ?? candidates[0] ?? fallback
}

/** The index a `hint` names, 'natural' for `{ $natural: 1 }`; throws when there is none. */
function findHinted(collection: Collection, hint: unknown): StoredIndex | 'natural' | undefined {
  const pattern = asDocument(hint)
  if (pattern && '$natural' in pattern) return 'natural'
  if (pattern && Object.keys(pattern).length === 0) return undefined
  const found = collection
    .allIndexes()
    .find((index) => (pattern ? samePattern(index, pattern) : index.definition.name === hint))
  if (!found)
    throw new CommandError(
      'BadValue',
      'error processing query: planner returned error: hint provided does not correspond to an existing index',
    )
  return found
}

function samePattern(index: StoredIndex, pattern: BsonDocument): boolean {
  return hashKey(keyPattern(index.definition)) === hashKey(pattern)
}

function cheapest(sqlite: SqliteDatabase, plans: readonly IndexScanPlan[]): IndexScanPlan {
  if (plans.length === 1) return plans[0]!
  const single = plans.find((plan) =>
    plan.index.definition.unique || plan.index.isIdIndex ? isPointLookup(plan) : false,
  )
  if (single) return single
  const costs = plans.map((plan) => ({
    plan,
    cost: countKeys(sqlite, plan) + (plan.providesSort ? 0 : 0.5) + (plan.exact ? 0 : 0.25),
  }))
  return costs.reduce((best, next) => (next.cost < best.cost ? next : best)).plan
}

function isPointLookup(plan: IndexScanPlan): boolean {
  return plan.equalityFields === plan.index.definition.fields.length && plan.ranges.length === 1
}

/** Reads at most {@link sampleLimit} keys; a plan with very many ranges is taken to be that costly. */
function countKeys(sqlite: SqliteDatabase, plan: IndexScanPlan): number {
  if (plan.ranges.length > sampleLimit) return plan.ranges.length
  const sql = `SELECT count(*) FROM (SELECT 1 FROM ${plan.index.table} WHERE key >= ? AND key < ? LIMIT ${sampleLimit})`
  let total = 0
  for (const { low, high } of plan.ranges) {
    total += Number(sqlite.row(sql, low, high)![0])
    if (total >= sampleLimit) break
  }
  return total
}

function planUnion(sqlite: SqliteDatabase, collection: Collection, tree: FilterNode): Plan | undefined {
  const nodes = conjuncts(tree)
  const choice = nodes.find((node) => node.kind === 'or')
  if (choice?.kind !== 'or') return undefined
  const others = nodes.filter((node) => node !== choice)
  const branches: IndexScanPlan[] = []
  for (const child of choice.children) {
    const plans = indexPlans(collection, { kind: 'and', children: [...others, child] }, [])
    const bounded = plans.filter((plan) => plan.equalityFields > 0 || plan.hasRange)
    if (bounded.length === 0) return undefined
    branches.push(cheapest(sqlite, bounded))
  }
  return { kind: 'union', branches, exact: false, providesSort: false }
}
