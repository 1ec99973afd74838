import type { Chance } from '@amis-sync/testkit/simulation'
import type { AnyRow } from './systems.ts'

/** Few records, so that operations meet; the same code may be used on both sides. */
const code = (prefix: string, count: number) => (chance: Chance) => `${prefix}${chance.between(1, count)}`
export const customer = code('KH', 3)
const product = code('VT', 3)
const customerGroup = code('NKH', 3)
const productGroup = code('NHH', 3)
export const order = code('DH', 3)
const quote = code('BG', 2)
export const request = code('YC', 2)
const employee = code('NV', 2)
const unit = code('DV', 2)

/** A name, now and then with its marks apart (NFD), as some keyboards write it. */
export const text = (chance: Chance): string =>
  chance.pick(['An', 'Bình', 'Cường', 'Dũng', 'Đức', 'Giang', 'Hà', 'Lan']).normalize(chance.maybe(0.2) ? 'NFD' : 'NFC')
const amount = (chance: Chance): number => chance.pick([0, 1, 1000, 12500, 99999.99, 250000, 123456789.37])
/** A value, or none: a field that is cleared. */
const orNone = <T>(chance: Chance, value: T): T | null => (chance.maybe(0.2) ? null : value)

type Draw = (chance: Chance) => AnyRow

const one =
  (...choices: readonly Draw[]): Draw =>
  (chance) =>
    chance.pick(choices)(chance)

const crmCustomer = one(
  (chance) => ({ account_name: `Công ty ${text(chance)}` }),
  (chance) => ({ office_tel: orNone(chance, `024${chance.between(1, 9)}0000000`) }),
  (chance) => ({ office_email: orNone(chance, `${chance.pick(['a', 'b', 'c'])}@example.vn`) }),
  (chance) => ({ billing_address: orNone(chance, `Số ${chance.below(50)} phố ${text(chance)}`) }),
  (chance) => ({ debt_limit: orNone(chance, amount(chance)) }),
  (chance) => ({ number_of_days_owed: orNone(chance, chance.below(60)) }),
  (chance) => ({ description: orNone(chance, text(chance)) }),
  (chance) => ({ tax_code: orNone(chance, `010000000${chance.below(3)}`) }),
  (chance) => ({ account_group_code_list: orNone(chance, customerGroup(chance)) }),
)
const actCustomer = one(
  (chance) => ({ account_object_name: `Công ty ${text(chance)}` }),
  (chance) => ({ tel: orNone(chance, `024${chance.between(1, 9)}0000000`) }),
  (chance) => ({ email_address: orNone(chance, `${chance.pick(['a', 'b', 'c'])}@example.vn`) }),
  (chance) => ({ address: orNone(chance, `Số ${chance.below(50)} phố ${text(chance)}`) }),
  (chance) => ({ maximize_debt_amount: orNone(chance, amount(chance)) }),
  (chance) => ({ due_time: orNone(chance, chance.below(60)) }),
  (chance) => ({ description: orNone(chance, text(chance)) }),
  (chance) => ({ company_tax_code: orNone(chance, `010000000${chance.below(3)}`) }),
  (chance) => ({ account_object_group_code_list: orNone(chance, customerGroup(chance)) }),
)
const crmProduct = one(
  (chance) => ({ product_name: `Hàng ${text(chance)}` }),
  (chance) => ({ unit_price: orNone(chance, amount(chance)) }),
  (chance) => ({ unit_cost: orNone(chance, amount(chance)) }),
  (chance) => ({ tax: orNone(chance, chance.pick(['8%', '10%', '0%', 'KCT'])) }),
  (chance) => ({ usage_unit: chance.pick(['Cái', 'Chiếc', 'Bộ']) }),
  (chance) => ({ sale_description: orNone(chance, text(chance)) }),
  (chance) => ({ product_category_code: orNone(chance, productGroup(chance)) }),
  (chance) => ({
    conversion_units: chance.pick([
      [],
      [{ usage_unit: 'Hộp', ratio: chance.between(2, 12), operator: '*' }],
      [
        { usage_unit: 'Thùng', ratio: 24, operator: '*' },
        { usage_unit: 'Hộp', ratio: 12, operator: '*' },
      ],
    ]),
  }),
)
const actProduct = one(
  (chance) => ({ inventory_item_name: `Hàng ${text(chance)}` }),
  (chance) => ({ sale_price1: orNone(chance, amount(chance)) }),
  (chance) => ({ unit_price: orNone(chance, amount(chance)) }),
  (chance) => ({ tax_rate: orNone(chance, chance.pick([8, 10, 0, -1])) }),
  (chance) => ({ description: orNone(chance, text(chance)) }),
  (chance) => ({ inventory_item_category_code_list: orNone(chance, productGroup(chance)) }),
)

/** How an entity is made and edited in a system. */
interface Kind {
  readonly system: 'crm' | 'accounting' | 'system'
  readonly entity: string
  readonly key: (chance: Chance) => string
  readonly make: (chance: Chance, key: string) => AnyRow
  readonly edit: Draw
  readonly weight: number
}

const line = (chance: Chance): AnyRow => ({
  product_code: product(chance),
  amount: chance.between(1, 9),
  price: chance.pick([1000, 12345.5, 100000]),
  ...(chance.maybe(0.3) ? { discount_percent: chance.pick([5, 12.5]) } : {}),
  ...(chance.maybe(0.5) ? { tax_percent: chance.pick(['8%', '10%', 'KCT']) } : {}),
})
const lines = (chance: Chance): AnyRow[] => Array.from({ length: chance.between(1, 3) }, () => line(chance))

/** An order as a salesperson enters it. */
export function orderRow(chance: Chance, key: string): AnyRow {
  return {
    sale_order_no: key,
    sale_order_date: '2026-11-20',
    account_number: customer(chance),
    ...(chance.maybe(0.2) ? { quote_no: quote(chance) } : {}),
    sale_order_product_mappings: lines(chance),
  }
}

export function invoiceRequestRow(chance: Chance, key: string, number: string): AnyRow {
  return {
    request_no: key,
    request_date: '2026-11-21',
    account_number: customer(chance),
    sale_order_nos: [number],
    invoice_request_product_mappings: [{ ...line(chance), sale_order_no: number }],
  }
}

/** In an order in which most references are there already. */
export const kinds: readonly Kind[] = [
  {
    system: 'crm',
    entity: 'Customers',
    key: customer,
    weight: 5,
    make: (chance, key) => ({ account_number: key, account_name: `Công ty ${key}`, ...crmCustomer(chance) }),
    edit: crmCustomer,
  },
  {
    system: 'accounting',
    entity: 'AccountObjects',
    key: customer,
    weight: 4,
    make: (chance, key) => ({
      account_object_code: key,
      account_object_name: `Công ty ${key}`,
      is_customer: true,
      ...actCustomer(chance),
    }),
    edit: actCustomer,
  },
  {
    system: 'crm',
    entity: 'Contacts',
    key: code('LH', 2),
    weight: 1,
    make: (chance, key) => ({ contact_code: key, contact_name: `Chị ${text(chance)}` }),
    edit: (chance) => ({ mailing_address: orNone(chance, text(chance)) }),
  },
  {
    system: 'crm',
    entity: 'Products',
    key: product,
    weight: 5,
    make: (chance, key) => ({
      product_code: key,
      product_name: `Hàng ${key}`,
      usage_unit: 'Cái',
      ...crmProduct(chance),
    }),
    edit: crmProduct,
  },
  {
    system: 'accounting',
    entity: 'InventoryItems',
    key: product,
    weight: 4,
    make: (chance, key) => ({
      inventory_item_code: key,
      inventory_item_name: `Hàng ${key}`,
      unit_name: 'Cái',
      ...actProduct(chance),
    }),
    edit: actProduct,
  },
  {
    system: 'crm',
    entity: 'CustomerGroups',
    key: customerGroup,
    weight: 2,
    make: (_chance, key) => ({ group_code: key, group_name: `Nhóm ${key}` }),
    edit: one(
      (chance) => ({ group_name: `Nhóm ${text(chance)}` }),
      (chance) => ({ parent_code: orNone(chance, customerGroup(chance)) }),
    ),
  },
  {
    system: 'accounting',
    entity: 'AccountObjectGroups',
    key: customerGroup,
    weight: 1,
    make: (_chance, key) => ({ account_object_group_code: key, account_object_group_name: `Nhóm ${key}` }),
    edit: (chance) => ({ account_object_group_name: `Nhóm ${text(chance)}` }),
  },
  {
    system: 'crm',
    entity: 'ProductCategories',
    key: productGroup,
    weight: 2,
    make: (_chance, key) => ({ category_code: key, category_name: `Nhóm hàng ${key}` }),
    edit: one(
      (chance) => ({ category_name: `Nhóm hàng ${text(chance)}` }),
      (chance) => ({ parent_code: orNone(chance, productGroup(chance)) }),
    ),
  },
  {
    system: 'accounting',
    entity: 'InventoryItemCategories',
    key: productGroup,
    weight: 1,
    make: (_chance, key) => ({ inventory_item_category_code: key, inventory_item_category_name: `Nhóm hàng ${key}` }),
    edit: (chance) => ({ inventory_item_category_name: `Nhóm hàng ${text(chance)}` }),
  },
  {
    system: 'crm',
    entity: 'SaleOrders',
    key: order,
    weight: 6,
    make: orderRow,
    edit: one(
      (chance) => ({ shipping_address: text(chance) }),
      (chance) => ({ sale_order_product_mappings: lines(chance) }),
    ),
  },
  {
    system: 'crm',
    entity: 'Quotes',
    key: quote,
    weight: 2,
    make: (chance, key) => ({
      quote_no: key,
      quote_date: '2026-11-20',
      account_number: customer(chance),
      quote_product_mappings: lines(chance),
    }),
    edit: (chance) => ({ quote_product_mappings: lines(chance) }),
  },
  {
    system: 'crm',
    entity: 'InvoiceRequests',
    key: request,
    weight: 2,
    make: (chance, key) => invoiceRequestRow(chance, key, order(chance)),
    edit: (chance) => ({ buyer_name: text(chance) }),
  },
  {
    system: 'system',
    entity: 'OrganizationUnits',
    key: unit,
    weight: 1,
    make: (_chance, key) => ({ code: key, name: `Đơn vị ${key}`, type: 3 }),
    edit: (chance) => ({ name: `Đơn vị ${text(chance)}` }),
  },
  {
    system: 'system',
    entity: 'Employees',
    key: employee,
    weight: 1,
    make: (chance, key) => ({
      code: key,
      fullName: `Anh ${text(chance)}`,
      organizationUnitCode: unit(chance),
      isCompanyEmployee: true,
      isActive: true,
    }),
    edit: (chance) => ({ fullName: `Anh ${text(chance)}` }),
  },
  {
    system: 'accounting',
    entity: 'PricePolicies',
    key: code('CS', 2),
    weight: 1,
    make: (chance, key) => ({
      policy_code: key,
      policy_name: `Chính sách ${text(chance)}`,
      apply_to: 'all',
      details: [policyItem(chance)],
    }),
    edit: (chance) => ({ details: [policyItem(chance)] }),
  },
]

function policyItem(chance: Chance): AnyRow {
  return {
    inventory_item_code: product(chance),
    unit_name: 'Cái',
    from_quantity: 0,
    to_quantity: null,
    price: amount(chance),
    discount_rate: null,
  }
}
