import { expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, product } from './records.ts'

const posts = 'POST /api/v2/PricePolicies'
const puts = 'PUT /api/v2/PricePolicies'

const item = (code: string, more: AnyRow = {}): AnyRow => ({
  inventory_item_code: code,
  unit_name: 'Cái',
  from_quantity: 0,
  to_quantity: null,
  unit_price: 95000,
  ...more,
})

const policy = (code: string, more: AnyRow = {}): AnyRow => ({
  policy_code: code,
  policy_name: `Chính sách ${code}`,
  from_date: '2026-01-01',
  to_date: '2026-12-31',
  apply_to: 0,
  details: [item('VT1')],
  ...more,
})

/** A live company with product VT1 and customer KH1 on both sides, agreed. */
async function withGoods(options: AnyRow = {}): Promise<Company> {
  const company = await openCompany(options)
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'Products', product('VT1'))
  await company.connect()
  await company.settle()
  await company.forget()
  return company
}

const inCrm = (company: Company, code = 'CS1') => company.find('crm', 'PricePolicies', code)

it('PP1 a price policy added in ACT goes to CRM, with its items; each edit goes, and only what changed', async () => {
  const company = await withGoods()
  await company.create(
    'accounting',
    'PricePolicies',
    policy('CS1', {
      apply_to: 1,
      account_object_codes: ['KH1'],
      description: 'Đại lý cấp 1',
      details: [
        item('VT1', { to_quantity: 10 }),
        item('VT1', { from_quantity: 10, unit_price: null, discount_rate: 12.5 }),
      ],
    }),
  )
  await company.settle()
  expect(await company.writes()).toEqual({ [posts]: 1 })
  expect(await inCrm(company)).toMatchObject({
    policy_name: 'Chính sách CS1',
    from_date: '2026-01-01',
    to_date: '2026-12-31',
    description: 'Đại lý cấp 1',
    inactive: false,
    apply_to: 'customers',
    account_numbers: ['KH1'],
    group_codes: [],
    items: [
      {
        product_code: 'VT1',
        usage_unit: 'Cái',
        from_quantity: 0,
        to_quantity: 10,
        price: 95000,
        discount_percent: null,
      },
      {
        product_code: 'VT1',
        usage_unit: 'Cái',
        from_quantity: 10,
        to_quantity: null,
        price: null,
        discount_percent: 12.5,
      },
    ],
  })
  await company.forget()
  await company.update('accounting', 'PricePolicies', 'CS1', { details: [item('VT1', { unit_price: 90000 })] })
  await company.settle()
  expect(await company.writes()).toEqual({ [puts]: 1 })
  expect((await inCrm(company))!.items).toMatchObject([{ price: 90000, to_quantity: null }])
  await company.update('accounting', 'PricePolicies', 'CS1', { apply_to: 0, account_object_codes: [], to_date: null })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ apply_to: 'all', account_numbers: [], to_date: null })
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
})

it('PP1 a policy edited in CRM goes nowhere; the next change in ACT takes the edit back', async () => {
  const company = await withGoods()
  await company.create('accounting', 'PricePolicies', policy('CS1'))
  await company.settle()
  const before = await company.find('accounting', 'PricePolicies', 'CS1')
  await company.forget()
  await company.update('crm', 'PricePolicies', 'CS1', {
    policy_name: 'Sửa ở CRM',
    items: [
      { product_code: 'VT1', usage_unit: 'Cái', from_quantity: 5, to_quantity: null, price: 1, discount_percent: null },
    ],
  })
  await company.create('crm', 'PricePolicies', {
    policy_code: 'CS-CRM',
    policy_name: 'Chỉ có ở CRM',
    apply_to: 'all',
    items: [{ product_code: 'VT1', usage_unit: 'Cái', from_quantity: 0, price: 1 }],
  })
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await company.find('accounting', 'PricePolicies', 'CS1')).toEqual(before)
  expect(await company.find('accounting', 'PricePolicies', 'CS-CRM')).toBeUndefined()
  await company.update('accounting', 'PricePolicies', 'CS1', { to_date: '2027-12-31' })
  await company.settle()
  expect(await company.writes()).toEqual({ [puts]: 1 })
  expect(await inCrm(company)).toMatchObject({
    policy_name: 'Chính sách CS1',
    to_date: '2027-12-31',
    items: [{ from_quantity: 0, price: 95000 }],
  })
})

it('PP1 what a policy names is there first: customers and products by their own rule, groups along with it', async () => {
  const company = await withGoods()
  await company.admin('PUT', '/delivery', { crmWebhook: null, accountingCallback: null })
  await company.create('accounting', 'AccountObjectGroups', {
    account_object_group_code: 'N1',
    account_object_group_name: 'Nhóm 1',
  })
  await company.create('accounting', 'AccountObjectGroups', {
    account_object_group_code: 'N2',
    account_object_group_name: 'Nhóm 2',
  })
  await company.create('accounting', 'InventoryItems', {
    inventory_item_code: 'VT9',
    inventory_item_name: 'Hàng 9',
    unit_name: 'Cái',
  })
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KH9',
    account_object_name: 'Công ty 9',
    is_customer: true,
  })
  await company.create(
    'accounting',
    'PricePolicies',
    policy('CS1', { apply_to: 2, account_object_group_codes: ['N1'], details: [item('VT9')] }),
  )
  await company.create('accounting', 'PricePolicies', policy('CS2', { apply_to: 1, account_object_codes: ['KH9'] }))
  await company.poll()
  expect(await inCrm(company)).toMatchObject({
    apply_to: 'groups',
    group_codes: ['N1'],
    items: [{ product_code: 'VT9' }],
  })
  expect(await inCrm(company, 'CS2')).toMatchObject({ account_numbers: ['KH9'] })
  expect(await company.find('crm', 'CustomerGroups', 'N1')).toMatchObject({ group_name: 'Nhóm 1' })
  expect(await company.find('crm', 'CustomerGroups', 'N2')).toBeUndefined()
})

it('PP1 D9 a policy deleted in ACT is inactive in CRM', async () => {
  const company = await withGoods()
  await company.create('accounting', 'PricePolicies', policy('CS1'))
  await company.settle()
  await company.act('accounting', 'delete', { entity: 'PricePolicies', key: 'CS1' })
  await company.settle()
  await company.poll()
  expect(await inCrm(company)).toMatchObject({ inactive: true })
})

it('PP1 the policies come in the first sync; a twin of the same code is linked and says what ACT says', async () => {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('accounting', 'InventoryItems', {
    inventory_item_code: 'VT1',
    inventory_item_name: 'Hàng VT1',
    unit_name: 'Cái',
  })
  await company.create('accounting', 'PricePolicies', policy('CS1'))
  await company.create('accounting', 'PricePolicies', policy('CS2'))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'PricePolicies', {
    policy_code: 'CS2',
    policy_name: 'Tên cũ',
    apply_to: 'all',
    items: [{ product_code: 'VT1', usage_unit: 'Cái', from_quantity: 3, price: 1 }],
  })
  await company.connect()
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ items: [{ price: 95000 }] })
  expect(await inCrm(company, 'CS2')).toMatchObject({
    policy_name: 'Chính sách CS2',
    items: [{ from_quantity: 0, price: 95000 }],
  })
  expect(await company.rows('crm', 'PricePolicies')).toHaveLength(2)
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
})

it('PP1 a policy with the code of an unlinked one in CRM is left alone, and reported (D5)', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'InventoryItems', {
    inventory_item_code: 'VT1',
    inventory_item_name: 'Hàng VT1',
    unit_name: 'Cái',
  })
  await company.settle()
  await company.create('crm', 'PricePolicies', {
    policy_code: 'CS1',
    policy_name: 'Của CRM',
    apply_to: 'all',
    items: [{ product_code: 'VT1', usage_unit: 'Cái', from_quantity: 0, price: 1 }],
  })
  await company.settle()
  await company.forget()
  await company.create('accounting', 'PricePolicies', policy('CS1'))
  await company.settle()
  expect(await company.writes()).toEqual({})
  expect(await inCrm(company)).toMatchObject({ policy_name: 'Của CRM' })
  const counts = await company.store.work.counts()
  expect(counts.find(({ entity, state }) => entity === 'price-policy' && state === 'conflict')?.count).toBe(1)
})
