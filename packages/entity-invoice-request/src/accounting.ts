import {
  accountingDocument,
  filled,
  isOfType,
  lockedByVouchers,
  numberedList,
  ofState,
} from '@amis-sync/amis-documents'
import { type Column, ColumnProblem, type HoldReason, type Row, type SideResource, columns } from '@amis-sync/core'
import { invoiceColumns } from './crm.ts'
import { type Status, decidedBy, statusOf } from './statuses.ts'

const { readOnly, writeOnly } = columns

/** The part of the state that is of type 122 only; null while there is nothing to tell (contract §2.4). */
function requestIn(row: Row): Row | undefined {
  const request = row.invoice_request
  return typeof request === 'object' && request !== null ? (request as Row) : undefined
}

function decided(row: Row): Status | undefined {
  const decision = requestIn(row)?.decision
  const status = decidedBy(decision)
  if (status === null) throw new ColumnProblem('invoice_request.decision', `unknown value: ${JSON.stringify(decision)}`)
  return status
}

/** A column of the state that nobody writes. */
function told(decode: (row: Row) => ReturnType<NonNullable<Column['decode']>>): Column {
  return ofState(columns.custom(['invoice_request'], { decode }))
}

const status = told((row) => {
  const name = decided(row)
  return name === undefined ? undefined : statusOf(name, row.request_seq)
})

const reason = columns.text('reason')

/** Approval and invoice clear the reason (contract §4.9). */
const refusalReason = told((row) => {
  const name = decided(row)
  if (name === undefined) return undefined
  return name === 'refused' ? (reason.decode!(requestIn(row)!) ?? null) : null
})

const allInvoices = numberedList('invoices', invoiceColumns)

/** A draft does not count as an invoice (IR5). */
const invoices = told((row) => {
  const list = requestIn(row)?.invoices
  if (!Array.isArray(list)) return undefined
  return allInvoices.decode!({ invoices: (list as readonly Row[]).filter((one) => one.is_draft !== true) })
})

/** Approved or invoiced: no edit is taken any more (contract §2.3.4). */
function locked(row: Row): HoldReason | undefined {
  const status = decided(row)
  if (status !== 'approved' && status !== 'invoiced') return lockedByVouchers(row)
  return {
    code: 'DOCUMENT_LOCKED',
    text: {
      vi: 'Kế toán đã duyệt hoặc đã xuất hóa đơn nên thay đổi chưa cập nhật được. Nếu cần, đề nghị kế toán từ chối hoặc bỏ hóa đơn; thay đổi sẽ tự được gửi.',
      en: 'It is approved or invoiced in Accounting, so the change waits. If it must go, ask the accountant to refuse it or to undo the invoice; it then goes by itself.',
    },
  }
}

/** Invoice request (122); the state row of §2.4 is what is read. */
export const vouchers: SideResource = {
  resource: 'Vouchers',
  chosenId: true,
  accepts: isOfType(122),
  locked,
  constants: { create: { voucher_type: 122, reftype: 9550 }, update: { voucher_type: 122, reftype: 9550 } },
  columns: {
    ...accountingDocument({ more: { order: writeOnly(columns.guid('order_org_refid')) } }),
    orders: writeOnly(columns.codeArray('order_org_refids')),
    orderNumbers: writeOnly(columns.codeArray('order_nos')),
    buyerName: writeOnly(columns.text('buyer_name')),
    buyerTaxCode: writeOnly(columns.text('buyer_tax_code')),
    buyerAddress: writeOnly(columns.text('buyer_address')),
    buyerEmail: writeOnly(columns.text('buyer_email')),
    requestSeq: filled(columns.integer('request_seq')),
    status: readOnly(status),
    refusalReason: readOnly(refusalReason),
    invoices: readOnly(invoices),
  },
}
