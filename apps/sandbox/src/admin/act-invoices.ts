import { invoicedOf, type Invoice, type InvoiceHead, type Voucher } from '../accounting/voucher.ts'
import { decimal, minus, plus, sum, toNumber } from '../model/decimal.ts'
import { asText, type Json, type JsonObject } from '../model/json.ts'
import { pad } from '../model/text.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { Action } from './act.ts'
import { AdminError, badRequest } from './admin-error.ts'
import {
  amountOf,
  changeDocument,
  dayOf,
  documentOf,
  reasonOf,
  requireKind,
  shownDocument,
  textOf,
} from './documents.ts'

const REQUEST = [122]
const ORDERS = [20, 120]

/** Number, date and kind of a new invoice; drafts have no number until they are issued. */
function newInvoice(tenant: Tenant, command: JsonObject): InvoiceHead {
  const draft = command['is_draft'] ?? false
  if (typeof draft !== 'boolean') throw new AdminError('invalid', 'is_draft must be true or false')
  const invoice_date = dayOf(tenant, command, 'invoice_date')
  const given = textOf(command, 'invoice_no')
  return {
    key: tenant.counters.next('accounting.invoiceKey'),
    invoice_no: given ?? (draft ? null : nextNumber(tenant)),
    invoice_date,
    is_draft: draft,
  }
}

function nextNumber(tenant: Tenant): string {
  return `HD${pad(tenant.counters.next('accounting.invoice'), 7)}`
}

function invoiceOrder(tenant: Tenant, command: JsonObject): object {
  const voucher = documentOf(tenant, command['key'])
  requireKind(voucher, ORDERS)
  const rest = toNumber(minus(decimal(voucher.header['liquidate_amount'] as number), decimal(invoicedOf(voucher))))
  const amount = amountOf(command, 'amount', rest)
  const invoice = { ...newInvoice(tenant, command), amount }
  return shownDocument(tenant, changeDocument(tenant, voucher, withInvoice(voucher, invoice)))
}

function withInvoice(voucher: Voucher, invoice: Invoice): Partial<Voucher> {
  return { invoices: [...(voucher.invoices ?? []), invoice], has_created_voucher: true }
}

function decide(decision: 1 | 2): Action {
  return (tenant, command) => {
    const voucher = documentOf(tenant, command['key'])
    requireKind(voucher, REQUEST)
    if ((voucher.invoices ?? []).length > 0) throw new AdminError('invalid_state', 'the request has an invoice')
    const reason = decision === 2 ? reasonOf(command) : undefined
    return shownDocument(tenant, changeDocument(tenant, voucher, { decision, decision_reason: reason }))
  }
}

/** One invoice over several requests: each lists it with its own total, and so does every order it covers. */
function invoiceRequests(tenant: Tenant, command: JsonObject): object {
  const keys = command['keys']
  if (!Array.isArray(keys) || keys.length === 0) return badRequest('keys must be an array')
  const requests = [
    ...new Map((keys as readonly Json[]).map((key) => documentOf(tenant, key)).map((each) => [each.id, each])).values(),
  ]
  for (const request of requests) {
    requireKind(request, REQUEST)
    if (request.decision === 2) throw new AdminError('invalid_state', `${request.org_refno} is refused`)
  }
  amountOf(command, 'amount', sum(requests.map(totalOf)))
  const invoice = newInvoice(tenant, command)
  const shares = sharesOf(requests)
  const changed = requests.map((request) =>
    changeDocument(tenant, request, {
      ...withInvoice(request, { ...invoice, amount: totalOf(request) }),
      decision: invoice.is_draft && request.decision !== 3 ? 1 : 3,
    }),
  )
  for (const [orderId, amount] of shares) {
    const order = tenant.tables.accounting.table('Vouchers').get(orderId) as Voucher | undefined
    if (!order || order.deleted_at !== undefined || !ORDERS.includes(order.voucher_type)) continue
    changeDocument(tenant, order, withInvoice(order, { ...invoice, amount }))
  }
  return shownDocument(tenant, changed[0] as Voucher)
}

function totalOf(voucher: Voucher): number {
  return voucher.header['total_amount'] as number
}

/** How much of the requests falls on each order, in VND. */
function sharesOf(requests: readonly Voucher[]): Map<string, number> {
  const shares = new Map<string, number>()
  const add = (order: string, amount: number): void => void shares.set(order, sum([shares.get(order) ?? 0, amount]))
  for (const request of requests) {
    const named = request.detail.filter(
      (line) => line['order_org_refid'] !== undefined && line['order_org_refid'] !== null,
    )
    for (const line of named) add(asText(line['order_org_refid']), lineTotal(line))
    const orders = request.header['order_org_refids']
    if (named.length === 0 && Array.isArray(orders) && orders.length === 1) add(String(orders[0]), totalOf(request))
  }
  return shares
}

function lineTotal(line: JsonObject): number {
  const part = (name: string) => decimal((line[name] as number | undefined) ?? 0)
  return toNumber(plus(minus(part('amount'), part('discount_amount')), part('vat_amount')))
}

/** Drafts become real, also where the same invoice stands on other documents. */
function issueInvoice(tenant: Tenant, command: JsonObject): object {
  const voucher = documentOf(tenant, command['key'])
  const drafts = (voucher.invoices ?? []).filter((invoice) => invoice.is_draft)
  if (drafts.length === 0) throw new AdminError('invalid_state', 'the document has no draft invoice')
  const given = textOf(command, 'invoice_no')
  const numbers = new Map(drafts.map((draft) => [draft.key, given ?? draft.invoice_no ?? nextNumber(tenant)]))
  const touched = tenant.tables.accounting
    .table('Vouchers')
    .rows.map((row) => row as Voucher)
    .filter((row) => row.deleted_at === undefined && row.invoices?.some((invoice) => numbers.has(invoice.key)))
  let shown = voucher
  for (const document of touched) {
    const invoices = (document.invoices ?? []).map((invoice) =>
      numbers.has(invoice.key)
        ? { ...invoice, invoice_no: numbers.get(invoice.key) ?? null, is_draft: false }
        : invoice,
    )
    const decision = document.voucher_type === 122 ? { decision: 3 } : {}
    const next = changeDocument(tenant, document, { invoices, ...decision })
    if (next.id === voucher.id) shown = next
  }
  return shownDocument(tenant, shown)
}

/** Actions about invoices and invoice requests (§5.4). */
export const INVOICE_ACTIONS: Readonly<Record<string, Action>> = {
  invoice: invoiceOrder,
  approveInvoiceRequest: decide(1),
  refuseInvoiceRequest: decide(2),
  invoiceRequests,
  issueInvoice,
}
