import { crmDocument, numberedList } from '@amis-sync/amis-documents'
import { type Columns, type Side, columns } from '@amis-sync/core'
import { type Status, statusIn, statusOf, statusTexts } from './statuses.ts'

const { readOnly } = columns

/** As they stand on both sides. */
export const invoiceColumns: Columns = {
  number: columns.text('invoice_no'),
  date: columns.date('invoice_date'),
  amount: columns.decimal('amount'),
}

const plainStatus = columns.choice('status', statusTexts)

const status = columns.custom([...plainStatus.names, 'request_seq'], {
  decode(row) {
    const name = plainStatus.decode!(row)
    return typeof name === 'string' ? statusOf(name as Status, row.request_seq) : name
  },
  encode: (value) => plainStatus.encode!(statusIn(value) ?? null),
})

/** Everything the CRM owns is read only here: only the columns of the way back can be written at all (D3). */
export const crmSide: Side = {
  requires: ['invoiceRequests'],
  write: 'patch',
  resources: [
    {
      resource: 'InvoiceRequests',
      columns: {
        ...crmDocument('invoice_request_product_mappings', {
          more: { order: readOnly(columns.code('sale_order_no')) },
        }),
        number: readOnly(columns.code('request_no')),
        date: readOnly(columns.date('request_date')),
        orders: readOnly(columns.codeArray('sale_order_nos')),
        orderNumbers: readOnly(columns.codeArray('sale_order_nos')),
        buyerName: readOnly(columns.text('buyer_name')),
        buyerTaxCode: readOnly(columns.text('buyer_tax_code')),
        buyerAddress: readOnly(columns.text('buyer_address')),
        buyerEmail: readOnly(columns.text('buyer_email')),
        requestSeq: readOnly(columns.integer('request_seq')),
        status,
        refusalReason: columns.text('refusal_reason'),
        invoices: numberedList('invoices', invoiceColumns),
      },
    },
  ],
}
