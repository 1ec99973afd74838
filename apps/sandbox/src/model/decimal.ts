/** An exact decimal: `digits × 10^-scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** Zero. */
export const ZERO: Decimal = { digits: 0n, scale: 0 }

const power = (exponent: number): bigint => 10n ** BigInt(exponent)

/** The decimal that a JSON number was written as; JSON numbers of at most 15 digits survive a double unharmed. */
export function decimal(value: number): Decimal {
  if (Number.isSafeInteger(value)) return { digits: BigInt(value), scale: 0 }
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const scale = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return scale >= 0 ? { digits, scale } : { digits: digits * power(-scale), scale: 0 }
}

/** Back to the JSON number. */
export function toNumber(value: Decimal): number {
  if (value.scale === 0) return Number(value.digits)
  const negative = value.digits < 0n
  const text = String(negative ? -value.digits : value.digits).padStart(value.scale + 1, '0')
  const cut = text.length - value.scale
  return Number(`${negative ? '-' : ''}${text.slice(0, cut)}.${text.slice(cut)}`)
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale)
  return [a.digits * power(scale - a.scale), b.digits * power(scale - b.scale), scale]
}

/** a + b, exact. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b)
  return { digits: left + right, scale }
}

/** a − b, exact. */
export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { digits: -b.digits, scale: b.scale })
}

/** a × b, exact. */
export function times(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale }
}

/** a ÷ b to `places` decimals; halves away from zero. `b` must not be zero. */
export function dividedBy(a: Decimal, b: Decimal, places: number): Decimal {
  const shift = places + b.scale - a.scale
  const numerator = shift >= 0 ? a.digits * power(shift) : a.digits
  const denominator = shift >= 0 ? b.digits : b.digits * power(-shift)
  return { digits: roundedQuotient(numerator, denominator), scale: places }
}

/** Rounds to `places` decimals; halves away from zero. */
export function rounded(value: Decimal, places: number): Decimal {
  if (value.scale <= places) return value
  return { digits: roundedQuotient(value.digits, power(value.scale - places)), scale: places }
}

/** −1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): number {
  const [left, right] = aligned(a, b)
  return left < right ? -1 : left > right ? 1 : 0
}

/** |value|. */
export function absolute(value: Decimal): Decimal {
  return value.digits < 0n ? { digits: -value.digits, scale: value.scale } : value
}

/** Exact sum of JSON numbers; null counts as zero. */
export function sum(values: Iterable<number | null | undefined>): number {
  let total = ZERO
  for (const value of values) total = plus(total, decimal(value ?? 0))
  return toNumber(total)
}

function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n
  const top = numerator < 0n ? -numerator : numerator
  const bottom = denominator < 0n ? -denominator : denominator
  const quotient = (2n * top + bottom) / (2n * bottom)
  return negative ? -quotient : quotient
}
