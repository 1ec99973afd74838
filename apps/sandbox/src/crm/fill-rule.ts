import { decimal, dividedBy, minus, plus, rounded, sum, times, toNumber, type Decimal } from '../model/decimal.ts'
import { asText, type Json } from '../model/json.ts'
import type { Draft } from '../model/resource.ts'

/** Currency of a document: its rate, and the decimals of its amounts (0 for VND, else 2). */
export interface Money {
  readonly rate: Decimal
  readonly places: number
}

/** Line columns marked ₫. */
export const LINE_AMOUNTS = ['price', 'discount', 'tax', 'to_currency', 'total'] as const
/** Sums on every document, marked ₫, with the line column that they add up. */
export const SUMS = {
  to_currency_summary: 'to_currency',
  discount_summary: 'discount',
  tax_summary: 'tax',
  total_summary: 'total',
} as const
/** Sums of quantities, with the line column that they add up. */
export const QUANTITY_SUMS = { amount_summary: 'amount', usage_unit_amount_summary: 'usage_unit_amount' } as const

/** The currency rules of a document. */
export function moneyOf(draft: Draft): Money {
  const currency = draft['currency_type'] ?? 'VND'
  return { rate: decimal((draft['exchange_rate'] as number | undefined) ?? 1), places: currency === 'VND' ? 0 : 2 }
}

const number = (value: Json): Decimal => decimal((value as number | null | undefined) ?? 0)
const has = (value: Json): boolean => value !== undefined && value !== null

/** `x = round(x_oc × rate, 0)`. */
function toVnd(value: Json, money: Money): number {
  return toNumber(rounded(times(number(value), money.rate), 0))
}

/** `x_oc = round(x ÷ rate, d)`. */
export function toCurrency(value: Json, money: Money): number {
  return toNumber(dividedBy(number(value), money.rate, money.places))
}

/** A write that gives only one of a pair fills the other (§1.5.1 Twins). */
export function fillTwins(target: Draft, named: ReadonlySet<string>, names: readonly string[], money: Money): void {
  for (const x of names) {
    const oc = `${x}_oc`
    const givesX = named.has(x) && (!named.has(oc) || !has(target[oc]))
    const givesOc = named.has(oc) && (!named.has(x) || !has(target[x]))
    if (givesX && has(target[x])) target[oc] = toCurrency(target[x], money)
    else if (givesOc && has(target[oc])) target[x] = toVnd(target[oc], money)
    else if (givesX) target[oc] = undefined
    else if (givesOc) target[x] = undefined
  }
}

/** Computes `x_oc` and its twin where neither was given. Sums and formulas are exact; only products are rounded. */
function fill(target: Draft, x: string, compute: () => Decimal, money: Money): void {
  const oc = `${x}_oc`
  if (!has(target[oc])) target[oc] = toNumber(compute())
  if (!has(target[x])) target[x] = toVnd(target[oc], money)
}

/** Tax percentage of a VAT text; 0 for `KCT` and `KKKNT`. */
function vatPercent(text: Json): Decimal {
  const match = /^(.+)%$/.exec(asText(text ?? ''))
  return decimal(match ? Number(match[1]) : 0)
}

/** Quantity in the main unit, 6 decimals. */
function mainQuantity(line: Draft): number {
  const ratio = decimal((line['ratio'] as number | undefined) ?? 1)
  const amount = number(line['amount'])
  return toNumber(line['operator'] === '/' ? dividedBy(amount, ratio, 6) : rounded(times(amount, ratio), 6))
}

/** The fill rule for one line: every amount that is absent. The price is already there. */
export function fillLine(line: Draft, money: Money): void {
  if (!has(line['usage_unit_amount'])) line['usage_unit_amount'] = mainQuantity(line)
  fill(line, 'to_currency', () => rounded(times(number(line['amount']), number(line['price_oc'])), money.places), money)
  const share = (of: Decimal, percent: Decimal): Decimal => rounded(percentOf(of, percent), money.places)
  fill(line, 'discount', () => share(number(line['to_currency_oc']), number(line['discount_percent'])), money)
  const base = (): Decimal => minus(number(line['to_currency_oc']), number(line['discount_oc']))
  fill(line, 'tax', () => share(base(), vatPercent(line['tax_percent'])), money)
  fill(line, 'total', () => plus(base(), number(line['tax_oc'])), money)
}

/** The fill rule for the header. */
export function fillHeader(draft: Draft, lines: readonly Draft[], money: Money): void {
  for (const [name, column] of Object.entries(SUMS)) {
    fill(draft, name, () => decimal(sum(lines.map((line) => line[`${column}_oc`] as number))), money)
  }
  for (const [name, column] of Object.entries(QUANTITY_SUMS)) {
    if (!has(draft[name])) draft[name] = sum(lines.map((line) => line[column] as number))
  }
}

/** The fill rule for the columns that only sale orders have. */
export function fillOrder(draft: Draft, lines: readonly Draft[], money: Money): void {
  if (!has(draft['shipping_amount_summary'])) {
    draft['shipping_amount_summary'] = sum(lines.map((line) => line['shipping_amount'] as number))
  }
  fill(draft, 'sale_order_amount', () => number(draft['total_summary_oc']), money)
  fill(draft, 'liquidate_amount', () => number(draft['total_summary_oc']), money)
  const rest = (taken: string) => () => minus(number(draft['liquidate_amount_oc']), number(draft[taken]))
  fill(draft, 'balance_receipt_amount', rest('total_receipted_amount_oc'), money)
  fill(draft, 'un_invoiced_amount', rest('invoiced_amount_oc'), money)
}

function percentOf(value: Decimal, percent: Decimal): Decimal {
  const product = times(value, percent)
  return { digits: product.digits, scale: product.scale + 2 }
}
