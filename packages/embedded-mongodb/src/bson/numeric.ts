import { Decimal128, Double, Int32, Long } from 'bson'

/** Any representation of a BSON number; plain numbers come out of aggregation expressions. */
export type Numeric = number | bigint | Int32 | Double | Long | Decimal128
export type NumberKind = 'int' | 'long' | 'double' | 'decimal'

/** coefficient × 10^exponent, exactly. */
export interface ExactNumber {
  readonly coefficient: bigint
  readonly exponent: number
}

export function isNumeric(value: unknown): value is Numeric {
  if (typeof value === 'number' || typeof value === 'bigint') return true
  return value instanceof Int32 || value instanceof Double || value instanceof Long
    ? !isTimestamp(value)
    : value instanceof Decimal128
}

/** `Timestamp` extends `Long` but is no number. */
function isTimestamp(value: object): boolean {
  return (value as { _bsontype?: string })._bsontype === 'Timestamp'
}

export function numberKind(value: Numeric): NumberKind {
  if (typeof value === 'number')
    return Number.isInteger(value) && isInt32(value) && !Object.is(value, -0) ? 'int' : 'double'
  if (typeof value === 'bigint' || value instanceof Long) return 'long'
  if (value instanceof Int32) return 'int'
  return value instanceof Double ? 'double' : 'decimal'
}

export function isInt32(value: number): boolean {
  return value >= -0x80000000 && value <= 0x7fffffff
}

/** The nearest double; exact for int, double and safe longs. */
export function toDouble(value: Numeric): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Int32 || value instanceof Double) return value.value
  return value instanceof Long ? value.toNumber() : Number(value.toString())
}

/** True when {@link toDouble} loses nothing, so plain comparison is exact. */
export function fitsDouble(value: Numeric): boolean {
  if (typeof value === 'number' || value instanceof Int32 || value instanceof Double) return true
  return value instanceof Long ? Number.isSafeInteger(value.toNumber()) : false
}

const decimalPattern = /^(-?)(\d*)(?:\.(\d*))?(?:E([+-]?\d+))?$/

/** The exact decimal value, or null for NaN and the infinities. */
export function toExact(value: Numeric): ExactNumber | null {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 }
  if (value instanceof Long) return { coefficient: value.toBigInt(), exponent: 0 }
  if (value instanceof Decimal128) {
    const match = decimalPattern.exec(value.toString())
    if (!match) return null
    const [, sign, whole = '', fraction = '', power = '0'] = match
    const digits = BigInt(`${whole}${fraction}` || '0')
    return { coefficient: sign ? -digits : digits, exponent: Number(power) - fraction.length }
  }
  return doubleToExact(toDouble(value))
}

/** The exact decimal expansion of a double: m × 2^-k = m × 5^k × 10^-k. */
export function doubleToExact(value: number): ExactNumber | null {
  if (!Number.isFinite(value)) return null
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 }
  let power = 0
  let scaled = value
  // Doubling is exact; the smallest subnormal needs 1074 steps.
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    power += 1
  }
  return { coefficient: BigInt(scaled) * 5n ** BigInt(power), exponent: -power }
}

export function compareExact(a: ExactNumber, b: ExactNumber): number {
  const difference = alignedDifference(a, b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function alignedDifference(a: ExactNumber, b: ExactNumber): bigint {
  const exponent = Math.min(a.exponent, b.exponent)
  return rescale(a, exponent) - rescale(b, exponent)
}

/** a - b, exactly. */
export function subtractExact(a: ExactNumber, b: ExactNumber): ExactNumber {
  return { coefficient: alignedDifference(a, b), exponent: Math.min(a.exponent, b.exponent) }
}

export function rescale(value: ExactNumber, exponent: number): bigint {
  return value.coefficient * 10n ** BigInt(value.exponent - exponent)
}

/** Orders numbers of any kind by value; NaN sorts below everything and equals NaN. */
export function compareNumeric(a: Numeric, b: Numeric): number {
  const x = toDouble(a)
  const y = toDouble(b)
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? (Number.isNaN(y) ? 0 : -1) : 1
  if (fitsDouble(a) && fitsDouble(b)) return x < y ? -1 : x > y ? 1 : 0
  const exactA = toExact(a)
  const exactB = toExact(b)
  if (exactA && exactB) return compareExact(exactA, exactB)
  // At least one is infinite; a finite decimal beyond the double range is still smaller than infinity.
  const magnitudeA = exactA ? 0 : Math.sign(x)
  const magnitudeB = exactB ? 0 : Math.sign(y)
  return magnitudeA - magnitudeB
}

/** The number as a JavaScript integer, or undefined when it is not integral. */
export function toInteger(value: unknown): number | undefined {
  if (!isNumeric(value)) return undefined
  const number = toDouble(value)
  return Number.isInteger(number) ? number : undefined
}
