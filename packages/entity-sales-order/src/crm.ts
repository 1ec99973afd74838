import {
  type Canonical,
  type Column,
  ColumnProblem,
  type Columns,
  type Row,
  type Side,
  columns,
  decodeColumns,
  encodeColumns,
  toDecimal,
} from '@amis-sync/core'
import { receipts } from './columns.ts'
import {
  currencies,
  decisionOf,
  deliveryTexts,
  payTexts,
  type Revenue,
  revenueOf,
  revenueTexts,
  statusTexts,
} from './statuses.ts'

const { readOnly } = columns
const amount = (name: string): Column => readOnly(columns.decimal(name))

const isNumeric = (value: unknown): value is number | string => typeof value === 'number' || typeof value === 'string'

/** A line's id; without the flag `lineIds` the triple that the CRM matches lines by (contract §6.1), as a JSON text. */
const key = columns.custom(['line_id'], {
  decode({ line_id: id, product_code: product, unit, sort_order: order }) {
    if (isNumeric(id)) return String(id)
    return product === undefined ? undefined : JSON.stringify([product, unit ?? null, order ?? null])
  },
  encode(value) {
    const text = (value ?? '') as string
    if (!text.startsWith('[')) return { line_id: Number(text) }
    const [product, unit, order] = JSON.parse(text) as unknown[]
    return { product_code: product, unit, sort_order: order }
  },
})

const lineColumns: Columns = {
  key,
  product: readOnly(columns.code('product_code')),
  description: readOnly(columns.text('description')),
  sortOrder: readOnly(columns.integer('sort_order')),
  promotion: readOnly(columns.flag('is_promotion')),
  warehouse: readOnly(columns.code('stock_code')),
  unit: readOnly(columns.code('unit')),
  quantity: amount('amount'),
  mainUnit: readOnly(columns.code('usage_unit')),
  ratio: amount('ratio'),
  operator: readOnly(columns.operator('operator')),
  mainQuantity: amount('usage_unit_amount'),
  unitPrice: amount('price_oc'),
  goods: amount('to_currency'),
  goodsOc: amount('to_currency_oc'),
  discountRate: amount('discount_percent'),
  discount: amount('discount'),
  discountOc: amount('discount_oc'),
  vat: readOnly(columns.vatText('tax_percent')),
  vatAmount: amount('tax'),
  vatAmountOc: amount('tax_oc'),
  total: amount('total'),
  totalOc: amount('total_oc'),
  delivered: columns.decimal('shipping_amount'),
}

const linesName = 'sale_order_product_mappings'
const isVnd = (row: Row): boolean => (row.currency_type ?? 'VND') === 'VND'

/** One line. `price` is in VND: without `price_oc` it serves for VND documents only. A missing position is the place in the list. */
function decodeLine(row: Row, line: Row, index: number): Canonical {
  const priced = isVnd(row) ? { ...line, price_oc: line.price_oc ?? line.price } : line
  const decoded = decodeColumns(lineColumns, priced)
  return { ...decoded, sortOrder: decoded.sortOrder ?? index + 1 }
}

const lines = columns.custom([linesName], {
  decode(row) {
    const list = row[linesName]
    if (list === undefined) return undefined
    if (!Array.isArray(list)) throw new ColumnProblem(linesName, 'not a list')
    return (list as readonly Row[]).map((line, index) => decodeLine(row, line, index))
  },
  encode: (items) => ({
    [linesName]: ((items ?? []) as readonly Canonical[]).map((item) => encodeColumns(lineColumns, item)),
  }),
  patch: true,
})

const account = columns.code('account_number')
const contact = columns.code('contact_code')

/** The buyer is the account, else the contact (§1.5.6). */
const customer = columns.custom([...account.names, ...contact.names], {
  decode(row) {
    const [company, person] = [account.decode!(row), contact.decode!(row)]
    return company === null && person === undefined ? undefined : (company ?? person)
  },
})

const revenue = columns.choice('revenue_status', revenueTexts)

const revenueStatus = columns.custom([...revenue.names, 'revenue_request_seq'], {
  decode(row) {
    const name = revenue.decode!(row)
    return typeof name === 'string' ? decisionOf(name as Revenue, row.revenue_request_seq) : name
  },
  encode: (value) => revenue.encode!(revenueOf(value) ?? null),
})

const nothing = new Set<unknown>([null, undefined, false, ''])

function isEmpty(value: unknown): boolean {
  if (nothing.has(value)) return true
  if (isNumeric(value)) return toDecimal(value) === '0'
  return Array.isArray(value) && value.length === 0
}

const strange = (row: Row, pattern: RegExp, what: string): string[] =>
  Object.keys(row).some((name) => pattern.test(name) && !isEmpty(row[name])) ? [what] : []

/** Whole-order discount and tax, combos, returns and serial numbers are not part of the contract (§6.3). */
function beyondContract(row: Row): string[] {
  const list = Array.isArray(row[linesName]) ? (row[linesName] as readonly Row[]) : []
  const found = list.flatMap((line) => [
    ...strange(line, /combo/, 'combo'),
    ...strange(line, /^(?!is_).*serial/, 'serial'),
    ...(isNumeric(line.amount) && toDecimal(line.amount)?.startsWith('-') ? ['return'] : []),
  ])
  return [...new Set([...strange(row, /_overall(_oc)?$/, 'overall'), ...found])]
}

/** Everything the CRM owns is read only here: only the columns of the way back can be written at all (D3). */
export const crmSide: Side = {
  write: 'patch',
  resources: [
    {
      resource: 'SaleOrders',
      columns: {
        number: readOnly(columns.code('sale_order_no')),
        date: readOnly(columns.date('sale_order_date')),
        customer,
        owner: readOnly(columns.code('owner_code')),
        quote: readOnly(columns.code('quote_no')),
        currency: readOnly(
          columns.choice('currency_type', Object.fromEntries(currencies.map((currency) => [currency, currency]))),
        ),
        exchangeRate: amount('exchange_rate'),
        deliveryDate: readOnly(columns.date('deadline_date')),
        dueDays: readOnly(columns.integer('number_of_days_owed')),
        shippingAddress: readOnly(columns.text('shipping_address')),
        description: readOnly(columns.text('description')),
        goods: amount('to_currency_summary'),
        goodsOc: amount('to_currency_summary_oc'),
        discount: amount('discount_summary'),
        discountOc: amount('discount_summary_oc'),
        vat: amount('tax_summary'),
        vatOc: amount('tax_summary_oc'),
        total: amount('total_summary'),
        totalOc: amount('total_summary_oc'),
        liquidation: amount('liquidate_amount'),
        liquidationOc: amount('liquidate_amount_oc'),
        requestSeq: readOnly(columns.integer('revenue_request_seq')),
        parentOrder: readOnly(columns.flag('is_parent_sale_order')),
        beyond: columns.custom([], { decode: beyondContract }),
        lines,
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
