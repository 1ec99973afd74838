import { type Decimal, toDecimal } from './decimal.ts'
import { normaliseText } from './text.ts'

/**
 * VAT in canonical form: the percent as a decimal, `KCT` (không chịu thuế, not subject) or `KKKNT` (không kê khai, không nộp thuế,
 * not declared). Contract §4.0.
 */
export type Vat = Decimal | 'KCT' | 'KKKNT'

const texts = new Map<string, Vat>([
  ['kct', 'KCT'],
  ['không chịu thuế', 'KCT'],
  ['kkknt', 'KKKNT'],
  ['không kê khai', 'KKKNT'],
  ['không kê khai, không nộp thuế', 'KKKNT'],
])

/** A VAT text of the CRM; readers are lenient (`5`, `5 %`, `Không chịu thuế`). `undefined` = unknown: hold the record, never send 0. */
export function vatFromText(text: string): Vat | undefined {
  const clean = normaliseText(text)?.toLowerCase() ?? ''
  const named = texts.get(clean)
  if (named) return named
  const percent = toDecimal(clean.replace(/\s*%$/, ''))
  return percent === undefined || percent.startsWith('-') ? undefined : percent
}

export function vatToText(vat: Vat): string {
  return vat === 'KCT' || vat === 'KKKNT' ? vat : `${vat}%`
}

const plainRates = new Set(['0', '5', '8', '10'])

/** The two numbers of Accounting: rate −3 means "other", with the percent beside it. */
export function vatToRates(vat: Vat): { rate: number; other: number | null } {
  if (vat === 'KCT') return { rate: -1, other: null }
  if (vat === 'KKKNT') return { rate: -2, other: null }
  return plainRates.has(vat) ? { rate: Number(vat), other: null } : { rate: -3, other: Number(vat) }
}

/** `undefined` = unknown: hold the record. */
export function vatFromRates(rate: number, other: number | string | null | undefined): Vat | undefined {
  if (rate === -1) return 'KCT'
  if (rate === -2) return 'KKKNT'
  if (rate === -3) return other === null || other === undefined ? undefined : toDecimal(other)
  return rate >= 0 ? toDecimal(rate) : undefined
}
