import { expect, it } from 'vitest'
import { type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, product } from './records.ts'

const actCustomer = (code: string, more = {}) => ({
  account_object_code: code,
  account_object_name: `Công ty ${code}`,
  is_customer: true,
  ...more,
})

/** A live company with the customer KH1 on both sides, agreed. */
async function withPair(options = {}): Promise<Company> {
  const company = await openCompany(options)
  await company.create('crm', 'Customers', customer('KH1', { office_tel: '0912000001', billing_address: 'Hà Nội' }))
  await company.connect()
  await company.settle()
  await company.forget()
  return company
}

/** Both persons edit while nobody is told; then both feeds are asked. */
async function bothEdit(company: Company, crm: object, accounting: object): Promise<void> {
  await company.admin('PUT', '/delivery', {
    crmWebhook: null,
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
  })
  await company.admin('PUT', '/capabilities', { accounting: { hints: false } })
  await company.update('crm', 'Customers', 'KH1', crm)
  await company.update('accounting', 'AccountObjects', 'KH1', accounting)
  await company.poll()
}

const pair = async (company: Company) => ({
  crm: (await company.find('crm', 'Customers', 'KH1'))!,
  accounting: (await company.find('accounting', 'AccountObjects', 'KH1'))!,
})

it('D1 an edit of an employee in ACT never reaches System, and is overwritten by the next change there in System’s fields only', async () => {
  const company = await openCompany()
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  await company.create('system', 'Employees', {
    code: 'NV1',
    fullName: 'An',
    email: 'an@x.vn',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await company.connect()
  await company.settle()
  await company.forget()
  await company.update('accounting', 'AccountObjects', 'NV1', {
    account_object_name: 'Sửa ở kế toán',
    address: '12 Hàng Bài',
  })
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await company.find('system', 'Employees', 'NV1')).toMatchObject({ fullName: 'An' })
  await company.update('system', 'Employees', 'NV1', { email: 'an.moi@x.vn' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'NV1')).toMatchObject({
    account_object_name: 'An',
    email_address: 'an.moi@x.vn',
    address: '12 Hàng Bài',
  })
})

it('D2 catalogue data goes both ways', async () => {
  const company = await withPair()
  await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
  await company.settle()
  await company.update('accounting', 'AccountObjects', 'KH1', { address: 'Huế' })
  await company.settle()
  const { crm, accounting } = await pair(company)
  expect(accounting).toMatchObject({ tel: '0912000002', address: 'Huế' })
  expect(crm).toMatchObject({ office_tel: '0912000002', billing_address: 'Huế' })
})

it('D4 nothing echoes: what the product wrote is never sent back', async () => {
  const company = await withPair()
  await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save_dictionary': 1 })
  await company.forget()
  await company.update('accounting', 'AccountObjects', 'KH1', { address: 'Huế' })
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({ 'PUT /api/v2/Customers': 1 })
})

it('D5 the same code on both sides is linked in the first sync; later it is left alone and reported', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('accounting', 'AccountObjects', actCustomer('KH1'))
  await company.connect()
  await company.settle()
  expect((await company.store.links.counts('customer')).linked).toBe(1)
  await company.forget()
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Ở CRM' }))
  await company.create('accounting', 'AccountObjects', actCustomer('KH2', { account_object_name: 'Ở kế toán' }))
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({ account_name: 'Ở CRM' })
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({ account_object_name: 'Ở kế toán' })
  const reported = await company.store.work.page({ entity: 'customer', states: ['conflict'] }, { limit: 10 })
  expect(reported.map((item) => item.failure?.code)).toContain('SAME_KEY')
})

it.each([
  ['crm', '0912000002'],
  ['accounting', '0912000003'],
])('D6 where %s wins by the tenant’s rule, its edit stands on both sides', async (winner, phone) => {
  const company = await withPair({ tenant: { entities: { customer: { conflicts: { fields: { phone: winner } } } } } })
  await bothEdit(company, { office_tel: '0912000002' }, { tel: '0912000003' })
  const { crm, accounting } = await pair(company)
  expect([crm.office_tel, accounting.tel]).toEqual([phone, phone])
})

it('D6 where the rule asks, only that record is held, with both values and the last agreed one', async () => {
  const company = await withPair()
  await bothEdit(company, { office_tel: '0912000002' }, { tel: '0912000003' })
  const [held] = await company.store.work.page({ entity: 'customer', states: ['conflict'] }, { limit: 10 })
  const edit = { by: 'user', at: expect.any(String) }
  expect(held?.conflict).toEqual([
    {
      field: 'phone',
      values: { crm: '0912000002', accounting: '0912000003' },
      base: '0912000001',
      edits: { crm: edit, accounting: edit },
    },
  ])
  expect(await company.writes()).toEqual({})
  await company.create('accounting', 'AccountObjects', actCustomer('KT1'))
  await company.poll()
  expect(await company.find('crm', 'Customers', 'KT1')).toBeDefined()
})

it('D7 edits to different fields of one record on both sides are both kept', async () => {
  const company = await withPair()
  await bothEdit(company, { office_tel: '0912000002' }, { address: 'Huế' })
  const { crm, accounting } = await pair(company)
  expect(accounting).toMatchObject({ tel: '0912000002', address: 'Huế' })
  expect(crm).toMatchObject({ office_tel: '0912000002', billing_address: 'Huế' })
})

it('D8 a field cleared on one side is cleared on the other; one that a side does not carry is never cleared', async () => {
  const company = await withPair()
  await company.update('accounting', 'AccountObjects', 'KH1', { address: null })
  await company.settle()
  expect((await pair(company)).crm).toMatchObject({ billing_address: null, office_tel: '0912000001' })
  await company.create(
    'accounting',
    'AccountObjects',
    actCustomer('CN1', { account_object_type: 1, website: 'https://x.vn' }),
  )
  await company.settle()
  await company.update('crm', 'Contacts', 'CN1', { mobile: '0987000001' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'CN1')).toMatchObject({
    mobile: '0987000001',
    website: 'https://x.vn',
  })
})

it('D9 a record deleted on one side: the other is marked inactive, never deleted', async () => {
  const company = await withPair()
  await company.create('crm', 'Products', product('VT1'))
  await company.settle()
  await company.act('crm', 'delete', { entity: 'Customers', key: 'KH1' })
  await company.act('accounting', 'delete', { entity: 'InventoryItems', key: 'VT1' })
  await company.settle()
  await company.poll()
  expect((await pair(company)).accounting).toMatchObject({ inactive: true })
  expect(await company.find('crm', 'Products', 'VT1')).toMatchObject({ inactive: true })
})

it('D2 every edit counts, also those made while the product was down', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'Products', product('VT1'))
  await company.settle()
  await company.runner.close()
  await company.update('crm', 'Products', 'VT1', { product_name: 'Sửa khi tắt' })
  await company.create('accounting', 'InventoryItems', {
    inventory_item_code: 'KT1',
    inventory_item_name: 'Thêm khi tắt',
    unit_name: 'Cái',
  })
  await company.start()
  await company.poll()
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
    inventory_item_name: 'Sửa khi tắt',
  })
  expect(await company.find('crm', 'Products', 'KT1')).toMatchObject({ product_name: 'Thêm khi tắt' })
})
