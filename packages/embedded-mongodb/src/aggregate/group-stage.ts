import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { compareValues } from '../bson/compare.ts'
import { hashKey } from '../bson/key-string.ts'
import type { Numeric } from '../bson/numeric.ts'
import { isNumeric } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { addNumbers, meanOf } from './accumulator-overrides.ts'
import type { Expression } from './expression.ts'
import { isAccumulator, MingoEvaluator, promote } from './mingo-bridge.ts'
import type { Stage, StageCompiler, StageEnvironment } from './stage.ts'

/** Collects the values of one output field of one group. */
interface Accumulator {
  add(value: unknown, document: BsonDocument): void
  result(): unknown
}

type AccumulatorFactory = () => Accumulator

interface GroupField {
  readonly name: string
  readonly expression: Expression
  readonly create: AccumulatorFactory
}

/** `$group` with exact sums (64-bit and decimal); accumulators that this file lacks are mingo's. */
export const group: StageCompiler = (operand, environment) => {
  const document = asDocument(operand)
  if (!document) throw new CommandError('BadValue', "a group's fields must be specified in an object")
  if (!('_id' in document)) throw new CommandError('BadValue', 'a group specification must include an _id')
  return groupBy(environment.expressions.compile(document['_id']), document, environment)
}

/** Groups by a computed `_id`; `output` names the accumulators (its own `_id` is passed over). */
export function groupBy(id: Expression, output: BsonDocument, environment: StageEnvironment): Stage {
  const fields = Object.entries(output).flatMap(([name, value]) =>
    name === '_id' ? [] : [parseField(name, value, environment)],
  )
  return function* (input) {
    const groups = new Map<string, { id: unknown; accumulators: Accumulator[] }>()
    for (const item of input) {
      const groupId = id(item) ?? null
      const key = hashKey(groupId)
      let found = groups.get(key)
      if (!found) groups.set(key, (found = { id: groupId, accumulators: fields.map((field) => field.create()) }))
      for (const [index, field] of fields.entries()) found.accumulators[index]!.add(field.expression(item), item)
    }
    for (const { id: groupId, accumulators } of groups.values()) {
      const result: BsonDocument = { _id: groupId }
      for (const [index, field] of fields.entries()) result[field.name] = accumulators[index]!.result()
      yield result
    }
  }
}

function parseField(name: string, value: unknown, environment: StageEnvironment): GroupField {
  const specification = asDocument(value)
  const operators = specification ? Object.keys(specification) : []
  if (name.includes('.')) throw new CommandError('BadValue', `The field name '${name}' cannot contain '.'`)
  if (!specification || operators.length !== 1)
    throw new CommandError('BadValue', `The field '${name}' must be an accumulator object`)
  const operator = operators[0]!
  const operand = specification[operator]
  const create = accumulators[operator]
  if (create)
    return { name, create, expression: environment.expressions.compile(operator === '$count' ? new Int32(1) : operand) }
  if (!isAccumulator(operator) || operator === '$accumulator')
    throw new CommandError('BadValue', `unknown group operator '${operator}'`)
  return { name, create: () => mingoAccumulator(operator, operand, environment), expression: () => undefined }
}

function mingoAccumulator(operator: string, operand: unknown, environment: StageEnvironment): Accumulator {
  const documents: unknown[] = []
  return {
    add: (_value, document) => documents.push(promote(document)),
    result: () =>
      new MingoEvaluator(environment.expressions.variables).accumulate(documents, { [operator]: promote(operand) }),
  }
}

function fold(start: unknown, step: (state: unknown, value: unknown) => unknown): AccumulatorFactory {
  return () => {
    let state = start
    return {
      add: (value) => {
        state = step(state, value)
      },
      result: () => state ?? null,
    }
  }
}

const sum = fold(new Int32(0), (total, value) => (isNumeric(value) ? addNumbers(total as Numeric, value) : total))

const average: AccumulatorFactory = () => {
  let total: Numeric = new Int32(0)
  let count = 0
  return {
    add: (value) => {
      if (!isNumeric(value)) return
      total = addNumbers(total, value)
      count += 1
    },
    result: () => {
      return count === 0 ? null : meanOf(total, count)
    },
  }
}

function extreme(side: 1 | -1): AccumulatorFactory {
  return fold(undefined, (best, value) => {
    if (value === undefined || value === null) return best
    return best === undefined || compareValues(value, best) * side > 0 ? value : best
  })
}

const first: AccumulatorFactory = () => {
  let seen = false
  let kept: unknown
  return {
    add: (value) => {
      if (!seen) kept = value
      seen = true
    },
    result: () => kept ?? null,
  }
}

const push: AccumulatorFactory = () => {
  const values: unknown[] = []
  return {
    add: (value) => {
      if (value !== undefined) values.push(value)
    },
    result: () => values,
  }
}

const addToSet: AccumulatorFactory = () => {
  const values = new Map<string, unknown>()
  return {
    add: (value) => {
      if (value !== undefined) values.set(hashKey(value), value)
    },
    result: () => [...values.values()],
  }
}

const mergeObjects = fold({}, (merged, value) => {
  if (value === undefined || value === null) return merged
  const document = asDocument(value)
  if (!document) throw new CommandError('BadValue', '$mergeObjects requires object inputs')
  return { ...(merged as BsonDocument), ...document }
})

const accumulators: Record<string, AccumulatorFactory> = {
  $sum: sum,
  $count: sum,
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: first,
  $last: fold(undefined, (_kept, value) => value),
  $push: push,
  $addToSet: addToSet,
  $mergeObjects: mergeObjects,
}
