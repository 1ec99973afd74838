import type { JsonObject } from '../model/json.ts'
import type { Prng } from '../model/prng.ts'
import { pad } from '../model/text.ts'
import { CATEGORIES, CUSTOMER_GROUPS, GOODS, MAKES, SERVICES, SIZES } from './catalogue.ts'
import type { Staff } from './demo-system.ts'
import type { DemoWriter } from './demo-writer.ts'
import { between, companyName, personName, pick, PLACES, street } from './names.ts'

/** What the other parts of the seed build on: rows as they were written. */
export interface DemoCrm {
  readonly customers: readonly JsonObject[]
  readonly contacts: readonly JsonObject[]
  readonly products: readonly JsonObject[]
}

/** Customers besides the four special ones. */
const CUSTOMERS = 1196
const CONTACTS = 20
const PRODUCTS = 600
const SERVICE_COUNT = 40
const WITH_CONVERSION = 50
/** How many employees both systems know, so that owners can be equal on both sides. */
export const SHARED_EMPLOYEES = 20

/** Master data of the CRM. */
export function seedDemoCrm(writer: DemoWriter, random: Prng, staff: Staff): DemoCrm {
  for (const [code, name, parent] of CUSTOMER_GROUPS) {
    writer.add('crm', 'CustomerGroups', { group_code: code, group_name: name, parent_code: parent })
  }
  for (const [code, name, parent] of CATEGORIES) {
    writer.add('crm', 'ProductCategories', { category_code: code, category_name: name, parent_code: parent })
  }
  const names = new Set<string>()
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => customer(random, staff, names, i + 1))
  customers.push(...special(customers))
  for (const row of customers) writer.add('crm', 'Customers', row)
  const contacts = Array.from({ length: CONTACTS }, (_, i) => contact(random, i + 1))
  for (const row of contacts) writer.add('crm', 'Contacts', row)
  const products = Array.from({ length: PRODUCTS }, (_, i) =>
    i < PRODUCTS - SERVICE_COUNT ? goods(random, i) : service(random, i),
  )
  for (const row of products) writer.add('crm', 'Products', row)
  return { customers, contacts, products }
}

function customer(random: Prng, staff: Staff, names: Set<string>, i: number): JsonObject {
  let name = companyName(random)
  while (names.has(name)) name = companyName(random)
  names.add(name)
  const place = pick(random, PLACES)
  const owner = staff.employees[between(random, 0, SHARED_EMPLOYEES - 1)]
  return {
    account_number: `KH${pad(i, 6)}`,
    account_name: name,
    office_tel: `${place.area}${pad(between(random, 30, 99), 2)}${pad(i, 11 - place.area.length - 2)}`,
    office_email: `lienhe${i}@khach${i}.example.vn`,
    tax_code: `0${between(random, 1, 3)}${pad(between(random, 0, 9999), 4)}${pad(i, 4)}`,
    billing_country: 'Việt Nam',
    billing_province: place.province,
    billing_district: place.district,
    billing_ward: place.ward,
    billing_address: `${street(random)}, ${place.ward}, ${place.district}, ${place.province}`,
    number_of_days_owed: pick(random, [15, 30, 45]),
    debt_limit: between(random, 5, 60) * 10_000_000,
    account_group_code_list: CUSTOMER_GROUPS[between(random, 4, 11)]?.[0] ?? null,
    owner_code: owner?.code ?? null,
    owner_name: owner?.name ?? null,
  }
}

/** The conflict, the duplicate pair and the customer whose code is an employee's in ACT. */
function special([model = {}]: readonly JsonObject[]): JsonObject[] {
  const base = { ...model, tax_code: null, office_email: null, owner_code: null, owner_name: null }
  return [
    {
      ...base,
      account_number: 'KH-XUNGDOT',
      account_name: 'Công ty TNHH Xung Đột Mẫu',
      tax_code: '0109999001',
      office_tel: '02437770001',
      billing_address: 'Số 1 Tràng Tiền, Quận Hoàn Kiếm, Hà Nội',
    },
    {
      ...base,
      account_number: 'KH-TRUNG-1',
      account_name: 'Công ty TNHH Thương mại Hòa Bình',
      tax_code: '0109999002',
      office_tel: '02437770002',
    },
    { ...base, account_number: 'KH-TRUNG-2', account_name: 'Cty TM Hoa Binh', office_tel: '02437770003' },
    {
      ...base,
      account_number: 'NV-TRUNG',
      account_name: 'Cửa hàng điện nước Trung',
      tax_code: '0109999004',
      office_tel: '02437770004',
    },
  ]
}

function contact(random: Prng, i: number): JsonObject {
  const place = pick(random, PLACES)
  return {
    contact_code: `LH${pad(i, 6)}`,
    contact_name: personName(random),
    mobile: `09${pad(between(random, 0, 999_999), 6)}${pad(i, 2)}`,
    email: `lienhe${i}@canhan.example.vn`,
    mailing_address: `${street(random)}, ${place.district}, ${place.province}`,
    account_group_code_list: 'NKH-BAC-BL',
  }
}

function goods(random: Prng, i: number): JsonObject {
  const packed = GOODS.filter((each) => each.pack)
  const kind = (i < WITH_CONVERSION ? packed[i % packed.length] : GOODS[i % GOODS.length]) ?? GOODS[0]
  const pack = i < WITH_CONVERSION ? kind?.pack : undefined
  const price = Math.round(((kind?.price ?? 1000) * between(random, 80, 140)) / 100 / 500) * 500
  return {
    product_code: `VT${pad(i + 1, 6)}`,
    product_name: `${kind?.name} ${pick(random, MAKES)} ${pick(random, SIZES)} (${pad(i + 1, 3)})`,
    usage_unit: kind?.unit,
    product_category_code: kind?.category,
    unit_price: price,
    unit_cost: Math.round((price * 0.7) / 100) * 100,
    tax: pick(random, ['8%', '10%']),
    sale_description: kind?.name,
    ...(pack && { conversion_units: [{ usage_unit: pack.unit, ratio: pack.ratio, operator: '*' }] }),
  }
}

function service(random: Prng, i: number): JsonObject {
  const number = i - (PRODUCTS - SERVICE_COUNT) + 1
  return {
    product_code: `DV${pad(number, 6)}`,
    product_name: `Dịch vụ ${pick(random, SERVICES).toLowerCase()} ${pad(number, 2)}`,
    usage_unit: pick(random, ['Giờ', 'Lần']),
    product_properties: 'Dịch vụ',
    product_category_code: 'NHH-DV',
    unit_price: between(random, 2, 40) * 50_000,
    tax: pick(random, ['8%', 'KCT']),
  }
}
