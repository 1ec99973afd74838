import type { Column } from '../model/column.ts'
import { fault, type Fault } from '../model/fault.ts'
import type { Json } from '../model/json.ts'
import { withDefaults } from '../model/read-columns.ts'
import type { Counters, Draft, Writing } from '../model/resource.ts'
import { readLines, type TouchedLine } from './document-lines.ts'
import {
  fillHeader,
  fillLine,
  fillOrder,
  fillTwins,
  LINE_AMOUNTS,
  moneyOf,
  QUANTITY_SUMS,
  SUMS,
  type Money,
} from './fill-rule.ts'

/** What differs between sale orders, quotes and invoice requests. */
export interface DocumentRules {
  readonly name: string
  /** Column with the lines. */
  readonly lines: string
  readonly lineColumns?: readonly Column[]
  /** Header columns marked ₫ besides the sums. */
  readonly amounts: readonly string[]
  /** A status whose every change to `requested` counts. */
  readonly request?: {
    readonly status: string
    readonly requested: string
    readonly initial: string
    readonly counter: string
    readonly date?: string
  }
}

/** Columns of a header that a person's change of the document computes again. */
const FORMULAS = ['balance_receipt_amount', 'un_invoiced_amount']

/** Checks a document and fills in what the write leaves open (§1.5.1, §1.5.6). */
export function completeDocument(rules: DocumentRules, writing: Writing): Fault[] {
  const { draft, before, input, named } = writing
  const faults: Fault[] = []
  if ((draft['currency_type'] ?? 'VND') === 'VND' && (draft['exchange_rate'] ?? 1) !== 1) {
    if (named.has('exchange_rate')) faults.push(fault('exchange_rate', 'invalid'))
    else draft['exchange_rate'] = undefined
  }
  if (draft['account_name_ref'] === undefined && draft['contact_name_ref'] === undefined) {
    faults.push(fault('account_name', 'required'))
  }
  const money = moneyOf(draft)
  const read = readLines(rules, writing, money)
  faults.push(...read.faults)
  if (faults.length > 0) return faults

  fillTwins(draft, named, [...Object.keys(SUMS), ...rules.amounts], money)
  const { lines, touched } = read
  if (before === null) {
    for (const { line } of touched) {
      fillLine(line, money)
      withDefaults(rules.lineColumns ?? [], line)
    }
    fillHeader(draft, lines, money)
    if (rules.amounts.length > 0) fillOrder(draft, lines, money)
  } else if (writing.person && namesMoney(rules, writing)) {
    recompute(rules, writing, lines, touched, money)
  }
  draft[rules.lines] = lines
  clearReasons(rules, writing)
  if (rules.name === 'InvoiceRequests' && before === null && input['buyer_name'] === undefined) {
    draft['buyer_name'] = buyerName(writing)
  }
  return []
}

/** Numbers the new lines and counts requests. */
export function finishDocument(rules: DocumentRules, writing: Writing, counters: Counters): void {
  const { draft, before, now } = writing
  const lines = draft[rules.lines] as Draft[]
  draft[rules.lines] = lines.map((line) => ({
    line_id: line['line_id'] ?? counters.next(`${rules.name}.line`),
    ...Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined && value !== null)),
  }))
  const { request } = rules
  if (!request) return
  const was = before?.[request.status] ?? request.initial
  if (draft[request.status] !== request.requested || (before !== null && was === request.requested)) return
  draft[request.counter] = Number(draft[request.counter] ?? 0) + 1
  if (request.date) draft[request.date] = now
}

function namesMoney(rules: DocumentRules, { input, named, removeLines }: Writing): boolean {
  const amounts = [...Object.keys(SUMS), ...rules.amounts].flatMap((name) => [name, `${name}_oc`])
  return (
    input[rules.lines] !== undefined ||
    removeLines !== undefined ||
    [...amounts, 'currency_type', 'exchange_rate'].some((name) => named.has(name))
  )
}

function recompute(
  rules: DocumentRules,
  writing: Writing,
  lines: readonly Draft[],
  touched: readonly TouchedLine[],
  money: Money,
): void {
  const { draft, before, named } = writing
  for (const { line, given } of touched) {
    forget(line, ['usage_unit_amount'], given, false)
    forget(
      line,
      LINE_AMOUNTS.filter((name) => name !== 'price'),
      given,
      true,
    )
    fillLine(line, money)
  }
  forget(draft, Object.keys(SUMS), named, true)
  forget(draft, [...Object.keys(QUANTITY_SUMS), 'shipping_amount_summary'], named, false)
  fillHeader(draft, lines, money)
  if (rules.amounts.length === 0) return
  const followed = before?.['liquidate_amount_oc'] === before?.['total_summary_oc']
  forget(draft, ['sale_order_amount', ...FORMULAS, ...(followed ? ['liquidate_amount'] : [])], named, true)
  fillOrder(draft, lines, money)
}

/** Empties columns that are to be computed again, unless the write names them. */
function forget(target: Draft, names: readonly string[], given: ReadonlySet<string>, twins: boolean): void {
  for (const name of names) {
    if (given.has(name) || (twins && given.has(`${name}_oc`))) continue
    target[name] = undefined
    if (twins) target[`${name}_oc`] = undefined
  }
}

/** `Đã ghi` clears the reason of an earlier refusal (§1.6.2). */
function clearReasons(rules: DocumentRules, { draft, named }: Writing): void {
  if (rules.name !== 'SaleOrders' || !named.has('revenue_status')) return
  if (draft['revenue_status'] === 'Đã ghi') draft['revenue_refusal_reason'] = undefined
}

function buyerName({ draft, world }: Writing): Json {
  const account = draft['account_name_ref']
  if (account !== undefined) return world.reader.row('Customers', account)?.['account_name']
  return world.reader.row('Contacts', draft['contact_name_ref'])?.['contact_name']
}
