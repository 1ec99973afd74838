import {
  accountingDocument,
  amountWritten,
  filled,
  isOfType,
  lockedByVouchers,
  ofState,
} from '@amis-sync/amis-documents'
import { ColumnProblem, type Columns, type Row, type SideResource, columns } from '@amis-sync/core'
import { derivedFrom, receipts } from './columns.ts'
import { type Revenue, decisionOf, deliveryNumbers, revenueOf, statusFrom, statusNumbers } from './statuses.ts'

const { writeOnly } = columns

/** Two different figures; the tenant says which one is "delivered" (SO17). `derive` chooses and drops both. */
const stateLineColumns: Columns = {
  deliveredBySales: columns.decimal('quantity_delivered_sa'),
  deliveredByStock: columns.decimal('quantity_delivered_in'),
}

const status = columns.custom(['status', 'delivered_status', 'receivable_remaining'], {
  decode(row) {
    if (row.status === undefined || row.status === null) return undefined
    const found = statusFrom(Number(row.status), Number(row.delivered_status), Number(row.receivable_remaining))
    if (found === undefined) throw new ColumnProblem('status', `unknown value: ${JSON.stringify(row.status)}`)
    return found
  },
  encode: (value) => ({ status: statusNumbers[value as keyof typeof statusNumbers] ?? 0 }),
})

/** 0 and not refused is no decision: draft and request belong to the CRM (§4.8). */
function decided(row: Row): Revenue | undefined {
  if (Number(row.revenue_status) === 1) return 'recorded'
  return row.revenue_refused === true ? 'refused' : undefined
}

const revenueStatus = columns.custom(['revenue_status', 'revenue_refused', 'request_seq'], {
  decode(row) {
    const revenue = decided(row)
    return revenue === undefined ? undefined : decisionOf(revenue, row.request_seq)
  },
  encode: (value) => ({ revenue_status: revenueOf(value) === 'recorded' ? 1 : 0 }),
})

const reason = columns.text('revenue_refusal_reason')

const refusalReason = columns.custom(['revenue_refusal_reason'], {
  decode(row) {
    const revenue = decided(row)
    if (revenue === undefined) return undefined
    return revenue === 'refused' ? (reason.decode!(row) ?? null) : null
  },
})

/** Sales order (20) or contract (120) by the record's mode; the state row of §2.4 is what is read. */
export const vouchers: SideResource = {
  resource: 'Vouchers',
  chosenId: true,
  modes: { order: { voucher_type: 20, reftype: 3520 }, contract: { voucher_type: 120, reftype: 9520 } },
  accepts: isOfType(20, 120),
  locked: lockedByVouchers,
  columns: {
    ...accountingDocument({ state: stateLineColumns }),
    quote: writeOnly(columns.guid('quote_org_refid')),
    deliveryDate: writeOnly(columns.date('delivery_date')),
    dueDays: writeOnly(columns.integer('due_day')),
    shippingAddress: writeOnly(columns.text('shipping_address')),
    liquidation: filled(columns.decimal('liquidate_amount')),
    liquidationOc: amountWritten('liquidate_amount_oc'),
    requestSeq: filled(columns.integer('request_seq')),
    status: ofState(status),
    revenueStatus: ofState(revenueStatus),
    revenueRefusalReason: ofState(refusalReason),
    deliveryStatus: filled(columns.choice('delivered_status', deliveryNumbers)),
    deliveredTotal: derivedFrom('detail'),
    received: columns.readOnly(filled(columns.decimal('total_receipted_amount'))),
    receipts: columns.readOnly(
      ofState({ ...receipts, decode: (row) => (row.receipts === null ? undefined : receipts.decode!(row)) }),
    ),
    payStatus: derivedFrom('total_receipted_amount', 'liquidate_amount'),
    paidDate: derivedFrom('receipts', 'liquidate_amount'),
    remaining: columns.readOnly(filled(columns.decimal('receivable_remaining'))),
    invoiced: columns.readOnly(filled(columns.flag('is_invoiced'))),
    invoicedAmount: columns.readOnly(filled(columns.decimal('total_invoice_amount'))),
    uninvoicedAmount: derivedFrom('total_invoice_amount', 'liquidate_amount'),
  },
}
