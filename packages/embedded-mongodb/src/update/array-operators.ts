import type { BsonDocument } from '../bson/codec.ts'
import { compareValues, valuesEqual } from '../bson/compare.ts'
import { toInteger } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { compileExpression } from '../aggregate/compile-expression.ts'
import { CommandError } from '../errors.ts'
import { compileFilter } from '../query/compile-filter.ts'
import { isOperatorDocument, parseField, parseFilter } from '../query/parse-filter.ts'
import { isRegex } from '../query/regex.ts'
import { parseSort, sortKey } from '../query/sort.ts'
import { typeAlias } from '../query/type-alias.ts'
import { showValue } from '../bson/show-value.ts'
import type { FieldContext, FieldOperatorFactory } from './field-operators.ts'
import { unchanged } from './field-operators.ts'

function requireArray(old: unknown, context: FieldContext): unknown[] {
  if (Array.isArray(old)) return old
  throw new CommandError(
    'BadValue',
    `The field '${context.path}' must be an array but is of type ${typeAlias(old)} in document {_id: ${showValue(context.documentId)}}`,
  )
}

/** `{ $each: [...] }` as a list, or the operand itself as the only item. */
function eachOf(operand: unknown, operator: string): { items: unknown[]; modifiers: BsonDocument } {
  const document = asDocument(operand)
  if (!document || !('$each' in document)) return { items: [operand], modifiers: {} }
  const items = document['$each']
  if (!Array.isArray(items))
    throw new CommandError(
      'TypeMismatch',
      `The argument to $each in ${operator} must be an array but it was of type ${typeAlias(items)}`,
    )
  return { items, modifiers: document }
}

const pushModifiers = new Set(['$each', '$position', '$slice', '$sort'])

const push: FieldOperatorFactory = (operand) => {
  const { items, modifiers } = eachOf(operand, '$push')
  for (const name of Object.keys(modifiers)) {
    if (!pushModifiers.has(name)) throw new CommandError('BadValue', `Unrecognized clause in $push: ${name}`)
  }
  const position = integerModifier(modifiers, '$position')
  const slice = integerModifier(modifiers, '$slice')
  const order = '$sort' in modifiers ? itemOrder(modifiers['$sort']) : undefined
  return (old, context) => {
    const array = old === undefined ? [] : [...requireArray(old, context)]
    const index = position === undefined ? array.length : position < 0 ? Math.max(array.length + position, 0) : position
    array.splice(index, 0, ...items)
    if (order) array.sort(order)
    if (slice === undefined) return array
    return slice < 0 ? array.slice(slice) : array.slice(0, slice)
  }
}

function integerModifier(modifiers: BsonDocument, name: string): number | undefined {
  if (!(name in modifiers)) return undefined
  const value = toInteger(modifiers[name])
  if (value === undefined)
    throw new CommandError(
      'BadValue',
      `The value for ${name} must be an integer value but was given type: ${typeAlias(modifiers[name])}`,
    )
  return value
}

function itemOrder(sort: unknown): (a: unknown, b: unknown) => number {
  const direction = toInteger(sort)
  if (direction === 1 || direction === -1) return (a, b) => compareValues(a, b) * direction
  if (!asDocument(sort))
    throw new CommandError(
      'BadValue',
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    )
  const fields = parseSort(sort)
  return (a, b) => Buffer.compare(sortKey(asDocument(a) ?? {}, fields), sortKey(asDocument(b) ?? {}, fields))
}

const addToSet: FieldOperatorFactory = (operand) => {
  const { items, modifiers } = eachOf(operand, '$addToSet')
  const unknown = Object.keys(modifiers).find((name) => name !== '$each')
  if (unknown) throw new CommandError('BadValue', `Found unexpected fields after $each in $addToSet: ${unknown}`)
  return (old, context) => {
    const array = old === undefined ? [] : [...requireArray(old, context)]
    for (const item of items) if (!array.some((existing) => valuesEqual(existing, item))) array.push(item)
    return array
  }
}

const pop: FieldOperatorFactory = (operand, path) => {
  const side = toInteger(operand)
  if (side !== 1 && side !== -1)
    throw new CommandError('FailedToParse', `$pop expects 1 or -1, found: ${showValue(operand)} for '${path}'`)
  return (old, context) => {
    if (old === undefined) return unchanged
    if (!Array.isArray(old))
      throw new CommandError(
        'TypeMismatch',
        `Path '${context.path}' contains an element of non-array type '${typeAlias(old)}'`,
      )
    return side === 1 ? old.slice(0, -1) : old.slice(1)
  }
}

const pull: FieldOperatorFactory = (operand) => {
  const matches = pullTest(operand)
  return (old) => {
    if (old === undefined) return unchanged
    if (!Array.isArray(old)) throw new CommandError('BadValue', 'Cannot apply $pull to a non-array value')
    return old.filter((item) => !matches(item))
  }
}

/** A document condition is a filter over the items' fields; anything else is a condition on the item itself. */
function pullTest(operand: unknown): (item: unknown) => boolean {
  const document = asDocument(operand)
  if (document && !isOperatorDocument(document)) {
    const matches = compileFilter(parseFilter(document), compileExpression)
    return (item) => {
      const inner = asDocument(item)
      return inner !== undefined && matches(inner)
    }
  }
  if (!document && !isRegex(operand)) return (item) => valuesEqual(item, operand)
  const matches = compileFilter({ kind: 'and', children: parseField('item', operand) }, compileExpression)
  return (item) => matches({ item })
}

const pullAll: FieldOperatorFactory = (operand) => {
  if (!Array.isArray(operand))
    throw new CommandError('BadValue', `$pullAll requires an array argument but was given a ${typeAlias(operand)}`)
  return (old) => {
    if (old === undefined) return unchanged
    if (!Array.isArray(old)) throw new CommandError('BadValue', 'Cannot apply $pull to a non-array value')
    return old.filter((item) => !operand.some((value) => valuesEqual(item, value)))
  }
}

export const arrayOperators: Record<string, FieldOperatorFactory> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
}
