import { type Canonical, type Column, type Columns, type Value, codeKey, columns } from '@amis-sync/core'

/** Decimals as they stand in a price list: money and percents of catalogues. */
const scale = 4

/** What names an item on both sides: product, unit and where its quantities begin; equal ones are told apart by their order. */
function keyed(items: Value | undefined): Value | undefined {
  if (items === undefined) return undefined
  const seen = new Map<string, number>()
  return (items as readonly Canonical[]).map((item) => {
    const from = typeof item.fromQuantity === 'string' ? item.fromQuantity : '0'
    const name = [item.product, item.unit].map((code) => (typeof code === 'string' ? codeKey(code) : ''))
    const key = [...name, from].join('|')
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return { ...item, key: count === 1 ? key : `${key}#${count}`, fromQuantity: from }
  })
}

/** `key` is made, never written: lists of items are replaced as a whole (contract §1.5.8). */
function itemsColumn(name: string, parts: Columns): Column {
  const plain = columns.list(name, parts)
  return { ...plain, decode: (row) => keyed(plain.decode!(row)) }
}

export const crmItems = itemsColumn('items', {
  product: columns.code('product_code'),
  unit: columns.code('usage_unit'),
  fromQuantity: columns.decimal('from_quantity'),
  toQuantity: columns.decimal('to_quantity'),
  price: columns.decimal('price', scale),
  discount: columns.decimal('discount_percent', scale),
})

/** `unit_price` here is a selling price (contract §2.2.1). */
export const accountingItems = columns.readOnly(
  itemsColumn('details', {
    product: columns.code('inventory_item_code'),
    unit: columns.code('unit_name'),
    fromQuantity: columns.decimal('from_quantity'),
    toQuantity: columns.decimal('to_quantity'),
    price: columns.decimal('unit_price', scale),
    discount: columns.decimal('discount_rate', scale),
  }),
)
