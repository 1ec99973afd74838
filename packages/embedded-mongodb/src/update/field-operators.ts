import { Double, Int32, Long, Timestamp } from 'bson'
import { calculate, toBigInt } from '../bson/arithmetic.ts'
import { compareValues } from '../bson/compare.ts'
import type { Numeric } from '../bson/numeric.ts'
import { isNumeric, numberKind } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { typeAlias } from '../query/type-alias.ts'
import { showValue } from '../bson/show-value.ts'

/** Where an operator works, for error messages. */
export interface FieldContext {
  readonly path: string
  readonly documentId: unknown
}

/** Computes the new value from the old one (`undefined` when missing). Returning {@link unchanged} leaves the field alone. */
export type FieldOperator = (old: unknown, context: FieldContext) => unknown

export const unchanged: unique symbol = Symbol('unchanged')

/** Parses the operand of one field; throws when it cannot be valid for any document. */
export type FieldOperatorFactory = (operand: unknown, path: string) => FieldOperator

const arithmeticOperator =
  (name: '$inc' | '$mul'): FieldOperatorFactory =>
  (operand, path) => {
    if (!isNumeric(operand)) {
      throw new CommandError(
        'TypeMismatch',
        `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: ${showValue(operand)}}`,
      )
    }
    return (old, context) => {
      if (old === undefined) return name === '$inc' ? operand : zeroLike(operand)
      if (!isNumeric(old)) {
        throw new CommandError(
          'TypeMismatch',
          `Cannot apply ${name} to a value of non-numeric type. {_id: ${showValue(context.documentId)}} has the field '${lastPart(context)}' of non-numeric type ${typeAlias(old)}`,
        )
      }
      const result = calculate(name === '$inc' ? 'add' : 'multiply', old, operand)
      if (result === undefined) {
        throw new CommandError(
          'BadValue',
          `Failed to apply ${name} operations to current value ((NumberLong)${String(old)}) for document {_id: ${showValue(context.documentId)}}`,
        )
      }
      return result
    }
  }

function lastPart(context: FieldContext): string {
  return context.path.slice(context.path.lastIndexOf('.') + 1)
}

function zeroLike(operand: Numeric): Numeric {
  switch (numberKind(operand)) {
    case 'int':
      return new Int32(0)
    case 'long':
      return Long.ZERO
    case 'double':
      return new Double(0)
    case 'decimal':
      return calculate('multiply', operand, new Int32(0))!
  }
}

const extreme =
  (side: 1 | -1): FieldOperatorFactory =>
  (operand) =>
  (old) =>
    old === undefined || compareValues(operand, old) * side > 0 ? operand : unchanged

const currentDate: FieldOperatorFactory = (operand, path) => {
  const type = asDocument(operand)?.['$type']
  if (typeof operand === 'boolean' || type === 'date') return () => new Date()
  if (type === 'timestamp') return () => new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 })
  throw new CommandError(
    'BadValue',
    `${showValue(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}) for '${path}'.`,
  )
}

const bit: FieldOperatorFactory = (operand, path) => {
  const operations = Object.entries(asDocument(operand) ?? {})
  if (operations.length === 0)
    throw new CommandError(
      'BadValue',
      `The $bit modifier is not compatible with a ${typeAlias(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  for (const [name, value] of operations) {
    if (!['and', 'or', 'xor'].includes(name))
      throw new CommandError(
        'BadValue',
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${path}: ${showValue(operand)}}`,
      )
    if (!isBits(value))
      throw new CommandError(
        'BadValue',
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeAlias(value)}' is not supported here: {${path}: ${showValue(operand)}}`,
      )
  }
  return (old, context) => {
    const start = old ?? new Int32(0)
    if (!isBits(start)) {
      throw new CommandError(
        'BadValue',
        `Cannot apply $bit to a value of non-integral type.{_id: ${showValue(context.documentId)}} has the field ${lastPart(context)} of non-integer type ${typeAlias(old)}`,
      )
    }
    return operations.reduce((value, [name, mask]) => combineBits(name, value, mask as Numeric), start)
  }
}

function isBits(value: unknown): value is Numeric {
  return isNumeric(value) && (numberKind(value) === 'int' || numberKind(value) === 'long')
}

function combineBits(name: string, a: Numeric, b: Numeric): Numeric {
  const [x, y] = [toBigInt(a), toBigInt(b)]
  const bits = name === 'and' ? x & y : name === 'or' ? x | y : x ^ y
  const long = numberKind(a) === 'long' || numberKind(b) === 'long'
  return long ? Long.fromBigInt(BigInt.asIntN(64, bits)) : new Int32(Number(BigInt.asIntN(32, bits)))
}

export const fieldOperators: Record<string, FieldOperatorFactory> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $inc: arithmeticOperator('$inc'),
  $mul: arithmeticOperator('$mul'),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $bit: bit,
}
