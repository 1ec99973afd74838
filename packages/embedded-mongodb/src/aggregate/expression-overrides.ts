import { Decimal128, Double, Int32, Long, MinKey, ObjectId } from 'bson'
import { evalExpr } from 'mingo/core'
import type { Options } from 'mingo/types'
import { calculate, divideDecimal, toDecimal } from '../bson/arithmetic.ts'
import { compareValues } from '../bson/compare.ts'
import type { Numeric } from '../bson/numeric.ts'
import { isNumeric, numberKind, toDouble } from '../bson/numeric.ts'
import { showValue } from '../bson/show-value.ts'
import { CommandError } from '../errors.ts'
import { typeAlias } from '../query/type-alias.ts'

/**
 * Expression operators that replace mingo's: they compare in BSON order across types, and calculate with Decimal128
 * and 64-bit integers instead of ignoring or rounding them.
 */
export type ExpressionOperator = (document: unknown, expression: unknown, options: Options) => unknown

/** Order of two expression results; unlike in filters, a missing value is smaller than null. */
export function compareResults(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) {
    if (a === b) return 0
    const order = a === undefined ? -1 : 1
    return (a === undefined ? b : a) instanceof MinKey ? -order : order
  }
  return compareValues(a, b)
}

function comparison(name: string, accepts: (order: number) => boolean | number): ExpressionOperator {
  return (document, expression, options) => {
    const [a, b] = evaluateArguments(name, document, expression, options, 2)
    return accepts(compareResults(a, b))
  }
}

function evaluateArguments(
  name: string,
  document: unknown,
  expression: unknown,
  options: Options,
  count?: number,
): unknown[] {
  const list = Array.isArray(expression) ? expression : [expression]
  if (count !== undefined && list.length !== count) {
    throw new CommandError(
      'BadValue',
      `Expression ${name} takes exactly ${count} arguments. ${list.length} were passed in.`,
    )
  }
  return list.map((item) => evalExpr(document, item, options))
}

function arithmetic(name: '$add' | '$multiply'): ExpressionOperator {
  const operator = name === '$add' ? 'add' : 'multiply'
  return (document, expression, options) => {
    const values = evaluateArguments(name, document, expression, options)
    if (values.some((value) => value === null || value === undefined)) return null
    let date: Date | undefined
    let total: Numeric = new Int32(operator === 'add' ? 0 : 1)
    for (const value of values) {
      if (name === '$add' && value instanceof Date && !date) date = value
      else total = combine(operator, total, requireNumber(name, value))
    }
    return date ? new Date(date.getTime() + Math.round(toDouble(total))) : toPlain(total)
  }
}

function combine(operator: 'add' | 'multiply', a: Numeric, b: Numeric): Numeric {
  // A long that overflows becomes a double in expressions.
  return (
    calculate(operator, a, b) ?? new Double(operator === 'add' ? toDouble(a) + toDouble(b) : toDouble(a) * toDouble(b))
  )
}

function requireNumber(name: string, value: unknown): Numeric {
  if (isNumeric(value)) return value
  throw new CommandError('TypeMismatch', `${name} only supports numeric types, not ${typeAlias(value)}`)
}

/** Int and double results as plain numbers: what the rest of mingo expects. */
export function toPlain(value: Numeric): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.value
  return value
}

const subtract: ExpressionOperator = (document, expression, options) => {
  const [a, b] = evaluateArguments('$subtract', document, expression, options, 2)
  if (a === null || a === undefined || b === null || b === undefined) return null
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
  if (a instanceof Date) return new Date(a.getTime() - toDouble(requireNumber('$subtract', b)))
  const negated = combine('multiply', requireNumber('$subtract', b), new Int32(-1))
  return toPlain(combine('add', requireNumber('$subtract', a), negated))
}

const divide: ExpressionOperator = (document, expression, options) => {
  const [a, b] = evaluateArguments('$divide', document, expression, options, 2)
  if (a === null || a === undefined || b === null || b === undefined) return null
  const [dividend, divisor] = [requireNumber('$divide', a), requireNumber('$divide', b)]
  if (toDouble(divisor) === 0) throw new CommandError('BadValue', "can't $divide by zero")
  const decimal = numberKind(dividend) === 'decimal' || numberKind(divisor) === 'decimal'
  return decimal ? divideDecimal(dividend, divisor) : toDouble(dividend) / toDouble(divisor)
}

const toDecimalOperator: ExpressionOperator = (document, expression, options) => {
  const value = evalExpr(document, expression, options)
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0')
  return typeof value === 'string' ? Decimal128.fromString(value) : toDecimal(requireNumber('$toDecimal', value))
}

const toStringOperator: ExpressionOperator = (document, expression, options) => {
  const value = evalExpr(document, expression, options)
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof ObjectId) return value.toHexString()
  if (typeof value === 'string' || typeof value === 'boolean' || isNumeric(value)) return String(value)
  throw new CommandError(
    'BadValue',
    `Unsupported conversion from ${typeAlias(value)} to string in $convert with no onError value`,
  )
}

const toObjectId: ExpressionOperator = (document, expression, options) => {
  const value = evalExpr(document, expression, options)
  if (value === null || value === undefined) return null
  if (value instanceof ObjectId) return value
  if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return ObjectId.createFromHexString(value)
  throw new CommandError('BadValue', `Failed to parse objectId ${showValue(value)} in $convert with no onError value`)
}

const toDoubleOperator: ExpressionOperator = (document, expression, options) => {
  const value = evalExpr(document, expression, options)
  if (value === null || value === undefined) return null
  if (isNumeric(value)) return toDouble(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.getTime()
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number))
    throw new CommandError('BadValue', `Failed to parse number ${showValue(value)} in $convert with no onError value`)
  return number
}

const toLong: ExpressionOperator = (document, expression, options) => {
  const number = toDoubleOperator(document, expression, options)
  return number === null ? null : Long.fromNumber(Math.trunc(number as number))
}

/** Weeks begin on Sunday; the days before the first Sunday are week 0. */
const week: ExpressionOperator = (document, expression, options) => {
  const [dayOfYear, dayOfWeek] = ['$dayOfYear', '$dayOfWeek'].map((name) =>
    evalExpr(document, { [name]: expression }, options),
  )
  if (typeof dayOfYear !== 'number' || typeof dayOfWeek !== 'number') return null
  return Math.floor((dayOfYear + 7 - dayOfWeek) / 7)
}

const indexOfCodePoint: ExpressionOperator = (document, expression, options) => {
  const [text, part, start, end] = evaluateArguments('$indexOfCP', document, expression, options)
  if (text === null || text === undefined) return null
  if (typeof text !== 'string' || typeof part !== 'string')
    throw new CommandError('BadValue', '$indexOfCP requires strings')
  const points = Array.from(text)
  const from = typeof start === 'number' ? start : 0
  const searched = points.slice(from, typeof end === 'number' ? end : undefined).join('')
  const index = searched.indexOf(part)
  return index < 0 ? -1 : from + Array.from(searched.slice(0, index)).length
}

export const expressionOverrides: Record<string, ExpressionOperator> = {
  $week: week,
  $indexOfCP: indexOfCodePoint,
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: comparison('$cmp', (order) => order),
  $add: arithmetic('$add'),
  $multiply: arithmetic('$multiply'),
  $subtract: subtract,
  $divide: divide,
  $in: (document, expression, options) => {
    const [item, list] = evaluateArguments('$in', document, expression, options, 2)
    if (!Array.isArray(list))
      throw new CommandError('BadValue', `$in requires an array as a second argument, found: ${typeAlias(list)}`)
    return list.some((candidate) => compareResults(candidate, item) === 0)
  },
  $type: (document, expression, options) =>
    typeAlias(evalExpr(document, Array.isArray(expression) ? expression[0] : expression, options)),
  $isNumber: (document, expression, options) =>
    isNumeric(evalExpr(document, Array.isArray(expression) ? expression[0] : expression, options)),
  $toDecimal: toDecimalOperator,
  $toString: toStringOperator,
  $toObjectId: toObjectId,
  $toDouble: toDoubleOperator,
  $toLong: toLong,
}
