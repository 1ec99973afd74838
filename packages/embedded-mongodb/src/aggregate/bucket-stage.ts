import { Int32 } from 'bson'
import { compareValues } from '../bson/compare.ts'
import { asDocument, rankOf } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { sort } from './flow-stages.ts'
import { groupBy } from './group-stage.ts'
import type { StageCompiler } from './stage.ts'

/** `$bucket`: groups by the boundaries a value falls between; the lower boundary is the `_id`. Empty buckets do not appear. */
export const bucket: StageCompiler = (operand, environment) => {
  const { groupBy: key, boundaries, output, default: fallback } = asDocument(operand) ?? {}
  if (key === undefined || !Array.isArray(boundaries))
    throw new CommandError('BadValue', "$bucket requires 'groupBy' and 'boundaries' to be specified")
  if (boundaries.length < 2)
    throw new CommandError('BadValue', "The $bucket 'boundaries' field must have at least 2 values")
  assertAscending(boundaries)
  const value = environment.expressions.compile(key)
  const bucketOf = (found: unknown): unknown => {
    const position = boundaries.findLastIndex((boundary) => compareValues(boundary, found ?? null) <= 0)
    if (position >= 0 && position < boundaries.length - 1) return boundaries[position]
    if (fallback === undefined)
      throw new CommandError(
        'BadValue',
        '$switch could not find a matching branch for an input, and no default was specified.',
      )
    return fallback
  }
  const run = groupBy(
    (document) => bucketOf(value(document)),
    asDocument(output) ?? { count: { $sum: new Int32(1) } },
    environment,
  )
  const ordered = sort({ _id: new Int32(1) }, environment)
  return (input) => ordered(run(input))
}

function assertAscending(boundaries: readonly unknown[]): void {
  boundaries.forEach((boundary, position) => {
    if (position === 0) return
    const before = boundaries[position - 1]
    if (rankOf(before) !== rankOf(boundary))
      throw new CommandError('BadValue', "All values in the the 'boundaries' option to $bucket must have the same type")
    if (compareValues(before, boundary) >= 0)
      throw new CommandError('BadValue', "The 'boundaries' option to $bucket must be sorted in ascending order")
  })
}
