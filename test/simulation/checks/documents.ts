import { addDecimals, codeKey, toDecimal } from '@amis-sync/core'
import type { AnyRow } from '../systems.ts'
import type { Facts } from './facts.ts'

const salesTypes = new Set([20, 120])
const sent = new Set(['Đề nghị ghi', 'Đã ghi'])

function vouchers(facts: Facts, types: ReadonlySet<number>): readonly AnyRow[] {
  return (facts.rows.get('accounting|Vouchers') ?? []).filter(
    (row) =>
      row.deleted !== true && types.has(Number((row.state as AnyRow | undefined)?.voucher_type ?? row.voucher_type)),
  )
}

/** Work that tells a person why a document is not as it should be, by the document's id at the CRM. */
function told(facts: Facts, entity: string, id: string): boolean {
  const link = facts.links.get(entity)?.find(({ sides }) => sides.crm?.id === id)
  const twin = link?.sides.accounting?.id
  return facts.work.some(
    (item) =>
      item.entity === entity &&
      ((item.side === 'crm' && item.recordId === id) || (item.side === 'accounting' && item.recordId === twin)),
  )
}

/** What was requested is in Accounting, drafts are not, and what is not there is told about (SO2, IR1). */
export function unsentDocuments(facts: Facts): string[] {
  const broken: string[] = []
  const numbers = vouchers(facts, salesTypes).map((row) => codeKey(String(row.org_refno)))
  for (const row of facts.rows.get('crm|SaleOrders') ?? []) {
    if (row.deleted === true) continue
    const number = String(row.sale_order_no)
    const copies = numbers.filter((one) => one === codeKey(number)).length
    const due = sent.has(String(row.revenue_status))
    // Entered anew under the number of one that was deleted: what Accounting has may be the old one's.
    if (facts.diary.retiredCodes.has(codeKey(number))) continue
    if (copies > 1) broken.push(`order ${number} is in Accounting ${copies} times`)
    if (due && copies === 0 && !told(facts, 'sales-order', String(row.id)))
      broken.push(`order ${number} was requested and is not in Accounting`)
    if (copies > 0 && row.revenue_request_seq === 0)
      broken.push(`order ${number} was never requested and is in Accounting`)
  }
  return broken
}

const decimal = (value: unknown): string => toDecimal((value ?? 0) as number | string) ?? '0'

function sum(rows: readonly AnyRow[], column: string): string {
  return addDecimals('0', ...rows.map((row) => decimal(row[column])))
}

/** Totals are their lines' sums, and both sides name the same figures (SO4, SO8, SO11, D3). */
export function documentFaults(facts: Facts): string[] {
  const broken: string[] = []
  const byNumber = new Map(vouchers(facts, salesTypes).map((row) => [codeKey(String(row.org_refno)), row]))
  for (const row of facts.rows.get('crm|SaleOrders') ?? []) {
    const voucher = byNumber.get(codeKey(String(row.sale_order_no)))
    const linked = facts.links
      .get('sales-order')!
      .some(({ sides, linked: both }) => both && sides.crm?.id === String(row.id))
    if (row.deleted === true || !voucher || !linked || told(facts, 'sales-order', String(row.id))) continue
    broken.push(...figures(row, voucher))
  }
  return broken
}

function figures(order: AnyRow, voucher: AnyRow): string[] {
  const state = voucher.state as AnyRow
  const lines = (voucher.detail ?? []) as readonly AnyRow[]
  const name = `order ${String(order.sale_order_no)}`
  const pairs: [what: string, a: string, b: string][] = [
    ['received', decimal(order.total_receipted_amount), decimal(state.total_receipted_amount)],
    ['invoiced', decimal(order.invoiced_amount), decimal(state.total_invoice_amount)],
  ]
  if (sent.has(String(order.revenue_status))) {
    pairs.push(
      ['total', decimal(order.total_summary), decimal(voucher.total_amount)],
      ['amount of the lines', decimal(voucher.total_sale_amount), sum(lines, 'amount')],
      ['number of lines', String((order.sale_order_product_mappings as unknown[]).length), String(lines.length)],
    )
  }
  const recorded = Number(state.revenue_status) === 1
  if (recorded !== (order.revenue_status === 'Đã ghi')) {
    if (Number(voucher.request_seq ?? 0) === Number(order.revenue_request_seq))
      pairs.push(['revenue', String(order.revenue_status), `revenue_status ${String(state.revenue_status)}`])
  }
  return pairs.filter(([, a, b]) => a !== b).map(([what, a, b]) => `${name}: ${what} ${a} in CRM, ${b} in Accounting`)
}
