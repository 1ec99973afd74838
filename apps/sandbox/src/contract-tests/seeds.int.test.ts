import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDriver, type Driver, type Loose } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())

describe('§5.6 size', () => {
  it('§5.6 counts and rows are the table’s', async () => {
    const { counts } = await d.admin('POST', 'seed', {
      profile: 'size',
      n: 250,
      mirror: true,
      employees: 12,
      orders: 7,
    })
    expect(counts.crm).toMatchObject({
      CustomerGroups: 3,
      ProductCategories: 3,
      Customers: 250,
      Products: 125,
      SaleOrders: 7,
    })
    expect(counts.accounting).toMatchObject({
      Units: 1,
      AccountObjectGroups: 3,
      Categories: 3,
      AccountObjects: 250,
      InventoryItems: 125,
      OrganizationUnits: 1,
    })
    expect(counts.system).toEqual({ OrganizationUnits: 3, Employees: 12 })
    const [customer] = await d.state('crm', 'Customers', 'KH000205')
    expect(customer).toMatchObject({
      account_name: 'Công ty TNHH Thương mại 205',
      tax_code: '0000000205',
      office_tel: '02400000205',
      office_email: 'kh205@example.vn',
      billing_address: 'Số 205 đường Giải Phóng, Hà Nội',
      account_group_code_list: 'NKH0001',
      debt_limit: 100_000_000,
      created_by: 'seed',
    })
    const [product] = await d.state('crm', 'Products', 'VT000007')
    expect(product).toMatchObject({
      product_name: 'Hàng hóa 7',
      unit_price: 107_000,
      unit_cost: 74_900,
      tax: '10%',
      product_category_code: 'NHH0001',
      usage_unit: 'Cái',
    })
    const [order] = await d.state('crm', 'SaleOrders', 'DH000002')
    expect(order).toMatchObject({
      account_number: 'KH000002',
      sale_order_date: '2026-01-01',
      revenue_status: 'Bản nháp',
      to_currency_summary: 104_000 + 2 * 105_000 + 3 * 106_000,
    })
    expect(order.sale_order_product_mappings.map((line: Loose) => line.product_code)).toEqual([
      'VT000004',
      'VT000005',
      'VT000006',
    ])
    const [object] = await d.state('accounting', 'AccountObjects', 'KH000205')
    expect(object).toMatchObject({
      account_object_type: 0,
      is_customer: true,
      company_tax_code: '0000000205',
      account_object_group_code_list: 'NKH0001',
    })
    const [employee] = await d.state('system', 'Employees', 'NV0007')
    expect(employee).toMatchObject({ fullName: 'Nhân viên 7', email: 'nv7@example.vn', phone: '0900000007' })
    expect((await d.admin('GET', 'deliveries')).rows).toEqual([])
  })

  it('§5.6 where, zero rows and what is refused', async () => {
    const { counts } = await d.admin('POST', 'seed', { profile: 'size', n: 0, where: ['crm'] })
    expect([counts.crm.Customers, counts.accounting.Units]).toEqual([0, 0])
    expect((await d.admin('POST', 'seed', { profile: 'size', n: 5, orders: 1 })).code).toBe('bad_request')
    expect((await d.admin('POST', 'seed', { profile: 'size', n: -1 })).code).toBe('bad_request')
    expect((await d.admin('POST', 'seed', {})).code).toBe('bad_request')
  })

  it('§5.1 100,000 rows are seeded in seconds and read in pages', async () => {
    const start = performance.now()
    const { counts } = await d.admin('POST', 'seed', { profile: 'size', n: 100_000, where: ['crm'] })
    expect(performance.now() - start).toBeLessThan(20_000)
    expect(counts.crm.Customers).toBe(100_000)
    const reading = performance.now()
    for (let page = 0; page < 20; page += 1) {
      const { data } = await d.crm('GET', `Customers?pageSize=100&page=${page * 49}`)
      expect(data).toHaveLength(100)
    }
    expect((performance.now() - reading) / 20).toBeLessThan(50)
  })
})

describe('§5.6 demo', () => {
  it('§5.6 has its fixed points and is the same for the same number', async () => {
    await d.admin('POST', 'seed', { profile: 'demo' })
    const orders = await d.state('crm', 'SaleOrders')
    const count = (status: string) => orders.filter((row) => row.revenue_status === status).length
    expect(['Bản nháp', 'Đề nghị ghi', 'Đã ghi', 'Từ chối ghi'].map(count)).toEqual([120, 150, 20, 10])
    expect(orders.filter((row) => row.is_parent_sale_order)).toHaveLength(5)
    const products = await d.state('crm', 'Products')
    expect([
      products.length,
      products.filter((row) => row.conversion_units.length > 0).length,
      products.filter((row) => row.product_properties === 'Dịch vụ').length,
    ]).toEqual([600, 50, 40])
    const customers = await d.state('crm', 'Customers')
    const objects = await d.state('accounting', 'AccountObjects')
    expect([customers.length, (await d.state('crm', 'Contacts')).length]).toEqual([1200, 20])
    expect(objects.filter((row) => row.is_customer)).toHaveLength(100)
    expect([
      objects.filter((row) => row.is_customer && row.account_object_type === 1).length,
      objects.filter((row) => row.is_vendor).length,
    ]).toEqual([5, 3])
    expect(objects.filter((row) => row.is_employee && row.amis_platform_id)).toHaveLength(20)
    const shared = objects.filter((row) =>
      customers.some((each) => each.account_number === row.account_object_code && each.billing_address === row.address),
    )
    expect(shared.length).toBeGreaterThanOrEqual(60)
    const conflict = [customers, objects].map((rows) =>
      rows.find((row: Loose) => (row.account_number ?? row.account_object_code) === 'KH-XUNGDOT'),
    )
    expect([conflict[0].office_tel === conflict[1].tel, conflict[0].billing_address === conflict[1].address]).toEqual([
      false,
      false,
    ])
    expect(
      customers.filter((row) => row.account_number.startsWith('KH-TRUNG-')).map((row) => row.tax_code !== null),
    ).toEqual([true, false])
    expect(orders.find((row) => row.sale_order_no === 'DH-LOI')).toMatchObject({
      revenue_status: 'Đề nghị ghi',
      account_number: 'NV-TRUNG',
    })
    expect(objects.find((row) => row.account_object_code === 'NV-TRUNG')).toMatchObject({
      is_employee: true,
      is_customer: false,
    })
    const units = await d.state('accounting', 'OrganizationUnits')
    expect([
      units.length,
      units.filter((row) => row.amis_platform_id === null).map((row) => row.organization_unit_code),
    ]).toEqual([9, ['CN-CU']])
    const employees = await d.state('system', 'Employees')
    expect([
      employees.length,
      employees.filter((row) => !row.isCompanyEmployee).length,
      employees.filter((row) => !row.active).length,
    ]).toEqual([40, 1, 1])
    const strip = (rows: Loose[]) => rows.map(({ created_date: _c, modified_date: _m, ...row }) => row)
    await d.admin('POST', 'seed', { profile: 'demo', seed: 1 })
    expect(strip(await d.state('crm', 'Customers'))).toEqual(strip(customers))
    await d.admin('POST', 'seed', { profile: 'demo', seed: 2 })
    expect(strip(await d.state('crm', 'Customers'))).not.toEqual(strip(customers))
  })

  it('§5.6 the failing order fails as described and is mended by a rename', async () => {
    await d.admin('POST', 'seed', { profile: 'demo' })
    const customer = {
      dictionary_type: 1,
      account_object_code: 'NV-TRUNG',
      account_object_name: 'x',
      is_customer: true,
    }
    await d.acc('save_dictionary', { dictionary: [customer] })
    await d.flush()
    const outcome = JSON.parse((await d.acc('get_call_back_detail_error')).data[0].data)[0]
    expect(outcome.error_code).toBe('DuplicateCode')
    const renamed = await d.act({
      system: 'crm',
      action: 'update',
      entity: 'Customers',
      key: 'NV-TRUNG',
      changes: { account_number: 'KH-TRUNG-3' },
    })
    expect(renamed.ok).toBe(true)
    expect((await d.state('crm', 'SaleOrders', 'DH-LOI'))[0].account_number).toBe('KH-TRUNG-3')
  })
})
