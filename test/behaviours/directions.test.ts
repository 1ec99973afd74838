import { expect, it } from 'vitest'
import { type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, product } from './records.ts'

const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
const customers = 'PUT /api/v2/Customers'

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
  const inSystem = await company.find('system', 'Employees', 'NV1')
  await company.update('accounting', 'AccountObjects', 'NV1', {
    account_object_name: 'Sửa ở kế toán',
    address: '12 Hàng Bài',
    website: 'https://an.vn',
  })
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await company.find('system', 'Employees', 'NV1')).toEqual(inSystem)
  const edited = await company.find('accounting', 'AccountObjects', 'NV1')
  expect(edited).toMatchObject({ account_object_name: 'Sửa ở kế toán' })
  await company.update('system', 'Employees', 'NV1', { email: 'an.moi@x.vn' })
  await company.poll()
  expect(await company.writes()).toEqual({ [dictionaries]: 1 })
  const {
    modified_date: _date,
    modified_by: _by,
    ...after
  } = (await company.find('accounting', 'AccountObjects', 'NV1'))!
  const { modified_date: _was, modified_by: _who, ...before } = edited!
  expect(after).toEqual({ ...before, account_object_name: 'An', email_address: 'an.moi@x.vn' })
})

it.each(['webhooks and hints', 'polls'])(
  'D2 catalogue data goes both ways, each edit in one write, heard of by %s',
  async (by) => {
    const company = await withPair()
    if (by === 'polls') await company.hearByPollsOnly()
    await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
    await company.poll()
    expect(await company.writes()).toEqual({ [dictionaries]: 1 })
    await company.forget()
    await company.update('accounting', 'AccountObjects', 'KH1', { address: 'Huế' })
    await company.poll()
    expect(await company.writes()).toEqual({ [customers]: 1 })
    const { crm, accounting } = await pair(company)
    expect(accounting).toMatchObject({ tel: '0912000002', address: 'Huế' })
    expect(crm).toMatchObject({ office_tel: '0912000002', billing_address: 'Huế' })
  },
)

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
  ['crm', '0912000002', dictionaries],
  ['accounting', '0912000003', customers],
])('D6 where %s wins by the tenant’s rule, its edit stands on both sides', async (winner, phone, write) => {
  const company = await withPair({ tenant: { entities: { customer: { conflicts: { fields: { phone: winner } } } } } })
  await bothEdit(company, { office_tel: '0912000002' }, { tel: '0912000003' })
  const { crm, accounting } = await pair(company)
  expect([crm.office_tel, accounting.tel]).toEqual([phone, phone])
  expect(await company.writes()).toEqual({ [write]: 1 })
})

it.each([
  ['crm', dictionaries],
  ['accounting', customers],
])('D6 where the newest wins, the later edit stands on both sides: made in %s', async (later, write) => {
  const company = await withPair({ tenant: { entities: { customer: { conflicts: { default: 'newest' } } } } })
  await company.hearByPollsOnly()
  const edits = [
    () => company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' }),
    () => company.update('accounting', 'AccountObjects', 'KH1', { tel: '0912000003' }),
  ]
  for (const edit of later === 'crm' ? edits.toReversed() : edits) {
    await edit()
    // ACT tells times in whole seconds.
    await company.admin('PUT', '/clock', { advanceMs: 5_000 })
  }
  await company.poll()
  const { crm, accounting } = await pair(company)
  const phone = later === 'crm' ? '0912000002' : '0912000003'
  expect([crm.office_tel, accounting.tel]).toEqual([phone, phone])
  expect(await company.writes()).toEqual({ [write]: 1 })
})

it('D5 one code entered on both sides while nobody was told: neither is written over the other, a person decides', async () => {
  const company = await openLiveCompany()
  await company.engine.pause()
  await company.create('accounting', 'InventoryItems', {
    inventory_item_code: 'VT9',
    inventory_item_name: 'Hàng VT9',
    unit_name: 'Cái',
    sale_price1: 99999.99,
  })
  await company.create('crm', 'Products', product('VT9', { product_name: 'Hàng VT9', unit_price: null }))
  await company.admin('POST', '/deliveries/flush', {})
  await company.forget()
  await company.engine.resume()
  await company.settle()
  expect(await company.writes()).toEqual({})
  const held = await company.store.work.page({ entity: 'product', states: ['conflict'] }, { limit: 5 })
  expect(held.map(({ failure }) => failure?.code)).toContain('SAME_KEY')
  expect((await company.find('crm', 'Products', 'VT9'))?.unit_price).toBeNull()
  expect((await company.find('accounting', 'InventoryItems', 'VT9'))?.sale_price1).toBe(99999.99)
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
  expect(await company.writes()).toEqual({ [dictionaries]: 1, [customers]: 1 })
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

it('D8 a column that an answer does not have is not an empty one; an empty one is', async () => {
  const company = await openCompany()
  await company.create('crm', 'CustomerGroups', { group_code: 'N1', group_name: 'Nhóm N1' })
  await company.create('crm', 'Customers', customer('KH1', { account_group_code_list: 'N1', website: 'https://x.vn' }))
  await company.connect()
  await company.settle()
  expect((await pair(company)).accounting).toMatchObject({
    account_object_group_code_list: 'N1',
    website: 'https://x.vn',
  })
  await company.admin('PUT', '/capabilities', { crm: { customerGroups: false } })
  await company.forget()
  await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
  await company.settle()
  expect((await pair(company)).accounting).toMatchObject({
    tel: '0912000002',
    account_object_group_code_list: 'N1',
    website: 'https://x.vn',
  })
  expect(await company.writes()).toEqual({ [dictionaries]: 1 })
  await company.admin('PUT', '/capabilities', { crm: { customerGroups: true } })
  await company.update('crm', 'Customers', 'KH1', { account_group_code_list: null, website: null })
  await company.settle()
  expect((await pair(company)).accounting).toMatchObject({
    tel: '0912000002',
    account_object_group_code_list: null,
    website: null,
  })
})

it('D9 a record deleted on one side: the other is marked inactive, never deleted', async () => {
  const company = await withPair()
  await company.create('crm', 'Products', product('VT1'))
  await company.settle()
  await company.forget()
  await company.act('crm', 'delete', { entity: 'Customers', key: 'KH1' })
  await company.act('accounting', 'delete', { entity: 'InventoryItems', key: 'VT1' })
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({ [dictionaries]: 1, 'PUT /api/v2/Products': 1 })
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
