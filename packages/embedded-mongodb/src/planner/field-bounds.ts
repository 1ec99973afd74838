import { encodeValue, numberFloor } from '../bson/key-string.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { rank, rankOf } from '../bson/value-rank.ts'
import { isFilterRegex } from '../query/compile-filter.ts'
import type { FilterNode, PredicateNode } from '../query/filter-tree.ts'
import type { FilterRegex } from '../query/regex.ts'
import { literalPrefix } from '../query/regex.ts'
import type { Interval } from './interval.ts'
import { intersect, pointInterval } from './interval.ts'

/** What the filter says about one path: intervals in key order, and which predicates they express completely. */
export interface FieldBounds {
  readonly intervals: readonly Interval[]
  readonly points: boolean
  /** Predicates that an index on scalars answers by itself. */
  readonly exact: readonly FilterNode[]
  /** True when no document that misses the field, or holds null, can match. */
  readonly excludesMissing: boolean
}

interface PredicateBounds {
  readonly intervals: readonly Interval[]
  readonly exact: boolean
  readonly excludesMissing: boolean
}

/** The predicates that must all hold: the top-level conjunction of the filter. */
export function conjuncts(tree: FilterNode): readonly FilterNode[] {
  return tree.kind === 'and' ? tree.children.flatMap(conjuncts) : [tree]
}

/**
 * Bounds of a path. On a multikey index only one predicate may bound the scan: two predicates on an array may be
 * satisfied by two different items.
 */
export function fieldBounds(nodes: readonly FilterNode[], path: string, multikey: boolean): FieldBounds | undefined {
  const candidates = nodes.flatMap((node) => {
    if (node.kind !== 'predicate' || node.path !== path) return []
    const bounds = predicateBounds(node)
    return bounds ? [{ node, bounds }] : []
  })
  if (candidates.length === 0) return undefined
  const best = candidates.find(({ bounds }) => bounds.intervals.every((interval) => interval.point)) ?? candidates[0]!
  const others = multikey
    ? []
    : candidates.filter((candidate) => candidate !== best && candidate.bounds.intervals.length === 1)
  let intervals = best.bounds.intervals
  const exact = best.bounds.exact ? [best.node as FilterNode] : []
  for (const { node, bounds } of others) {
    if (intervals.every((interval) => interval.point)) break
    intervals = intervals.map((interval) => intersect(interval, bounds.intervals[0]!))
    if (bounds.exact) exact.push(node)
  }
  return {
    intervals,
    points: intervals.every((interval) => interval.point),
    exact: multikey ? [] : exact,
    excludesMissing: candidates.some(({ bounds }) => bounds.excludesMissing),
  }
}

function predicateBounds(node: PredicateNode): PredicateBounds | undefined {
  switch (node.operator) {
    case '$eq':
      return pointBounds([node.operand])
    case '$in':
      return pointBounds(node.operand as unknown[])
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return rangeBounds(node.operator, node.operand)
    case '$regex':
      return prefixBounds(node.operand as FilterRegex)
    default:
      return undefined
  }
}

/** Values that equal only themselves in an index: arrays match item-wise, so they bound nothing. */
function pointBounds(operands: readonly unknown[]): PredicateBounds | undefined {
  if (operands.some((operand) => isFilterRegex(operand) || rankOf(operand) === rank.array)) return undefined
  const keys = operands.map(encodeValue).toSorted(Buffer.compare)
  const distinct = keys.filter((key, position) => position === 0 || !key.equals(keys[position - 1]!))
  const excludesMissing = operands.every((operand) => rankOf(operand) !== rank.null)
  // Null also covers documents without the field, but an index key cannot tell `[null]`'s parent paths apart.
  return { intervals: distinct.map(pointInterval), exact: excludesMissing, excludesMissing }
}

function rangeBounds(operator: '$gt' | '$gte' | '$lt' | '$lte', operand: unknown): PredicateBounds | undefined {
  const type = rankOf(operand)
  const bounded: readonly number[] = [
    rank.number,
    rank.string,
    rank.objectId,
    rank.date,
    rank.boolean,
    rank.timestamp,
    rank.binary,
  ]
  if (!bounded.includes(type) || (isNumeric(operand) && Number.isNaN(toDouble(operand)))) return undefined
  const bytes = encodeValue(operand)
  const floor = { bytes: type === rank.number ? numberFloor : Buffer.from([type]), inclusive: true }
  const ceiling = { bytes: Buffer.from([type + 1]), inclusive: false }
  const bound = { bytes, inclusive: operator === '$gte' || operator === '$lte' }
  const upward = operator === '$gt' || operator === '$gte'
  const interval: Interval = upward
    ? { low: bound, high: ceiling, point: false }
    : { low: floor, high: bound, point: false }
  return { intervals: [interval], exact: true, excludesMissing: true }
}

function prefixBounds(regex: FilterRegex): PredicateBounds | undefined {
  const prefix = literalPrefix(regex)
  if (prefix === undefined) return undefined
  const full = encodeValue(prefix)
  // Without the two bytes that end a string: every longer string continues here.
  const open = full.subarray(0, full.length - 2)
  const interval: Interval = {
    low: { bytes: open, inclusive: true },
    high: { bytes: Buffer.concat([open, Buffer.from([0xff])]), inclusive: false },
    point: false,
  }
  return { intervals: [interval], exact: false, excludesMissing: true }
}
