import { carried, code, customFields, bool, derived, int, num, oneOf, text } from '../model/column.ts'
import { sum } from '../model/decimal.ts'
import { fault } from '../model/fault.ts'
import type { Resource } from '../model/resource.ts'
import { base, byCode, codes, common, id, joined, platformId, through } from './columns.ts'

const GROUP_LIST = 'account_object_group_code_list'
const CATEGORY_LIST = 'inventory_item_category_code_list'

/** Customers, vendors and employees (§2.2.1). */
export const ACCOUNT_OBJECTS: Resource = {
  ...base,
  name: 'AccountObjects',
  key: 'account_object_code',
  uniques: [platformId],
  columns: [
    id('account_object_id'),
    ...code('account_object_code', { required: true }),
    ...text('account_object_name', { required: true }),
    oneOf('account_object_type', [0, 1]),
    ...bool('is_customer is_vendor is_employee', { default: false }),
    ...text('company_tax_code identification_number address country province_or_city district ward_or_commune'),
    ...text('account_object_shipping_address tel mobile email_address website description'),
    ...int('due_time'),
    ...num('maximize_debt_amount'),
    derived('receiptable_debt_amount', (row, reader) =>
      sum(reader.group('Debts', String(row.id)).map((debt) => debt['debt_amount'] as number)),
    ),
    codes(GROUP_LIST, 'AccountObjectGroups', 'text'),
    joined('account_object_group_id_list', GROUP_LIST, 'AccountObjectGroups', (row) => row.id),
    joined(
      'account_object_group_name_list',
      GROUP_LIST,
      'AccountObjectGroups',
      (row) => row['account_object_group_name'],
    ),
    byCode('employee_code', 'AccountObjects', 'account_object_code', { accepts: (row) => row['is_employee'] === true }),
    byCode('organization_unit_code', 'OrganizationUnits', 'organization_unit_code', { guards: true }),
    through('organization_unit_id', 'organization_unit_code_ref', 'OrganizationUnits', (row) => row.id),
    through(
      'organization_unit_name',
      'organization_unit_code_ref',
      'OrganizationUnits',
      (row) => row['organization_unit_name'],
    ),
    ...text('amis_platform_id crm_id'),
    ...carried('bank_account bank_name contact_name contact_mobile einvoice_contact_name einvoice_contact_email'),
    ...carried('einvoice_contact_mobile'),
    ...customFields(10),
    ...common(1),
  ],
}

/** Inventory items; `unit_price` is the cost (§2.2.1). */
export const INVENTORY_ITEMS: Resource = {
  ...base,
  name: 'InventoryItems',
  key: 'inventory_item_code',
  complete: ({ draft }) =>
    draft['tax_rate'] === -3 && draft['other_tax_rate'] === undefined ? [fault('other_tax_rate', 'required')] : [],
  columns: [
    id('inventory_item_id'),
    ...code('inventory_item_code', { required: true }),
    ...text('inventory_item_name', { required: true }),
    byCode('unit_name', 'Units', 'unit_name', { required: true, guards: true }),
    through('unit_id', 'unit_name_ref', 'Units', (row) => row.id),
    oneOf('inventory_item_type', [0, 1, 2, 3]),
    {
      kind: 'items',
      name: 'unit_list',
      columns: [
        byCode('unit_name', 'Units', 'unit_name', { required: true, guards: true }),
        ...num('convert_rate', { required: true, above: 0 }),
        oneOf('operator', ['*', '/']),
      ],
    },
    ...num('unit_price sale_price1 sale_price2 sale_price3 fixed_sale_price'),
    oneOf('tax_rate', [0, 5, 8, 10, -1, -2, -3], { default: null }),
    ...num('other_tax_rate', { min: 0 }),
    codes(CATEGORY_LIST, 'Categories', 'text'),
    joined('inventory_item_category_id_list', CATEGORY_LIST, 'Categories', (row) => row.id),
    joined(
      'inventory_item_category_name_list',
      CATEGORY_LIST,
      'Categories',
      (row) => row['inventory_item_category_name'],
    ),
    ...bool('is_follow_serial_number', { default: false }),
    ...text('description crm_id'),
    ...carried('default_stock_id minimum_stock is_unit_price_after_tax inventory_account cogs_account sale_account'),
    ...common(3),
  ],
}

/** §2.2.1 */
export const STOCKS: Resource = {
  ...base,
  name: 'Stocks',
  key: 'stock_code',
  columns: [
    id('stock_id'),
    ...code('stock_code', { required: true }),
    ...text('stock_name', { required: true }),
    ...text('description'),
    byCode('organization_unit_code', 'OrganizationUnits', 'organization_unit_code', { guards: true }),
    ...common(5),
  ],
}

/** §2.2.1 */
export const UNITS: Resource = {
  ...base,
  name: 'Units',
  key: 'unit_name',
  columns: [id('unit_id'), ...code('unit_name', { required: true }), ...text('description'), ...common(6)],
}

/** §2.2.1 */
export const ORGANIZATION_UNITS: Resource = {
  ...base,
  name: 'OrganizationUnits',
  key: 'organization_unit_code',
  uniques: [platformId],
  columns: [
    id('organization_unit_id'),
    ...code('organization_unit_code', { required: true }),
    ...text('organization_unit_name', { required: true }),
    { ...oneOf('organization_unit_type_id', [1, 2, 3, 4], { required: true }), default: null },
    byCode('parent_code', 'OrganizationUnits', 'organization_unit_code', { tree: true, guards: true }),
    ...text('amis_platform_id'),
    ...common(106),
  ],
}

/** A tree of groups or categories (§2.2.1). */
export function groupLike(name: string, prefix: string, dictionaryType: number): Resource {
  return {
    ...base,
    name,
    key: `${prefix}_code`,
    columns: [
      id(`${prefix}_id`),
      ...code(`${prefix}_code`, { required: true }),
      ...text(`${prefix}_name`, { required: true }),
      byCode('parent_code', name, `${prefix}_code`, { tree: true, guards: true }),
      ...text('description crm_id'),
      ...common(dictionaryType),
    ],
  }
}
