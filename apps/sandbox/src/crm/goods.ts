import { bool, carried, code, customFields, guid, num, oneOf, text, ts, vat, type Column } from '../model/column.ts'
import type { Resource } from '../model/resource.ts'
import { compareCodes } from '../model/text.ts'
import { byCode, COMMON, ID, pair } from './columns.ts'
import { PRODUCT_KINDS } from './statuses.ts'

/** §1.5.4 */
export const PRODUCT_CATEGORIES: Resource = {
  name: 'ProductCategories',
  ids: 'integer',
  key: 'category_code',
  orders: ['modified', 'created', 'id'],
  columns: [
    ID,
    ...code('category_code', { required: true }),
    ...text('category_name', { required: true }),
    byCode('parent_code', 'ProductCategories', 'category_code', { tree: true, guards: true }),
    ...COMMON,
  ],
}

const CATEGORY = pair(
  'product_category',
  'product_category_code',
  'ProductCategories',
  'category_name',
  'category_code',
)

/** Units that a product is also counted in. */
const CONVERSION_UNITS: Column = {
  kind: 'items',
  name: 'conversion_units',
  columns: [
    ...code('usage_unit', { required: true }),
    ...num('ratio', { above: 0, required: true }),
    oneOf('operator', ['*', '/']),
  ],
}

/** §1.5.5 */
export const PRODUCTS: Resource = {
  name: 'Products',
  ids: 'integer',
  key: 'product_code',
  orders: ['modified', 'created', 'id'],
  columns: [
    ID,
    ...code('product_code', { required: true }),
    ...text('product_name', { required: true }),
    ...code('usage_unit', { required: true }),
    oneOf('product_properties', PRODUCT_KINDS),
    { ...CATEGORY, guards: true, flag: 'productCategories' },
    ...text('product_category', {
      store: 'product_category_text',
      without: 'productCategories',
      fallback: (row, reader) =>
        row[CATEGORY.store] === undefined ? null : reader.row(CATEGORY.table, row[CATEGORY.store])?.[CATEGORY.shows],
    }),
    ...num('unit_price unit_price1 unit_price2 unit_price_fixed unit_cost purchased_price'),
    ...vat('tax'),
    CONVERSION_UNITS,
    ...bool('is_follow_serial_number', { default: false }),
    ...text('sale_description'),
    { ...pair('default_stock', 'default_stock_code', 'Stocks', 'stock_name', 'stock_code'), guards: true },
    ...carried('source quantity_formula tag price_after_tax is_use_tax warranty_period warranty_description'),
    ...carried('is_set_product form_layout'),
    ...customFields(20),
    ...COMMON,
  ],
}

/** §1.5.9 */
export const STOCKS: Resource = {
  name: 'Stocks',
  ids: 'integer',
  key: 'stock_code',
  orders: ['modified', 'created', 'id'],
  uniques: [{ field: 'async_id', key: (row) => (row['async_id'] as string | undefined) ?? null }],
  keeps: (row, world) =>
    world
      .table('ProductLedger')
      .group(`s${row.id}`)
      .some((pairRow) => pairRow['quantity'] !== 0),
  columns: [
    ID,
    ...code('stock_code', { required: true }),
    ...text('stock_name', { required: true }),
    ...guid('async_id act_database_id'),
    ...COMMON,
  ],
}

/** §1.5.9: quantity on hand by product and warehouse, in the product's main unit. */
export const PRODUCT_LEDGER_COLUMNS: readonly Column[] = [
  byCode('product_code', 'Products', 'product_code', { required: true }),
  byCode('stock_code', 'Stocks', 'stock_code', { required: true }),
  ...num('quantity', { required: true }),
  ...ts('as_of'),
]

/** Compares codes, absent ones last. */
export function compareOptional(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  return compareCodes(a, b)
}
