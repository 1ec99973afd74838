import type { Row } from '../model/row.ts'
import { pad } from '../model/text.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { seedOrders } from './orders.ts'
import { Planter, seededGuid } from './planter.ts'
import type { SizeOptions } from './seed.ts'

const price = (i: number): number => 1000 * ((i % 900) + 100)

/** The profile `size`, the same in every simulator (§5.6). */
export function seedSize(tenant: Tenant, options: SizeOptions): void {
  const planter = new Planter(tenant)
  if (options.where.includes('crm')) seedCrm(planter, tenant, options)
  if (options.where.includes('accounting')) seedAccounting(planter, options)
  if (options.where.includes('system')) seedSystem(planter, options)
}

function seedCrm(planter: Planter, tenant: Tenant, { n, orders }: SizeOptions): void {
  const groups = Math.ceil(n / 100)
  for (let i = 1; i <= groups; i += 1) {
    planter.plant('crm', 'CustomerGroups', { group_code: `NKH${pad(i, 4)}`, group_name: `Nhóm khách hàng ${i}` })
    planter.plant('crm', 'ProductCategories', { category_code: `NHH${pad(i, 4)}`, category_name: `Nhóm hàng hóa ${i}` })
  }
  const codes = Array.from({ length: groups }, (_, i) => `NKH${pad(i + 1, 4)}`)
  for (let i = 1; i <= n; i += 1) {
    planter.plant('crm', 'Customers', {
      account_number: `KH${pad(i, 6)}`,
      account_name: `Công ty TNHH Thương mại ${i}`,
      tax_code: `0${pad(i, 9)}`,
      office_tel: `024${pad(i, 8)}`,
      office_email: `kh${i}@example.vn`,
      billing_address: `Số ${i} đường Giải Phóng, Hà Nội`,
      number_of_days_owed: 30,
      debt_limit: 100_000_000,
      account_group_code_list: codes[(i - 1) % groups],
    })
  }
  for (let i = 1; i <= Math.floor(n / 2); i += 1) {
    planter.plant('crm', 'Products', {
      product_code: `VT${pad(i, 6)}`,
      product_name: `Hàng hóa ${i}`,
      usage_unit: 'Cái',
      unit_price: price(i),
      unit_cost: (price(i) / 10) * 7,
      tax: '10%',
      product_category_ref: ((i - 1) % groups) + 1,
    })
  }
  if (orders > 0) seedOrders(tenant, planter, n, orders)
}

function seedAccounting(planter: Planter, { n, mirror }: SizeOptions): void {
  const unit = planter.plant('accounting', 'Units', { unit_name: 'Cái' }, seededGuid(6, 1)).id
  if (!mirror) return
  planter.plant(
    'accounting',
    'OrganizationUnits',
    { organization_unit_code: 'CTY', organization_unit_name: 'Công ty', organization_unit_type_id: 1 },
    seededGuid(5, 1),
  )
  const groups = Math.ceil(n / 100)
  for (let i = 1; i <= groups; i += 1) {
    const customers = {
      account_object_group_code: `NKH${pad(i, 4)}`,
      account_object_group_name: `Nhóm khách hàng ${i}`,
    }
    planter.plant('accounting', 'AccountObjectGroups', customers, seededGuid(2, i))
    const goods = {
      inventory_item_category_code: `NHH${pad(i, 4)}`,
      inventory_item_category_name: `Nhóm hàng hóa ${i}`,
    }
    planter.plant('accounting', 'Categories', goods, seededGuid(4, i))
  }
  const customerGroups = Array.from({ length: groups }, (_, i) => `NKH${pad(i + 1, 4)}`)
  const categories = Array.from({ length: groups }, (_, i) => `NHH${pad(i + 1, 4)}`)
  for (let i = 1; i <= n; i += 1) {
    const columns = {
      account_object_code: `KH${pad(i, 6)}`,
      account_object_name: `Công ty TNHH Thương mại ${i}`,
      is_customer: true,
      company_tax_code: `0${pad(i, 9)}`,
      tel: `024${pad(i, 8)}`,
      email_address: `kh${i}@example.vn`,
      address: `Số ${i} đường Giải Phóng, Hà Nội`,
      due_time: 30,
      maximize_debt_amount: 100_000_000,
      account_object_group_code_list: customerGroups[(i - 1) % groups],
    }
    planter.plant('accounting', 'AccountObjects', columns, seededGuid(1, i))
  }
  for (let i = 1; i <= Math.floor(n / 2); i += 1) {
    const columns = {
      inventory_item_code: `VT${pad(i, 6)}`,
      inventory_item_name: `Hàng hóa ${i}`,
      unit_name_ref: unit,
      sale_price1: price(i),
      unit_price: (price(i) / 10) * 7,
      tax_rate: 10,
      inventory_item_category_code_list: categories[(i - 1) % groups],
    }
    planter.plant('accounting', 'InventoryItems', columns, seededGuid(3, i))
  }
}

function seedSystem(planter: Planter, { employees }: SizeOptions): void {
  const units: Row['id'][] = []
  for (let i = 1; i <= Math.ceil(employees / 5); i += 1) {
    const place = i === 1 ? { type: 1 } : { type: 3, parentId_ref: units[0] }
    units.push(
      planter.plant(
        'system',
        'OrganizationUnits',
        { code: `DV${pad(i, 4)}`, name: `Đơn vị ${i}`, ...place },
        seededGuid(8, i),
      ).id,
    )
  }
  for (let i = 1; i <= employees; i += 1) {
    const columns = {
      code: `NV${pad(i, 4)}`,
      fullName: `Nhân viên ${i}`,
      email: `nv${i}@example.vn`,
      phone: `09${pad(i, 8)}`,
      organizationUnitId_ref: units[(i - 1) % units.length],
    }
    planter.plant('system', 'Employees', columns, seededGuid(9, i))
  }
}
