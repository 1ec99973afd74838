import { Int32, Long } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { isInt32, isNumeric, toDouble, toInteger } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { Query } from '../query/query.ts'
import { parseSort, sortKey } from '../query/sort.ts'
import { expressionCompiler } from './compile-expression.ts'
import { group } from './group-stage.ts'
import type { StageCompiler } from './stage.ts'

/** Stages that choose, order and count documents: `$match`, `$sort`, `$skip`, `$limit`, `$count`, `$sample`, `$facet`. */

export const match: StageCompiler = (operand, environment) => {
  const filter = asDocument(operand)
  if (!filter) throw new CommandError('BadValue', 'the match filter must be an expression in an object')
  const query = new Query(filter, expressionCompiler(environment.expressions.variables))
  return function* (input) {
    for (const document of input) if (query.matches(document)) yield document
  }
}

export const sort: StageCompiler = (operand) => {
  const fields = parseSort(operand)
  if (fields.length === 0) throw new CommandError('BadValue', '$sort stage must have at least one sort key')
  return function* (input) {
    const entries = [...input].map((document) => ({ document, key: sortKey(document, fields) }))
    entries.sort((a, b) => Buffer.compare(a.key, b.key))
    for (const { document } of entries) yield document
  }
}

export const skip: StageCompiler = (operand) => {
  const count = stageCount('$skip', operand, 0)
  return function* (input) {
    let position = 0
    for (const document of input) if (position++ >= count) yield document
  }
}

export const limit: StageCompiler = (operand) => {
  const count = stageCount('$limit', operand, 1)
  return function* (input) {
    let position = 0
    for (const document of input) {
      yield document
      if (++position >= count) return
    }
  }
}

/** The operand of `$skip`, `$limit` and `$sample.size`. */
export function stageCount(stage: string, operand: unknown, least: number): number {
  const count = toInteger(operand)
  if (count === undefined) throw new CommandError('BadValue', `invalid argument to ${stage} stage: Expected a number`)
  if (count < least)
    throw new CommandError(
      'BadValue',
      `invalid argument to ${stage} stage: Expected a ${least > 0 ? 'positive' : 'non-negative'} number`,
    )
  return count
}

export const count: StageCompiler = (operand) => {
  if (typeof operand !== 'string' || operand === '' || operand.startsWith('$') || operand.includes('.')) {
    throw new CommandError(
      'BadValue',
      'the count field must be a non-empty string that neither starts with $ nor contains a dot',
    )
  }
  return function* (input) {
    let total = 0
    for (const _document of input) total += 1
    if (total > 0) yield { [operand]: integer(total) }
  }
}

/** An int when it fits, a long otherwise: how the server returns counts. */
export function integer(value: number): Int32 | Long {
  return isInt32(value) ? new Int32(value) : Long.fromNumber(value)
}

export const sample: StageCompiler = (operand) => {
  const size = stageCount('$sample', asDocument(operand)?.['size'], 1)
  return function* (input) {
    const all = [...input]
    for (let taken = 0; taken < size && all.length > 0; taken++) {
      const index = Math.floor(Math.random() * all.length)
      yield all[index]!
      all[index] = all.at(-1)!
      all.pop()
    }
  }
}

export const sortByCount: StageCompiler = (operand, environment) => {
  const grouped = group({ _id: operand, count: { $sum: new Int32(1) } }, environment)
  const sorted = sort({ count: new Int32(-1) }, environment)
  return (input) => sorted(grouped(input))
}

export const facet: StageCompiler = (operand, environment) => {
  const document = asDocument(operand)
  if (!document || Object.keys(document).length === 0)
    throw new CommandError('BadValue', 'the $facet specification must be a non-empty object')
  const facets = Object.entries(document).map(([name, pipeline]) => [name, environment.compile(pipeline)] as const)
  return function* (input) {
    const documents = [...input]
    const result: BsonDocument = {}
    for (const [name, run] of facets) result[name] = [...run(documents)]
    yield result
  }
}

/** `{ $group: { _id: <constant>, <field>: { $sum: 1 } } }`: what `countDocuments` sends. Returns the field's name. */
export function countingGroup(operand: unknown): { id: unknown; field: string } | undefined {
  const document = asDocument(operand)
  if (!document || Object.keys(document).length !== 2) return undefined
  const id = document['_id']
  if (id !== null && !isNumeric(id)) return undefined
  const [field] = Object.keys(document).filter((name) => name !== '_id')
  const sum = field === undefined ? undefined : asDocument(document[field])?.['$sum']
  return field !== undefined && isNumeric(sum) && toDouble(sum) === 1 ? { id, field } : undefined
}
