import {
  bool,
  carried,
  customFields,
  code,
  date,
  derived,
  int,
  money,
  num,
  oneOf,
  text,
  ts,
  vat,
  type Column,
} from '../model/column.ts'
import type { Resource } from '../model/resource.ts'
import { BUYER, byCode, COMMON, ID, pair } from './columns.ts'
import { completeDocument, finishDocument, type DocumentRules } from './document-rules.ts'
import * as statuses from './statuses.ts'

/** Extra line columns of one kind of document. */
function lines(extra: readonly Column[]): readonly Column[] {
  return [
    derived('line_id', (line) => line['line_id'], { flag: 'lineIds' }),
    byCode('product_code', 'Products', 'product_code', { required: true }),
    ...text('unit'),
    derived('usage_unit', (line, reader) => reader.row('Products', line['product_code_ref'])?.['usage_unit']),
    ...num('ratio', { above: 0, default: 1 }),
    oneOf('operator', ['*', '/']),
    ...num('amount', { required: true }),
    ...num('usage_unit_amount'),
    ...money('price'),
    ...num('discount_percent', { default: 0 }),
    ...money('discount', { default: 0 }),
    ...vat('tax_percent'),
    ...money('tax to_currency total'),
    pair('stock_name', 'stock_code', 'Stocks', 'stock_name', 'stock_code'),
    ...bool('is_promotion', { default: false }),
    ...int('sort_order'),
    ...text('description'),
    ...extra,
    ...carried('batch_number expire_date price_after_tax price_after_discount height width length radius mass'),
  ]
}

const MONEY_AND_SUMS: readonly Column[] = [
  oneOf('currency_type', statuses.CURRENCIES),
  ...num('exchange_rate', { above: 0, default: 1 }),
  ...money('to_currency_summary discount_summary tax_summary total_summary'),
  ...num('amount_summary usage_unit_amount_summary'),
]

/** `receipts` and `invoices`: number, date and amount in VND. */
function slips(name: string, number: string, day: string, flag?: string): Column {
  return {
    kind: 'items',
    name,
    columns: [...text(number), ...date(day), ...num('amount')],
    ...(flag && { flag }),
  }
}

function document(
  rules: DocumentRules,
  key: string,
  columns: readonly Column[],
  lineColumns: readonly Column[],
): Resource {
  const withLines: DocumentRules = { ...rules, lineColumns }
  return {
    name: rules.name,
    ids: 'integer',
    key,
    orders: ['modified', 'created', 'id'],
    complete: (writing) => completeDocument(withLines, writing),
    finish: (writing, counters) => finishDocument(withLines, writing, counters),
    columns: [
      ID,
      ...code(key, { required: true }),
      ...columns,
      ...MONEY_AND_SUMS,
      { kind: 'items', name: rules.lines, columns: lineColumns, readonly: true },
      ...COMMON,
    ],
  }
}

/** §1.5.6 */
export const SALE_ORDERS: Resource = document(
  {
    name: 'SaleOrders',
    lines: 'sale_order_product_mappings',
    amounts: [
      'sale_order_amount',
      'liquidate_amount',
      'total_receipted_amount',
      'invoiced_amount',
      'balance_receipt_amount',
      'un_invoiced_amount',
    ],
    request: {
      status: 'revenue_status',
      requested: 'Đề nghị ghi',
      initial: 'Bản nháp',
      counter: 'revenue_request_seq',
    },
  },
  'sale_order_no',
  [
    ...date('sale_order_date', { required: true }),
    ...BUYER,
    pair('billing_account', 'billing_account_number', 'Customers', 'account_name', 'account_number'),
    pair('quote_name', 'quote_no', 'Quotes', 'quote_no', 'quote_no'),
    pair('parent_name', 'parent_sale_order_no', 'SaleOrders', 'sale_order_no', 'sale_order_no'),
    ...bool('is_parent_sale_order', { default: false }),
    ...text('sale_order_name'),
    oneOf('sale_order_type', statuses.ORDER_TYPES),
    ...text('phone shipping_address'),
    ...date('deadline_date delivery_date due_date book_date invoice_date paid_date'),
    oneOf('status', statuses.ORDER_STATUSES),
    oneOf('revenue_status', statuses.REVENUE_STATUSES),
    oneOf('delivery_status', statuses.DELIVERY_STATUSES),
    oneOf('pay_status', statuses.PAY_STATUSES),
    oneOf('approved_status', statuses.APPROVED_STATUSES, { default: null }),
    ...text('revenue_refusal_reason', { flag: 'revenueWithdrawal' }),
    ...int('revenue_request_seq', { readonly: true, default: 0, flag: 'revenueWithdrawal' }),
    ...bool('revenue_withdraw_requested', { default: false, flag: 'revenueWithdrawal' }),
    ...text('revenue_withdraw_refusal', { flag: 'revenueWithdrawal' }),
    ...num('shipping_amount_summary'),
    ...money('sale_order_amount liquidate_amount'),
    ...money('total_receipted_amount invoiced_amount', { default: 0 }),
    ...money('balance_receipt_amount un_invoiced_amount'),
    ...bool('is_invoiced', { default: false }),
    slips('receipts', 'receipt_no', 'receipt_date', 'receiptList'),
    ...carried('opportunity_name campaign_name is_use_currency number_of_days_owed recorded_sale_users_name'),
    ...carried('recorded_sale_organization_unit_name other_sys_order_code un_subcrible form_layout'),
    ...customFields(20),
  ],
  lines(num('shipping_amount', { default: 0 })),
)

/** §1.5.7 */
export const QUOTES: Resource = document(
  { name: 'Quotes', lines: 'quote_product_mappings', amounts: [] },
  'quote_no',
  [
    ...date('quote_date', { required: true }),
    ...BUYER,
    ...date('valid_until'),
    oneOf('status', statuses.QUOTE_STATUSES),
  ],
  lines([]),
)

/** §1.5.7 */
export const INVOICE_REQUESTS: Resource = document(
  {
    name: 'InvoiceRequests',
    lines: 'invoice_request_product_mappings',
    amounts: [],
    request: {
      status: 'status',
      requested: 'Đã đề nghị',
      initial: 'Bản nháp',
      counter: 'request_seq',
      date: 'requested_date',
    },
  },
  'request_no',
  [
    ...date('request_date', { required: true }),
    ...BUYER,
    { kind: 'codes', name: 'sale_order_nos', form: 'array', tables: ['SaleOrders'] },
    ...text('buyer_name buyer_tax_code buyer_address buyer_email'),
    oneOf('status', statuses.INVOICE_REQUEST_STATUSES),
    ...text('refusal_reason'),
    ...int('request_seq', { readonly: true, default: 0 }),
    ...ts('requested_date', { readonly: true }),
    slips('invoices', 'invoice_no', 'invoice_date'),
  ],
  lines([byCode('sale_order_no', 'SaleOrders', 'sale_order_no')]),
)
