import {
  bool,
  carried,
  code,
  customFields,
  date,
  guid,
  int,
  money,
  num,
  oneOf,
  text,
  type Scalar,
} from '../model/column.ts'
import { CURRENCIES } from '../crm/statuses.ts'

/** Kinds of documents by `voucher_type` (§2.3.3). */
export const VOUCHER_TYPES: Readonly<Record<number, { readonly reftype: number; readonly flag?: string }>> = {
  20: { reftype: 3520 },
  120: { reftype: 9520, flag: 'contracts' },
  121: { reftype: 9510, flag: 'quotes' },
  122: { reftype: 9550, flag: 'invoiceRequests' },
}

/** Header columns that count as content. Amounts marked ₫ come as pairs. */
export const HEADER: readonly Scalar[] = [
  ...int('voucher_type reftype', { required: true }),
  ...guid('org_refid', { required: true }),
  ...code('org_refno', { required: true }),
  ...text('org_reftype_name'),
  ...guid('refid'),
  ...bool('is_get_new_id', { default: false }),
  ...date('refdate', { required: true }),
  ...code('account_object_code', { required: true }),
  ...text(
    'account_object_name account_object_address account_object_tax_code shipping_address receiver journal_memo other_term',
  ),
  ...code('employee_code'),
  { ...oneOf('currency_id', CURRENCIES, { required: true }), default: null },
  ...num('exchange_rate', { above: 0, required: true }),
  ...date('delivery_date'),
  ...int('due_day'),
  oneOf('discount_type', [0, 1, 2, 3]),
  ...money('total_sale_amount total_discount_amount total_vat_amount total_amount liquidate_amount'),
  ...guid('quote_org_refid'),
  ...carried('crm_id'),
  ...customFields(10),
]

/** Header columns of one kind only. */
export const HEADER_OF: Readonly<Record<number, readonly Scalar[]>> = {
  121: [...date('valid_until'), ...text('quote_status')],
  122: text('buyer_name buyer_tax_code buyer_address buyer_email'),
}

/** Lists of an invoice request, stored unchecked. */
export const LISTS_OF_122 = ['order_org_refids', 'order_nos'] as const

/** Columns that never count as content: the request counter, and state that is taken over at creation only. */
export const HEADER_STATE: readonly Scalar[] = [
  ...int('request_seq'),
  { ...oneOf('status', [0, 1, 2, 3]), default: null },
  { ...oneOf('delivered_status', [0, 1, 2]), default: null },
  { ...oneOf('revenue_status', [0, 1]), default: null },
]

/** Sums of a header with the line column that each adds up. */
export const HEADER_SUMS = {
  total_sale_amount: 'amount',
  total_discount_amount: 'discount_amount',
  total_vat_amount: 'vat_amount',
} as const

/** Amounts of a header marked ₫ that must be given. */
export const HEADER_AMOUNTS = [...Object.keys(HEADER_SUMS), 'total_amount'] as const

/** Amounts of a line marked ₫. */
export const DETAIL_AMOUNTS = ['amount', 'discount_amount', 'vat_amount'] as const

/** Columns of a line. */
export const DETAIL: readonly Scalar[] = [
  ...guid('ref_detail_id', { required: true }),
  ...code('inventory_item_code', { required: true }),
  ...text('inventory_item_name description'),
  ...code('unit_name', { required: true }),
  ...num('quantity unit_price', { required: true }),
  ...code('main_unit_name'),
  ...num('main_convert_rate', { above: 0, default: 1 }),
  oneOf('exchange_rate_operator', ['*', '/']),
  ...num('main_quantity'),
  ...money('amount'),
  ...num('discount_rate', { default: 0 }),
  ...money('discount_amount', { default: 0 }),
  oneOf('vat_rate', [-1, -2, -3, 0, 5, 8, 10]),
  ...num('other_vat_rate', { min: 0 }),
  ...money('vat_amount', { default: 0 }),
  ...code('stock_code'),
  ...bool('is_promotion', { default: false }),
  ...int('sort_order'),
  ...guid('order_org_refid'),
]
