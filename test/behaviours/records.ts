import type { AnyRow } from './company.ts'

/** Small records for tests, as a person would enter them. */
export const customer = (code: string, more: AnyRow = {}): AnyRow => ({
  account_number: code,
  account_name: `Công ty ${code}`,
  ...more,
})

export const group = (code: string, more: AnyRow = {}): AnyRow => ({
  group_code: code,
  group_name: `Nhóm ${code}`,
  ...more,
})

export const category = (code: string, more: AnyRow = {}): AnyRow => ({
  category_code: code,
  category_name: `Nhóm hàng ${code}`,
  ...more,
})

export const product = (code: string, more: AnyRow = {}): AnyRow => ({
  product_code: code,
  product_name: `Hàng ${code}`,
  usage_unit: 'Cái',
  unit_price: 100000,
  tax: '8%',
  ...more,
})

/** A draft order of two pieces. */
export const order = (number: string, account: string, item: string, more: AnyRow = {}): AnyRow => ({
  sale_order_no: number,
  sale_order_date: '2026-11-20',
  account_number: account,
  sale_order_product_mappings: [{ product_code: item, amount: 2, price: 100000 }],
  ...more,
})

/** A draft quote of two pieces. */
export const quote = (number: string, account: string, item: string, more: AnyRow = {}): AnyRow => ({
  quote_no: number,
  quote_date: '2026-11-20',
  account_number: account,
  quote_product_mappings: [{ product_code: item, amount: 2, price: 100000 }],
  ...more,
})

/** A draft invoice request over two pieces of one order. */
export const invoiceRequest = (
  number: string,
  account: string,
  item: string,
  sale_order_no: string,
  more: AnyRow = {},
): AnyRow => ({
  request_no: number,
  request_date: '2026-11-21',
  account_number: account,
  sale_order_nos: [sale_order_no],
  invoice_request_product_mappings: [{ product_code: item, amount: 2, price: 100000, sale_order_no }],
  ...more,
})
