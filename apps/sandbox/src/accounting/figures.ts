import { code, date, derived, num, oneOf, text, ts } from '../model/column.ts'
import { fault } from '../model/fault.ts'
import { asText } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { compareCodes } from '../model/text.ts'
import { base, byCode, codes, common, id, through } from './columns.ts'

/** Finds a row of another table by id. */
export type Lookup = (table: string, id: string) => Row | undefined

/** §2.2.1 */
export const PRICE_POLICIES: Resource = {
  ...base,
  name: 'PricePolicies',
  key: 'policy_code',
  columns: [
    id('price_policy_id'),
    ...code('policy_code', { required: true }),
    ...text('policy_name'),
    ...date('from_date to_date'),
    oneOf('apply_to', [0, 1, 2]),
    codes('account_object_codes', 'AccountObjects', 'array'),
    codes('account_object_group_codes', 'AccountObjectGroups', 'array'),
    {
      kind: 'items',
      name: 'details',
      check: (item, path) =>
        (item['unit_price'] === undefined) === (item['discount_rate'] === undefined)
          ? [fault(`${path}unit_price`, 'invalid')]
          : [],
      columns: [
        byCode('inventory_item_code', 'InventoryItems', 'inventory_item_code', { required: true }),
        byCode('unit_name', 'Units', 'unit_name', { required: true, guards: true }),
        ...num('from_quantity', { default: 0 }),
        ...num('to_quantity unit_price discount_rate'),
      ],
    },
    ...text('description'),
    ...common(103),
  ],
}

/** What customers owe by branch (§2.2.2). */
export function debts(lookup: Lookup): Resource {
  const object = (row: Row): Row | undefined => lookup('AccountObjects', asText(row['object_ref']))
  const unit = (row: Row): Row | undefined => lookup('OrganizationUnits', asText(row['unit_ref']))
  return {
    ...base,
    name: 'Debts',
    ids: 'integer',
    orders: ['natural', 'modified'],
    natural: (a, b) =>
      compareCodes(asText(object(a)?.['account_object_code']), asText(object(b)?.['account_object_code'])) ||
      compareCodes(asText(unit(a)?.['organization_unit_code']), asText(unit(b)?.['organization_unit_code'])) ||
      a.seq - b.seq,
    uniques: [
      { field: 'account_object_code', key: (row) => `${asText(row['object_ref'])} ${asText(row['unit_ref'])}` },
    ],
    group: (row) => asText(row['object_ref']),
    columns: [
      through('account_object_id', 'object_ref', 'AccountObjects', (row) => row.id),
      {
        ...byCode('account_object_code', 'AccountObjects', 'account_object_code'),
        store: 'object_ref',
        required: true,
      },
      through('account_object_name', 'object_ref', 'AccountObjects', (row) => row['account_object_name']),
      through('organization_unit_id', 'unit_ref', 'OrganizationUnits', (row) => row.id),
      {
        ...byCode('organization_unit_code', 'OrganizationUnits', 'organization_unit_code'),
        store: 'unit_ref',
        required: true,
        guards: true,
      },
      through('organization_unit_name', 'unit_ref', 'OrganizationUnits', (row) => row['organization_unit_name']),
      ...num('debt_amount', { required: true }),
      ...num('invoice_debt_amount'),
      ...ts('modified_date', { readonly: true }),
    ],
  }
}

/** Stock on hand by item and warehouse (§2.2.2). */
export function balances(lookup: Lookup): Resource {
  const item = (row: Row): Row | undefined => lookup('InventoryItems', asText(row['item_ref']))
  const stock = (row: Row): Row | undefined => lookup('Stocks', asText(row['stock_ref']))
  return {
    ...base,
    name: 'Balances',
    ids: 'integer',
    orders: ['natural'],
    natural: (a, b) =>
      compareCodes(asText(item(a)?.['inventory_item_code']), asText(item(b)?.['inventory_item_code'])) ||
      compareCodes(asText(stock(a)?.['stock_code']), asText(stock(b)?.['stock_code'])) ||
      a.seq - b.seq,
    uniques: [{ field: 'inventory_item_code', key: (row) => `${asText(row['item_ref'])} ${asText(row['stock_ref'])}` }],
    columns: [
      through('inventory_item_id', 'item_ref', 'InventoryItems', (row) => row.id),
      { ...byCode('inventory_item_code', 'InventoryItems', 'inventory_item_code'), store: 'item_ref', required: true },
      through('inventory_item_name', 'item_ref', 'InventoryItems', (row) => row['inventory_item_name']),
      through('stock_id', 'stock_ref', 'Stocks', (row) => row.id),
      { ...byCode('stock_code', 'Stocks', 'stock_code'), store: 'stock_ref', required: true, guards: true },
      through('stock_name', 'stock_ref', 'Stocks', (row) => row['stock_name']),
      derived('organization_unit_code', (row) => {
        const branch = stock(row)?.['organization_unit_code_ref']
        return branch === undefined ? null : lookup('OrganizationUnits', asText(branch))?.['organization_unit_code']
      }),
      derived('unit_name', (row) => lookup('Units', asText(item(row)?.['unit_name_ref']))?.['unit_name']),
      ...num('quantity_balance', { required: true }),
      ...num('amount_balance', { default: 0 }),
    ],
  }
}
