import {
  bool,
  carried,
  code,
  customFields,
  date,
  derived,
  guid,
  int,
  num,
  oneOf,
  text,
  ts,
  type Codes,
  type Column,
  type Reader,
  type Reference,
} from '../model/column.ts'
import { sum } from '../model/decimal.ts'
import { fault } from '../model/fault.ts'
import type { Json } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey, compareCodes, splitCodes } from '../model/text.ts'
import { wholeSecond } from '../model/time.ts'

/** Finds a row of another table by id. */
export type Lookup = (table: string, id: string) => Row | undefined

const common = (dictionaryType: number): Column[] => [
  ...ts('created_date modified_date', { readonly: true }),
  ...text('created_by modified_by', { readonly: true }),
  ...bool('inactive', { default: false }),
  derived('dictionary_type', () => dictionaryType),
]

const id = (name: string): Column => derived(name, (row) => row.id)

function byCode(name: string, table: string, codeColumn: string, extra: Partial<Reference> = {}): Reference {
  return { kind: 'reference', name, store: `${name}_ref`, table, shows: codeColumn, ...extra }
}

const codes = (name: string, table: string, form: Codes['form']): Codes => ({
  kind: 'codes',
  name,
  form,
  tables: [table],
  guards: true,
})

/** A column of the rows named in a list of codes, joined by `;`. */
function joined(name: string, list: string, table: string, show: (row: Row) => Json): Column {
  return derived(name, (row: Row, reader: Reader) => {
    const stored = row[list]
    if (typeof stored !== 'string') return null
    const found = splitCodes(stored).map((item) => reader.byCode(table, item))
    return found.flatMap((target) => (target ? [String(show(target) ?? '')] : [])).join(';') || null
  })
}

const through = (name: string, store: string, table: string, show: (row: Row) => Json): Column =>
  derived(name, (row, reader) => {
    const target = row[store] === undefined ? undefined : reader.row(table, row[store])
    return target ? show(target) : null
  })

const platformId = {
  field: 'amis_platform_id',
  key: (row: Row): string | null => (row['amis_platform_id'] ? codeKey(String(row['amis_platform_id'])) : null),
}

const base = { ids: 'guid', orders: ['modified', 'id'], stamp: wholeSecond } as const

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

const STOCKS: Resource = {
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

const UNITS: Resource = {
  ...base,
  name: 'Units',
  key: 'unit_name',
  columns: [id('unit_id'), ...code('unit_name', { required: true }), ...text('description'), ...common(6)],
}

const ORGANIZATION_UNITS: Resource = {
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

function groupLike(name: string, prefix: string, dictionaryType: number): Resource {
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

const PRICE_POLICIES: Resource = {
  ...base,
  name: 'PricePolicies',
  key: 'policy_code',
  columns: [
    id('price_policy_id'),
    ...code('policy_code', { required: true }),
    ...text('policy_name', { required: true }),
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

function debts(lookup: Lookup): Resource {
  const object = (row: Row): Row | undefined => lookup('AccountObjects', String(row['object_ref']))
  const unit = (row: Row): Row | undefined => lookup('OrganizationUnits', String(row['unit_ref']))
  return {
    ...base,
    name: 'Debts',
    ids: 'integer',
    orders: ['natural', 'modified'],
    natural: (a, b) =>
      compareCodes(String(object(a)?.['account_object_code']), String(object(b)?.['account_object_code'])) ||
      compareCodes(String(unit(a)?.['organization_unit_code']), String(unit(b)?.['organization_unit_code'])) ||
      a.seq - b.seq,
    uniques: [
      { field: 'account_object_code', key: (row) => `${String(row['object_ref'])} ${String(row['unit_ref'])}` },
    ],
    group: (row) => String(row['object_ref']),
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

function balances(lookup: Lookup): Resource {
  const item = (row: Row): Row | undefined => lookup('InventoryItems', String(row['item_ref']))
  const stock = (row: Row): Row | undefined => lookup('Stocks', String(row['stock_ref']))
  return {
    ...base,
    name: 'Balances',
    ids: 'integer',
    orders: ['natural'],
    natural: (a, b) =>
      compareCodes(String(item(a)?.['inventory_item_code']), String(item(b)?.['inventory_item_code'])) ||
      compareCodes(String(stock(a)?.['stock_code']), String(stock(b)?.['stock_code'])) ||
      a.seq - b.seq,
    uniques: [{ field: 'inventory_item_code', key: (row) => `${String(row['item_ref'])} ${String(row['stock_ref'])}` }],
    columns: [
      through('inventory_item_id', 'item_ref', 'InventoryItems', (row) => row.id),
      { ...byCode('inventory_item_code', 'InventoryItems', 'inventory_item_code'), store: 'item_ref', required: true },
      through('inventory_item_name', 'item_ref', 'InventoryItems', (row) => row['inventory_item_name']),
      through('stock_id', 'stock_ref', 'Stocks', (row) => row.id),
      { ...byCode('stock_code', 'Stocks', 'stock_code'), store: 'stock_ref', required: true, guards: true },
      through('stock_name', 'stock_ref', 'Stocks', (row) => row['stock_name']),
      derived('organization_unit_code', (row) => {
        const branch = stock(row)?.['organization_unit_code_ref']
        return branch === undefined ? null : lookup('OrganizationUnits', String(branch))?.['organization_unit_code']
      }),
      derived('unit_name', (row) => lookup('Units', String(item(row)?.['unit_name_ref']))?.['unit_name']),
      ...num('quantity_balance', { required: true }),
      ...num('amount_balance', { default: 0 }),
    ],
  }
}

/** Documents keep their content as sent; how they are shown is `voucher-row.ts`'s. */
const VOUCHERS: Resource = { ...base, name: 'Vouchers', columns: guid('org_refid') }

/** All entities of ACT, in the order of the contract. */
export function accountingResources(lookup: Lookup): Resource[] {
  return [
    ACCOUNT_OBJECTS,
    INVENTORY_ITEMS,
    STOCKS,
    UNITS,
    ORGANIZATION_UNITS,
    groupLike('AccountObjectGroups', 'account_object_group', 2),
    groupLike('Categories', 'inventory_item_category', 102),
    PRICE_POLICIES,
    debts(lookup),
    balances(lookup),
    VOUCHERS,
  ]
}
