import { compare, decimal, minus, sum, toNumber } from '../model/decimal.ts'
import type { JsonObject } from '../model/json.ts'
import type { Row } from '../model/row.ts'
import { actTime } from '../model/time.ts'

/** What an invoice is on every document it stands on; `key` ties its entries together. */
export interface InvoiceHead extends JsonObject {
  readonly key: number
  readonly invoice_no: string | null
  readonly invoice_date: string
  readonly is_draft: boolean
}

/** An invoice on a document, with the document's own share in VND. */
export interface Invoice extends InvoiceHead {
  readonly amount: number
}

/** A receipt on a document, in VND. */
interface Receipt extends JsonObject {
  readonly receipt_no: string
  readonly receipt_date: string
  readonly amount: number
}

/** Stored version of a document: its content, what happened to it in ACT, and its counters. */
export interface Voucher extends Row {
  /** `org_refid` */
  readonly id: string
  readonly voucher_type: number
  readonly org_refno: string
  readonly header: JsonObject
  readonly detail: readonly JsonObject[]
  /** `refid` and `ref_detail_id` in ACT; other than sent only with `is_get_new_id`. */
  readonly refid: string
  readonly detail_ids: readonly string[]
  readonly refno: string
  readonly request_seq?: number
  readonly revenue_status?: number
  readonly revenue_refused?: boolean
  readonly revenue_refusal_reason?: string
  /** A person's `setStatus`, until taken back. */
  readonly fixed_status?: number
  /** Status fields given at creation, until a person changes something. */
  readonly initial_status?: number
  readonly initial_delivered?: number
  /** Delivered by sales vouchers and by stock issues, by position of the line. */
  readonly delivered_sa?: readonly number[]
  readonly delivered_in?: readonly number[]
  readonly receipts?: readonly Receipt[]
  readonly invoices?: readonly Invoice[]
  readonly has_created_voucher?: boolean
  readonly decision?: number
  readonly decision_reason?: string
  readonly state_version: number
  readonly deleted_by?: 'api' | 'user'
}

/** A version of the table `Vouchers` as a document. */
export function asVoucher(row: Row): Voucher {
  return row as unknown as Voucher
}

/** VND total of the receipts. */
function receivedOf(voucher: Voucher): number {
  return sum((voucher.receipts ?? []).map((receipt) => receipt.amount))
}

/** VND total of the invoices that are no drafts. */
export function invoicedOf(voucher: Voucher): number {
  return sum((voucher.invoices ?? []).filter((invoice) => !invoice.is_draft).map((invoice) => invoice.amount))
}

/** Quotes and invoice requests have no status, revenue or delivery of their own: the first values stand (§2.4). */
const hasProgress = (voucher: Voucher): boolean => voucher.voucher_type === 20 || voucher.voucher_type === 120

/** 0 not delivered, 1 delivering, 2 every line fully (§2.4). */
function deliveredStatusOf(voucher: Voucher): number {
  if (!hasProgress(voucher)) return 0
  if (voucher.initial_delivered !== undefined) return voucher.initial_delivered
  const lines = voucher.detail.map((line, i) => ({
    quantity: line['quantity'] as number,
    delivered: Math.max(voucher.delivered_sa?.[i] ?? 0, voucher.delivered_in?.[i] ?? 0),
  }))
  if (lines.every((line) => line.delivered === 0)) return 0
  return lines.every((line) => compare(decimal(line.delivered), decimal(line.quantity)) >= 0) ? 2 : 1
}

/** 0 not started, 1 in progress, 2 completed, 3 cancelled (§2.4). */
function statusOf(voucher: Voucher): number {
  if (!hasProgress(voucher)) return 0
  if (voucher.fixed_status !== undefined) return voucher.fixed_status
  if (voucher.initial_status !== undefined) return voucher.initial_status
  const delivered = deliveredStatusOf(voucher)
  if (delivered === 2) return 2
  return delivered === 1 || receivedOf(voucher) > 0 || (voucher.invoices ?? []).some((invoice) => !invoice.is_draft)
    ? 1
    : 0
}

/** Invoices as the API shows them. */
function shownInvoices(voucher: Voucher): JsonObject[] {
  return (voucher.invoices ?? []).map(({ invoice_no, invoice_date, amount, is_draft }) => ({
    invoice_no,
    invoice_date,
    amount,
    is_draft,
  }))
}

const NOTHING = [
  'org_refno',
  'refno',
  'voucher_type',
  'status',
  'revenue_status',
  'revenue_refused',
  'revenue_refusal_reason',
  'delivered_status',
  'has_created_voucher',
  'total_amount',
  'liquidate_amount',
  'total_receipted_amount',
  'receipts',
  'receivable_remaining',
  'is_invoiced',
  'total_invoice_amount',
  'invoices',
  'detail',
  'invoice_request',
  'request_seq',
]

/** State of a document (§2.4); of one that does not exist, only its version. */
export function stateOf(orgRefid: string, voucher: Voucher | undefined, queued: boolean): JsonObject {
  if (!voucher || voucher.deleted_at !== undefined) {
    const empty = Object.fromEntries(NOTHING.map((name) => [name, null]))
    return {
      org_refid: orgRefid,
      exists: false,
      queued,
      ...empty,
      state_version: voucher?.state_version ?? 0,
      modified_date: null,
    }
  }
  const received = receivedOf(voucher)
  const invoiced = invoicedOf(voucher)
  const liquidation = voucher.header['liquidate_amount'] as number
  return {
    org_refid: orgRefid,
    exists: true,
    queued,
    org_refno: voucher.org_refno,
    refno: voucher.refno,
    voucher_type: voucher.voucher_type,
    status: statusOf(voucher),
    revenue_status: hasProgress(voucher) ? (voucher.revenue_status ?? 0) : 0,
    revenue_refused: voucher.revenue_refused ?? false,
    revenue_refusal_reason: voucher.revenue_refusal_reason ?? null,
    delivered_status: deliveredStatusOf(voucher),
    has_created_voucher: voucher.has_created_voucher ?? false,
    total_amount: voucher.header['total_amount'],
    liquidate_amount: liquidation,
    total_receipted_amount: received,
    receipts: voucher.receipts ?? [],
    receivable_remaining: toNumber(minus(decimal(liquidation), decimal(received))),
    is_invoiced: invoiced > 0,
    total_invoice_amount: invoiced,
    invoices: shownInvoices(voucher),
    detail: voucher.detail_ids.map((id, i) => ({
      ref_detail_id: id,
      quantity_delivered_sa: voucher.delivered_sa?.[i] ?? 0,
      quantity_delivered_in: voucher.delivered_in?.[i] ?? 0,
    })),
    invoice_request:
      voucher.voucher_type === 122
        ? { decision: voucher.decision ?? 0, reason: voucher.decision_reason ?? null, invoices: shownInvoices(voucher) }
        : null,
    request_seq: voucher.request_seq ?? null,
    state_version: voucher.state_version,
    modified_date: actTime(voucher.modified_date),
  }
}
