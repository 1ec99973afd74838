import { asText, type JsonObject } from '../model/json.ts'
import type { Prng } from '../model/prng.ts'
import type { Row } from '../model/row.ts'
import { pad } from '../model/text.ts'
import { CATEGORIES, CUSTOMER_GROUPS } from './catalogue.ts'
import { SHARED_EMPLOYEES, type DemoCrm } from './demo-crm.ts'
import type { Staff } from './demo-system.ts'
import type { DemoWriter } from './demo-writer.ts'
import { between, companyName, personName, pick, PLACES, street } from './names.ts'

const SHARED = 60
const OWN_COMPANIES = 34
const OWN_PERSONS = 5
const VENDORS = 3
const OWN_ITEMS = 40
const POLICIES = 5
/** The System unit that ACT does not have. */
const MISSING_UNIT = 'HCM-KHO'
const RATES: Readonly<Record<string, number>> = { '0%': 0, '5%': 5, '8%': 8, '10%': 10, KCT: -1, KKKNT: -2 }
const KINDS = ['Hàng hóa', 'Thành phẩm', 'Dịch vụ', 'Nguyên vật liệu']

/** ACT as it stood before the three systems were joined. */
export function seedDemoAccounting(writer: DemoWriter, random: Prng, staff: Staff, crm: DemoCrm): void {
  const add = (entity: string, input: JsonObject): Row => writer.add('accounting', entity, input)
  seedUnitsAndStaff(add, staff)
  for (const [code, name, parent] of CUSTOMER_GROUPS) {
    add('AccountObjectGroups', {
      account_object_group_code: code,
      account_object_group_name: name,
      parent_code: parent,
    })
  }
  for (const [code, name, parent] of CATEGORIES) {
    add('Categories', { inventory_item_category_code: code, inventory_item_category_name: name, parent_code: parent })
  }
  seedParties(add, random, crm)
  seedItems(add, random, crm)
  seedFigures(writer, add, random, crm)
}

type Add = (entity: string, input: JsonObject) => Row

function seedUnitsAndStaff(add: Add, staff: Staff): void {
  for (const unit of staff.units.filter((each) => each.code !== MISSING_UNIT)) {
    add('OrganizationUnits', {
      organization_unit_code: unit.code,
      organization_unit_name: unit.name,
      organization_unit_type_id: unit.type,
      parent_code: unit.parent,
      amis_platform_id: unit.id,
    })
  }
  const old = {
    organization_unit_code: 'CN-CU',
    organization_unit_name: 'Chi nhánh cũ Hải Phòng',
    organization_unit_type_id: 2,
  }
  add('OrganizationUnits', { ...old, parent_code: 'TCT' })
  const inAct = staff.employees.slice(0, SHARED_EMPLOYEES)
  for (const employee of inAct) {
    add('AccountObjects', {
      account_object_code: employee.code,
      account_object_name: employee.name,
      account_object_type: 1,
      is_employee: true,
      email_address: employee.email,
      mobile: employee.phone,
      organization_unit_code: employee.unit === MISSING_UNIT ? 'CN-HCM' : employee.unit,
      amis_platform_id: employee.id,
    })
  }
  const clash = {
    account_object_code: 'NV-TRUNG',
    account_object_name: 'Vũ Đình Trung',
    account_object_type: 1,
    is_employee: true,
  }
  add('AccountObjects', { ...clash, organization_unit_code: 'CN-HN' })
}

function seedParties(add: Add, random: Prng, crm: DemoCrm): void {
  for (const customer of crm.customers.slice(0, SHARED)) add('AccountObjects', fromCustomer(customer))
  const conflict = crm.customers.find((each) => each['account_number'] === 'KH-XUNGDOT') ?? {}
  add('AccountObjects', {
    ...fromCustomer(conflict),
    tel: '02838880009',
    address: 'Số 99 Nguyễn Huệ, Quận 1, TP Hồ Chí Minh',
  })
  for (let i = 1; i <= OWN_COMPANIES + OWN_PERSONS; i += 1) {
    const place = pick(random, PLACES)
    const person = i > OWN_COMPANIES
    const phone = person
      ? { mobile: `098${pad(i, 7)}` }
      : { tel: `${place.area}8${pad(i, 7)}`, company_tax_code: `0800${pad(i, 6)}` }
    add('AccountObjects', {
      account_object_code: `KT${pad(i, 6)}`,
      account_object_name: person ? personName(random) : companyName(random),
      account_object_type: person ? 1 : 0,
      is_customer: true,
      address: `${street(random)}, ${place.district}, ${place.province}`,
      due_time: 30,
      account_object_group_code_list: 'NKH-BAC-DL',
      ...phone,
    })
  }
  for (let i = 1; i <= VENDORS; i += 1) {
    add('AccountObjects', {
      account_object_code: `NCC${pad(i, 4)}`,
      account_object_name: companyName(random),
      is_vendor: true,
    })
  }
}

/** A CRM customer by the table of §4.5, so that both sides are equal. */
function fromCustomer(customer: JsonObject): JsonObject {
  return {
    account_object_code: customer['account_number'],
    account_object_name: customer['account_name'],
    account_object_type: 0,
    is_customer: true,
    company_tax_code: customer['tax_code'],
    tel: customer['office_tel'],
    email_address: customer['office_email'],
    address: customer['billing_address'],
    country: customer['billing_country'],
    province_or_city: customer['billing_province'],
    district: customer['billing_district'],
    ward_or_commune: customer['billing_ward'],
    due_time: customer['number_of_days_owed'],
    maximize_debt_amount: customer['debt_limit'],
    account_object_group_code_list: customer['account_group_code_list'],
    employee_code: customer['owner_code'],
  }
}

function seedItems(add: Add, random: Prng, crm: DemoCrm): void {
  const units = crm.products.flatMap((product) => [
    asText(product['usage_unit']),
    ...((product['conversion_units'] ?? []) as readonly JsonObject[]).map((each) => asText(each['usage_unit'])),
  ])
  for (const unit of new Set(units)) add('Units', { unit_name: unit })
  for (const product of crm.products.slice(0, SHARED)) add('InventoryItems', fromProduct(product))
  for (let i = 1; i <= OWN_ITEMS; i += 1) {
    add('InventoryItems', {
      inventory_item_code: `HKT${pad(i, 5)}`,
      inventory_item_name: `Vật tư kế toán ${i}`,
      unit_name: pick(random, ['Cái', 'Bộ', 'Mét']),
      unit_price: between(random, 10, 400) * 1000,
      sale_price1: between(random, 410, 900) * 1000,
      tax_rate: 10,
      inventory_item_category_code_list: 'NHH-DIEN',
    })
  }
}

/** A CRM product by the table of §4.6, so that both sides are equal. */
function fromProduct(product: JsonObject): JsonObject {
  const kind = KINDS.indexOf(asText(product['product_properties'] ?? 'Hàng hóa'))
  return {
    inventory_item_code: product['product_code'],
    inventory_item_name: product['product_name'],
    inventory_item_type: kind,
    unit_name: product['usage_unit'],
    unit_list: ((product['conversion_units'] ?? []) as readonly JsonObject[]).map((each) => ({
      unit_name: each['usage_unit'],
      convert_rate: each['ratio'],
      operator: each['operator'],
    })),
    sale_price1: product['unit_price'],
    unit_price: product['unit_cost'],
    tax_rate: RATES[asText(product['tax'])] ?? null,
    inventory_item_category_code_list: product['product_category_code'],
    description: product['sale_description'],
  }
}

function seedFigures(writer: DemoWriter, add: Add, random: Prng, crm: DemoCrm): void {
  const warehouses = [
    ['KHO-HN', 'Kho Hà Nội', 'CN-HN'],
    ['KHO-HCM', 'Kho TP Hồ Chí Minh', 'CN-HCM'],
    ['KHO-TCT', 'Kho tổng', 'TCT'],
  ]
  for (const [code, name, branch] of warehouses)
    add('Stocks', { stock_code: code, stock_name: name, organization_unit_code: branch })
  const figure = (entity: string, input: JsonObject): Row => writer.add('accounting', entity, input)
  for (const product of crm.products.slice(0, SHARED)) {
    for (const [code] of warehouses.slice(0, 2)) {
      const quantity = between(random, 0, 500)
      figure('Balances', {
        inventory_item_code: product['product_code'],
        stock_code: code,
        quantity_balance: quantity,
        amount_balance: quantity * Number(product['unit_cost'] ?? 0),
      })
    }
  }
  for (const [i, customer] of crm.customers.slice(0, 30).entries()) {
    figure('Debts', {
      account_object_code: customer['account_number'],
      organization_unit_code: i % 2 === 0 ? 'CN-HN' : 'CN-HCM',
      debt_amount: between(random, 1, 90) * 1_000_000,
    })
  }
  for (let i = 1; i <= POLICIES; i += 1) add('PricePolicies', policy(crm, i))
}

function policy(crm: DemoCrm, i: number): JsonObject {
  const applyTo = i % 3
  return {
    policy_code: `CSG${pad(i, 4)}`,
    policy_name: `Chính sách giá ${i}`,
    from_date: '2026-01-01',
    to_date: '2026-12-31',
    apply_to: applyTo,
    ...(applyTo === 1 && {
      account_object_codes: crm.customers.slice(i, i + 3).map((each) => asText(each['account_number'])),
    }),
    ...(applyTo === 2 && { account_object_group_codes: ['NKH-BAC-DL'] }),
    details: crm.products.slice(i * 3, i * 3 + 3).map((product) => ({
      inventory_item_code: product['product_code'],
      unit_name: product['usage_unit'],
      from_quantity: 10,
      ...(i % 2 === 0 ? { discount_rate: 5 } : { unit_price: Math.round(Number(product['unit_price']) * 0.9) }),
    })),
  }
}
