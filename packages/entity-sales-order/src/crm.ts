import { amountRead, crmDocument } from '@amis-sync/amis-documents'
import { type Side, columns } from '@amis-sync/core'
import { receipts } from './columns.ts'
import { type Revenue, decisionOf, deliveryTexts, payTexts, revenueOf, revenueTexts, statusTexts } from './statuses.ts'

const { readOnly } = columns

const revenue = columns.choice('revenue_status', revenueTexts)

const revenueStatus = columns.custom([...revenue.names, 'revenue_request_seq'], {
  decode(row) {
    const name = revenue.decode!(row)
    return typeof name === 'string' ? decisionOf(name as Revenue, row.revenue_request_seq) : name
  },
  encode: (value) => revenue.encode!(revenueOf(value) ?? null),
})

const quoteCode = columns.code('quote_no')
const quoteNumber = columns.code('quote_name')

/** `quote_name` reads as the quote's number, too (§1.4): where the CRM has no companion columns, it serves. */
const quote = columns.custom(['quote_no', 'quote_name'], {
  decode: (row) => quoteCode.decode!(row) ?? (row.quote_no === undefined ? quoteNumber.decode!(row) : null),
})

/** Everything the CRM owns is read only here: only the columns of the way back can be written at all (D3). */
export const crmSide: Side = {
  write: 'patch',
  resources: [
    {
      resource: 'SaleOrders',
      columns: {
        ...crmDocument('sale_order_product_mappings', {
          more: { delivered: columns.decimal('shipping_amount') },
          writable: true,
        }),
        number: readOnly(columns.code('sale_order_no')),
        date: readOnly(columns.date('sale_order_date')),
        quote,
        deliveryDate: readOnly(columns.date('deadline_date')),
        dueDays: readOnly(columns.integer('number_of_days_owed')),
        shippingAddress: readOnly(columns.text('shipping_address')),
        liquidation: amountRead('liquidate_amount'),
        liquidationOc: amountRead('liquidate_amount_oc'),
        requestSeq: readOnly(columns.integer('revenue_request_seq')),
        /** Set by a person, answered by the product (§1.6.2): never part of the way back. */
        withdrawRequested: columns.flag('revenue_withdraw_requested'),
        withdrawRefusal: columns.text('revenue_withdraw_refusal'),
        parentOrder: readOnly(columns.flag('is_parent_sale_order')),
        status: columns.choice('status', statusTexts),
        revenueStatus,
        revenueRefusalReason: columns.text('revenue_refusal_reason'),
        deliveryStatus: columns.choice('delivery_status', deliveryTexts),
        deliveredTotal: columns.decimal('shipping_amount_summary'),
        received: columns.decimal('total_receipted_amount'),
        receipts,
        payStatus: columns.choice('pay_status', payTexts),
        paidDate: columns.date('paid_date'),
        remaining: columns.decimal('balance_receipt_amount'),
        invoiced: columns.flag('is_invoiced'),
        invoicedAmount: columns.decimal('invoiced_amount'),
        uninvoicedAmount: columns.decimal('un_invoiced_amount'),
      },
    },
  ],
}
