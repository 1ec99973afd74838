import type { FilterNode } from '../query/filter-tree.ts'
import type { Collection } from '../storage/collection.ts'
import type { StoredIndex } from '../storage/stored-index.ts'
import type { SortField } from '../query/sort.ts'
import { conjuncts, fieldBounds } from './field-bounds.ts'
import type { FieldBounds } from './field-bounds.ts'
import type { Interval, KeyRange } from './interval.ts'
import { directed, fullInterval, isEmpty, prefixRange, toKeyRange } from './interval.ts'
import { isArrayIndex } from '../query/path-walk.ts'
import { impliesPartialFilter } from './partial-filter.ts'

export interface IndexScanPlan {
  readonly kind: 'index'
  readonly index: StoredIndex
  readonly ranges: readonly KeyRange[]
  readonly direction: 1 | -1
  /** The bounds express the whole filter: candidates need no test. */
  readonly exact: boolean
  readonly providesSort: boolean
  /** For `explain`: bounds per index field. */
  readonly bounds: readonly { readonly path: string; readonly intervals: readonly Interval[] }[]
  readonly equalityFields: number
  readonly hasRange: boolean
}

export interface CollectionScanPlan {
  readonly kind: 'collection'
  readonly exact: boolean
  readonly providesSort: boolean
}

/** `$or` at the top: each branch has its own index; rows found twice are returned once. */
export interface UnionPlan {
  readonly kind: 'union'
  readonly branches: readonly IndexScanPlan[]
  readonly exact: false
  readonly providesSort: false
}

export type Plan = IndexScanPlan | CollectionScanPlan | UnionPlan

/** Products of `$in` lists beyond this many ranges stop at the previous field. */
const maxRanges = 100_000

/** Candidate plans of the filter, each correct on its own; {@link choosePlan} ranks them. */
export function indexPlans(collection: Collection, tree: FilterNode, sort: readonly SortField[]): IndexScanPlan[] {
  const nodes = conjuncts(tree)
  return collection.allIndexes().flatMap((index) => {
    const plan = planIndex(index, nodes, sort)
    return plan ? [plan] : []
  })
}

function planIndex(
  index: StoredIndex,
  nodes: readonly FilterNode[],
  sort: readonly SortField[],
): IndexScanPlan | undefined {
  if (index.partial && !impliesPartialFilter(nodes, index.partial.tree)) return undefined
  const { fields, sparse } = index.definition
  const usable: { path: string; direction: 1 | -1; bounds: FieldBounds }[] = []
  const roots = new Set<string>()
  for (const field of fields) {
    // Two paths below one array may be satisfied by different items; only the first may bound a multikey scan.
    if (index.multikey && roots.has(field.parts[0]!)) break
    // A number in a path may mean an array position or a field name; an index key holds only one of them.
    if (field.parts.some(isArrayIndex)) break
    const bounds = fieldBounds(nodes, field.path, index.multikey)
    if (!bounds) break
    roots.add(field.parts[0]!)
    usable.push({ path: field.path, direction: field.direction, bounds })
    if (!bounds.points) break
  }
  if (sparse && !fields.some((field) => fieldBounds(nodes, field.path, index.multikey)?.excludesMissing))
    return undefined
  const built = buildRanges(usable)
  const fixed = usable
    .slice(0, built.used)
    .filter(({ bounds }) => bounds.points && bounds.intervals.length === 1).length
  const sortDirection = index.multikey ? undefined : sortedBy(index, sort, fixed)
  if (built.used === 0 && (sortDirection === undefined || sort.length === 0)) return undefined
  const exactNodes = new Set(usable.slice(0, built.used).flatMap(({ bounds }) => bounds.exact))
  return {
    kind: 'index',
    index,
    ranges: built.ranges,
    direction: sortDirection ?? 1,
    exact: nodes.every((node) => exactNodes.has(node)),
    providesSort: sort.length === 0 || (sortDirection !== undefined && built.ranges.length <= 1),
    bounds: fields.map((field, position) => ({
      path: field.path,
      intervals: position < built.used ? usable[position]!.bounds.intervals : [fullInterval],
    })),
    equalityFields: usable.slice(0, built.used).filter(({ bounds }) => bounds.points).length,
    hasRange: usable.slice(0, built.used).some(({ bounds }) => !bounds.points),
  }
}

function buildRanges(usable: readonly { direction: 1 | -1; bounds: FieldBounds }[]): {
  ranges: KeyRange[]
  used: number
} {
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  let used = 0
  for (const { direction, bounds } of usable) {
    if (prefixes.length * bounds.intervals.length > maxRanges) break
    used += 1
    if (!bounds.points) {
      const live = bounds.intervals.filter((interval) => !isEmpty(interval))
      return {
        ranges: prefixes.flatMap((prefix) => live.map((interval) => toKeyRange(prefix, interval, direction))),
        used,
      }
    }
    const values = bounds.intervals.map((interval) => directed(interval.low.bytes, direction))
    prefixes = prefixes.flatMap((prefix) => values.map((value) => Buffer.concat([prefix, value])))
  }
  return { ranges: prefixes.map(prefixRange), used }
}

/** The scan direction in which the index yields the sort order, given that its first `fixed` fields are constant. */
function sortedBy(index: StoredIndex, sort: readonly SortField[], fixed: number): 1 | -1 | undefined {
  const { fields } = index.definition
  const constant = new Set(fields.slice(0, fixed).map((field) => field.path))
  const wanted = sort.filter((field) => !constant.has(field.path))
  if (wanted.length === 0) return 1
  const available = fields.slice(fixed)
  if (wanted.length > available.length) return undefined
  const direction = wanted[0]!.direction === available[0]!.direction ? 1 : -1
  const matches = wanted.every(
    (field, position) =>
      available[position]!.path === field.path && available[position]!.direction * direction === field.direction,
  )
  return matches ? direction : undefined
}
