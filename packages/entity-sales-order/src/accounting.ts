import {
  type Canonical,
  type Column,
  ColumnProblem,
  type Columns,
  type Row,
  type SideResource,
  type Vat,
  columns,
  decodeColumns,
  encodeColumns,
  vatToRates,
} from '@amis-sync/core'
import { derivedFrom, receipts } from './columns.ts'
import {
  type Revenue,
  currencies,
  decisionOf,
  deliveryNumbers,
  revenueOf,
  statusFrom,
  statusNumbers,
} from './statuses.ts'

const { writeOnly } = columns
const amount = (name: string): Column => writeOnly(columns.decimal(name))

/** A state speaks for the document only when it is there and no save for it waits in the queue (contract §2.4). */
const speaks = (row: Row): boolean => row.exists !== false && row.queued !== true

/** A column of the document's state. */
function ofState(column: Column): Column {
  const { decode } = column
  return { ...column, ...(decode ? { decode: (row) => (speaks(row) ? decode(row) : undefined) } : {}) }
}

/** VAT of a line: empty is "not subject" (§4.0); the percent beside the rate only for "other". */
const lineVat = columns.custom(['vat_rate', 'other_vat_rate'], {
  encode(value) {
    const { rate, other } = vatToRates((value ?? 'KCT') as Vat)
    return other === null ? { vat_rate: rate } : { vat_rate: rate, other_vat_rate: other }
  },
})

const lineColumns: Columns = {
  key: columns.guid('ref_detail_id'),
  product: writeOnly(columns.code('inventory_item_code')),
  description: writeOnly(columns.text('description')),
  sortOrder: writeOnly(columns.integer('sort_order')),
  promotion: writeOnly(columns.flag('is_promotion')),
  warehouse: writeOnly(columns.code('stock_code')),
  unit: writeOnly(columns.code('unit_name')),
  quantity: amount('quantity'),
  mainUnit: writeOnly(columns.code('main_unit_name')),
  ratio: amount('main_convert_rate'),
  operator: writeOnly(columns.operator('exchange_rate_operator')),
  mainQuantity: amount('main_quantity'),
  unitPrice: amount('unit_price'),
  goods: amount('amount'),
  goodsOc: amount('amount_oc'),
  discountRate: amount('discount_rate'),
  discount: amount('discount_amount'),
  discountOc: amount('discount_amount_oc'),
  vat: lineVat,
  vatAmount: amount('vat_amount'),
  vatAmountOc: amount('vat_amount_oc'),
}

/** Two different figures; the tenant says which one is "delivered" (SO17). `derive` chooses and drops both. */
const stateLineColumns: Columns = {
  key: columns.guid('ref_detail_id'),
  deliveredBySales: columns.decimal('quantity_delivered_sa'),
  deliveredByStock: columns.decimal('quantity_delivered_in'),
}

const isSome = (value: unknown): boolean => value !== undefined && value !== null && value !== '0'

/** The lines, and beside them whether any has a discount: 1 = per item, 0 = none (§2.3.3). */
const detail = columns.custom(['detail', 'discount_type'], {
  decode(row) {
    if (row.detail === undefined || row.detail === null || !speaks(row)) return undefined
    if (!Array.isArray(row.detail)) throw new ColumnProblem('detail', 'not a list')
    return (row.detail as readonly Row[]).map((line) => decodeColumns(stateLineColumns, line))
  },
  encode(items) {
    const list = (items ?? []) as readonly Canonical[]
    const discounted = list.some(
      (line) => isSome(line.discount) || isSome(line.discountOc) || isSome(line.discountRate),
    )
    return { detail: list.map((line) => encodeColumns(lineColumns, line)), discount_type: discounted ? 1 : 0 }
  },
})

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

/** A state's empty number says nothing. */
function filled(column: Column): Column {
  return ofState({ ...column, decode: (row) => column.decode!(row) ?? undefined })
}

/** Sales order (20) or contract (120) by the record's mode; the state row of §2.4 is what is read. */
export const vouchers: SideResource = {
  resource: 'Vouchers',
  chosenId: true,
  modes: { order: { voucher_type: 20, reftype: 3520 }, contract: { voucher_type: 120, reftype: 9520 } },
  columns: {
    number: writeOnly(columns.code('org_refno')),
    date: writeOnly(columns.date('refdate')),
    customer: writeOnly(columns.code('account_object_code')),
    owner: writeOnly(columns.code('employee_code')),
    quote: writeOnly(columns.guid('quote_org_refid')),
    currency: writeOnly(
      columns.choice('currency_id', Object.fromEntries(currencies.map((currency) => [currency, currency]))),
    ),
    exchangeRate: amount('exchange_rate'),
    deliveryDate: writeOnly(columns.date('delivery_date')),
    dueDays: writeOnly(columns.integer('due_day')),
    shippingAddress: writeOnly(columns.text('shipping_address')),
    description: writeOnly(columns.text('journal_memo')),
    goods: amount('total_sale_amount'),
    goodsOc: amount('total_sale_amount_oc'),
    discount: amount('total_discount_amount'),
    discountOc: amount('total_discount_amount_oc'),
    vat: amount('total_vat_amount'),
    vatOc: amount('total_vat_amount_oc'),
    total: amount('total_amount'),
    totalOc: amount('total_amount_oc'),
    liquidation: filled(columns.decimal('liquidate_amount')),
    liquidationOc: amount('liquidate_amount_oc'),
    requestSeq: filled(columns.integer('request_seq')),
    lines: detail,
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
