import { code, date, num, oneOf, text, type Column } from '../model/column.ts'
import { fault, type Fault } from '../model/fault.ts'
import type { JsonObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import { byCode, COMMON, ID } from './columns.ts'

/** Exactly one of a price and a percentage (§1.5.8). */
function onePriceOnly(price: string, percent: string): (item: JsonObject, path: string) => Fault[] {
  return (item, path) =>
    (item[price] === undefined) === (item[percent] === undefined) ? [fault(path + price, 'invalid')] : []
}

const ITEMS: Column = {
  kind: 'items',
  name: 'items',
  required: true,
  check: onePriceOnly('price', 'discount_percent'),
  columns: [
    byCode('product_code', 'Products', 'product_code', { required: true }),
    ...code('usage_unit', { required: true }),
    ...num('from_quantity', { default: 0 }),
    ...num('to_quantity price discount_percent'),
  ],
}

/** §1.5.8 */
export const PRICE_POLICIES: Resource = {
  name: 'PricePolicies',
  ids: 'integer',
  key: 'policy_code',
  orders: ['modified', 'created', 'id'],
  columns: [
    ID,
    ...code('policy_code', { required: true }),
    ...text('policy_name', { required: true }),
    ...date('from_date to_date'),
    { ...oneOf('apply_to', ['all', 'customers', 'groups'], { required: true }), default: null },
    { kind: 'codes', name: 'account_numbers', form: 'array', tables: ['Customers', 'Contacts'] },
    { kind: 'codes', name: 'group_codes', form: 'array', tables: ['CustomerGroups'], guards: true },
    ITEMS,
    ...COMMON,
  ],
}
