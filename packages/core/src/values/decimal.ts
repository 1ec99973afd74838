import { Big } from 'big.js'

/** A decimal as text in its shortest plain form: `"1350000"`, `"1.5"`, `"-0.25"`. No exponent, no trailing zeros, no `-0`. */
export type Decimal = string

const plain = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i

function format(value: Big): Decimal {
  if (value.eq(0)) return '0'
  const text = value.toFixed()
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/**
 * A number of the wire (JSON number, or text, with or without exponent; contract §0.2) as a decimal; `undefined` when it is none.
 * JSON numbers of at most 15 significant digits survive a double exactly, so `String(n)` gives back what was sent.
 */
export function toDecimal(value: number | string): Decimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? format(new Big(String(value))) : undefined
  const text = value.trim()
  return plain.test(text) ? format(new Big(text.replace(/^\+/, ''))) : undefined
}

/** To a JSON number. Exact for up to 15 significant digits; more is refused by {@link fitsWire}. */
export function toWireNumber(value: Decimal): number {
  return Number(value)
}

export function fitsWire(value: Decimal): boolean {
  return value.replace(/^-?0*\.?0*|[-.]/g, '').length <= 15
}

export function addDecimals(...values: Decimal[]): Decimal {
  return format(values.reduce((sum, value) => sum.plus(value), new Big(0)))
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return format(new Big(a).minus(b))
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return format(new Big(a).times(b))
}

/** -1, 0 or 1. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  return new Big(a).cmp(b)
}

/** Rounds to `scale` decimals, halves away from zero. */
export function roundDecimal(value: Decimal, scale: number): Decimal {
  return format(new Big(value).round(scale, Big.roundHalfUp))
}
