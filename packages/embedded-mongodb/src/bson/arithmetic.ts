import { Decimal128, Double, Int32, Long } from 'bson'
import type { ExactNumber, Numeric } from './numeric.ts'
import { isInt32, numberKind, rescale, toDouble, toExact } from './numeric.ts'

const longMin = -(2n ** 63n)
const longMax = 2n ** 63n - 1n
const decimalDigits = 34

export type ArithmeticOperator = 'add' | 'multiply'

/**
 * MongoDB's arithmetic: the result takes the widest operand type (int < long < double < decimal), an int that overflows
 * becomes a long. Returns undefined when a long overflows: the caller reports it.
 */
export function calculate(operator: ArithmeticOperator, a: Numeric, b: Numeric): Numeric | undefined {
  const kinds = [numberKind(a), numberKind(b)]
  if (kinds.includes('decimal')) return calculateDecimal(operator, a, b)
  if (kinds.includes('double')) {
    const [x, y] = [toDouble(a), toDouble(b)]
    return new Double(operator === 'add' ? x + y : x * y)
  }
  const [x, y] = [toBigInt(a), toBigInt(b)]
  const result = operator === 'add' ? x + y : x * y
  if (!kinds.includes('long') && isInt32(Number(result))) return new Int32(Number(result))
  return result < longMin || result > longMax ? undefined : Long.fromBigInt(result)
}

export function toBigInt(value: Numeric): bigint {
  if (typeof value === 'bigint') return value
  return value instanceof Long ? value.toBigInt() : BigInt(toDouble(value))
}

/** The number as Decimal128; a double keeps 15 significant digits, as the server's conversion does. */
export function toDecimal(value: Numeric): Decimal128 {
  if (value instanceof Decimal128) return value
  if (numberKind(value) !== 'double') return Decimal128.fromString(toBigInt(value).toString())
  const double = toDouble(value)
  if (!Number.isFinite(double)) return Decimal128.fromString(String(double))
  return Decimal128.fromString(String(Number(double.toPrecision(15))))
}

function calculateDecimal(operator: ArithmeticOperator, a: Numeric, b: Numeric): Decimal128 {
  const [x, y] = [toExact(toDecimal(a)), toExact(toDecimal(b))]
  if (!x || !y) {
    const [p, q] = [toDouble(a), toDouble(b)]
    return Decimal128.fromString(String(operator === 'add' ? p + q : p * q))
  }
  if (operator === 'multiply') {
    return fromExact({ coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent })
  }
  const exponent = Math.min(x.exponent, y.exponent)
  return fromExact({ coefficient: rescale(x, exponent) + rescale(y, exponent), exponent })
}

/** Rounds half to even at 34 digits, as IEEE 754 decimal128 prescribes. */
export function fromExact(value: ExactNumber): Decimal128 {
  let { coefficient, exponent } = value
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString().length
  if (digits > decimalDigits) {
    const dropped = digits - decimalDigits
    coefficient = divideHalfEven(coefficient, 10n ** BigInt(dropped))
    exponent += dropped
  }
  return Decimal128.fromStringWithRounding(`${coefficient}E${exponent}`)
}

function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const sign = value < 0n ? -1n : 1n
  const magnitude = value * sign
  const quotient = magnitude / divisor
  const twiceRemainder = (magnitude % divisor) * 2n
  const up = twiceRemainder > divisor || (twiceRemainder === divisor && quotient % 2n === 1n)
  return sign * (up ? quotient + 1n : quotient)
}

/** a ÷ b as Decimal128, rounded to 34 digits. */
export function divideDecimal(a: Numeric, b: Numeric): Decimal128 {
  const [x, y] = [toExact(toDecimal(a)), toExact(toDecimal(b))]
  if (!x || !y || y.coefficient === 0n) return Decimal128.fromString(String(toDouble(a) / toDouble(b)))
  // 40 extra digits leave enough precision for one correct rounding at 34.
  const shift = 40 + y.coefficient.toString().length
  const coefficient = (x.coefficient * 10n ** BigInt(shift)) / y.coefficient
  return trimZeros(fromExact({ coefficient, exponent: x.exponent - y.exponent - shift }))
}

function trimZeros(value: Decimal128): Decimal128 {
  const exact = toExact(value)
  if (!exact || exact.coefficient === 0n) return value
  let { coefficient, exponent } = exact
  while (exponent < 0 && coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent += 1
  }
  return fromExact({ coefficient, exponent })
}
