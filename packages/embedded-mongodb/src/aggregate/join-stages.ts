import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { resolveFieldPath } from './field-path.ts'
import type { StageCompiler } from './stage.ts'
import { mapStage } from './stage.ts'

/** Stages that read other collections: `$lookup`, `$unionWith`. */

export const lookup: StageCompiler = (operand, environment) => {
  const options = asDocument(operand) ?? {}
  const { from, as, localField, foreignField, pipeline } = options
  if (typeof from !== 'string' || typeof as !== 'string')
    throw new CommandError('FailedToParse', "$lookup needs 'from' and 'as' as strings")
  const byField = typeof localField === 'string' && typeof foreignField === 'string'
  if (!byField && (localField !== undefined || foreignField !== undefined))
    throw new CommandError(
      'FailedToParse',
      '$lookup requires both or neither of localField and foreignField to be specified',
    )
  if (!byField && pipeline === undefined)
    throw new CommandError(
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    )
  const variables = Object.entries(asDocument(options['let']) ?? {}).map(
    ([name, value]) => [name, environment.expressions.compile(value)] as const,
  )
  const localParts = byField ? localField.split('.') : []
  return mapStage((document) => {
    const filter = byField ? { [foreignField]: joinCondition(resolveFieldPath(document, localParts)) } : {}
    let joined = environment.find(from, filter)
    if (pipeline !== undefined) {
      const bound = Object.fromEntries(variables.map(([name, expression]) => [name, expression(document) ?? null]))
      joined = environment.compile(pipeline, bound)(joined)
    }
    return setPath(document, as.split('.'), [...joined])
  })
}

/** A missing local field joins with null and missing foreign fields; an array joins with each of its items. */
function joinCondition(local: unknown): unknown {
  if (Array.isArray(local)) return { $in: local }
  return { $eq: local ?? null }
}

function setPath(document: BsonDocument, parts: readonly string[], value: unknown): BsonDocument {
  const [name, ...rest] = parts
  const inner = rest.length === 0 ? value : setPath(asDocument(document[name!]) ?? {}, rest, value)
  return { ...document, [name!]: inner }
}

export const unionWith: StageCompiler = (operand, environment) => {
  const options = typeof operand === 'string' ? { coll: operand } : (asDocument(operand) ?? {})
  const { coll, pipeline } = options
  if (typeof coll !== 'string') throw new CommandError('FailedToParse', "$unionWith needs 'coll' as a string")
  const transform = pipeline === undefined ? undefined : environment.compile(pipeline)
  return function* (input) {
    yield* input
    const others = environment.find(coll, {})
    yield* transform ? transform(others) : others
  }
}
