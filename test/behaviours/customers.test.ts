import { expect, it } from 'vitest'
import { openCompany, openLiveCompany } from './company.ts'
import { customer, invoiceRequest, order, product, quote } from './records.ts'

const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
const saves = 'POST /apir/sync/actopen/save'

const actCustomer = (code: string, more = {}) => ({
  account_object_code: code,
  account_object_name: `Khách ${code}`,
  is_customer: true,
  ...more,
})

it('CU1 the first sync carries customers both ways and links what has the same code', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1', { office_tel: '0912345678' }))
  await company.create('crm', 'Customers', customer('KH2'))
  const act = (code: string, more: object) =>
    company.create('accounting', 'AccountObjects', {
      account_object_code: code,
      account_object_name: `Công ty ${code}`,
      ...more,
    })
  await act('kh1', { is_customer: true, account_object_name: 'Công ty KH1' })
  await act('KT1', { is_customer: true })
  await act('NCC', { is_vendor: true })
  expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({ is_customer: true })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({ tel: '0912345678' })
  expect(await company.find('crm', 'Customers', 'KT1')).toMatchObject({ account_name: 'Công ty KT1' })
  expect(await company.rows('crm', 'Customers')).toHaveLength(3)
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(4)
})

it.each(['webhooks', 'polls'])('CU2 a customer added and edited in CRM is not sent, heard of by %s', async (by) => {
  const company = await openLiveCompany()
  if (by === 'polls') await company.hearByPollsOnly()
  await company.create('crm', 'Customers', customer('KH9'))
  await company.poll()
  await company.update('crm', 'Customers', 'KH9', { office_tel: '0912000009', billing_address: 'Huế' })
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await company.rows('accounting', 'AccountObjects')).toEqual([])
  const known = await company.store.links.findByKey('customer', 'crm', ['KH9'])
  expect(known).toMatchObject([{ linked: false, trail: [{ why: 'NOT_NEEDED_YET' }] }])
})

it.each([
  ['quote', 'Quotes', quote('CT3', 'KH3', 'VT3'), undefined],
  ['order', 'SaleOrders', order('CT3', 'KH3', 'VT3'), 'requestRevenue'],
  ['invoice request', 'InvoiceRequests', invoiceRequest('CT3', 'KH3', 'VT3', 'DH0'), 'sendInvoiceRequest'],
])(
  'CU3 a customer goes along with its %s, before it, and no other customer does',
  async (_what, entity, document, send) => {
    const company = await openLiveCompany()
    await company.create('crm', 'Customers', customer('KH3'))
    await company.create('crm', 'Customers', customer('KH-KHÁC'))
    await company.create('crm', 'Products', product('VT3'))
    if (entity === 'InvoiceRequests') await company.create('crm', 'SaleOrders', order('DH0', 'KH3', 'VT3'))
    await company.settle()
    await company.forget()
    await company.create('crm', entity, document)
    await company.settle()
    if (send) {
      expect(await company.writes()).toEqual({})
      await company.act('crm', send, { key: 'CT3' })
      await company.settle()
    }
    expect(await company.writesInOrder()).toEqual([dictionaries, saves])
    expect(await company.find('accounting', 'Vouchers', 'CT3')).toMatchObject({ account_object_code: 'KH3' })
    expect(await company.rows('accounting', 'AccountObjects')).toMatchObject([
      { account_object_code: 'KH3', account_object_name: 'Công ty KH3', is_customer: true },
    ])
  },
)

it('CU4 an edit in CRM is sent at once if the customer is in ACT; if it is not, nothing happens', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH4'))
  await company.connect()
  await company.settle()
  await company.create('crm', 'Customers', customer('KH5'))
  await company.settle()
  await company.forget()
  await company.update('crm', 'Customers', 'KH4', { office_tel: '024 3868 1234' })
  await company.update('crm', 'Customers', 'KH5', { office_tel: '024 3868 9999' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH4')).toMatchObject({ tel: '024 3868 1234' })
  expect(await company.find('accounting', 'AccountObjects', 'KH5')).toBeUndefined()
  expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save_dictionary': 1 })
})

it('CU4 heard of by polls only: the same', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH4'))
  await company.connect()
  await company.settle()
  await company.hearByPollsOnly()
  await company.create('crm', 'Customers', customer('KH5'))
  await company.update('crm', 'Customers', 'KH4', { office_tel: '024 3868 1234' })
  await company.forget()
  await company.poll()
  expect(await company.find('accounting', 'AccountObjects', 'KH4')).toMatchObject({ tel: '024 3868 1234' })
  expect(await company.writes()).toEqual({ [dictionaries]: 1 })
})

it('CU5 a user sends chosen customers, or all, by hand', async () => {
  const company = await openLiveCompany()
  for (const code of ['KH1', 'KH2', 'KH3']) await company.create('crm', 'Customers', customer(code))
  await company.settle()
  expect(await company.engine.desk('request', { entity: 'customer', from: 'crm', keys: ['kh2', 'KHÔNG-CÓ'] })).toEqual({
    requested: 1,
    unknown: ['KHÔNG-CÓ'],
  })
  await company.settle()
  expect((await company.rows('accounting', 'AccountObjects')).map((row) => row.account_object_code)).toEqual(['KH2'])
  expect(await company.writes()).toEqual({ [dictionaries]: 1 })
  await company.engine.desk('request', { entity: 'customer', from: 'crm', all: true })
  await company.settle()
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(3)
  await company.forget()
  await company.engine.desk('request', { entity: 'customer', from: 'crm', all: true })
  await company.settle()
  expect(await company.writes()).toEqual({})
})

it('CU7 a customer added or edited in ACT goes to CRM at once, in one write; vendors and employees do not', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'AccountObjects', actCustomer('KT7'))
  await company.create('accounting', 'AccountObjects', actCustomer('NCC7', { is_customer: false, is_vendor: true }))
  await company.create('accounting', 'AccountObjects', actCustomer('NV7', { is_customer: false, is_employee: true }))
  await company.settle()
  expect(await company.writes()).toEqual({ 'POST /api/v2/Customers': 1 })
  expect(await company.rows('crm', 'Customers')).toMatchObject([
    { account_number: 'KT7', account_name: 'Khách KT7', is_personal: false },
  ])
  await company.forget()
  await company.update('accounting', 'AccountObjects', 'KT7', {
    address: '1 Tràng Tiền',
    maximize_debt_amount: 5000000.5,
  })
  await company.update('accounting', 'AccountObjects', 'NCC7', { address: '2 Tràng Tiền' })
  await company.settle()
  expect(await company.writes()).toEqual({ 'PUT /api/v2/Customers': 1 })
  expect(await company.find('crm', 'Customers', 'KT7')).toMatchObject({
    billing_address: '1 Tràng Tiền',
    debt_limit: 5000000.5,
  })
})

it('CU8 an individual of ACT becomes a Contact in CRM', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'CN8',
    account_object_name: 'Trần Thị Bưởi',
    account_object_type: 1,
    is_customer: true,
    mobile: '0987 654 321',
    identification_number: '001099012345',
  })
  await company.settle()
  expect(await company.find('crm', 'Contacts', 'CN8')).toMatchObject({
    contact_name: 'Trần Thị Bưởi',
    mobile: '0987 654 321',
    tax_code: '001099012345',
    account_number: null,
  })
  expect(await company.rows('crm', 'Customers')).toEqual([])
  expect(await company.writes()).toEqual({ 'POST /api/v2/Contacts': 1 })
  await company.update('crm', 'Contacts', 'CN8', { mailing_address: 'Huế' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'CN8')).toMatchObject({
    address: 'Huế',
    account_object_type: 1,
  })
})

it('CU9 the salesperson of an ACT customer sets the CRM owner at creation only', async () => {
  const company = await openCompany()
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  for (const code of ['NV1', 'NV2']) {
    await company.create('system', 'Employees', {
      code,
      fullName: code,
      organizationUnitCode: 'CTY',
      isCompanyEmployee: true,
      active: true,
    })
  }
  await company.connect()
  await company.settle()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KT9',
    account_object_name: 'Khách 9',
    is_customer: true,
    employee_code: 'NV1',
  })
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KT9')).toMatchObject({ owner_code: 'NV1' })
  await company.forget()
  await company.update('accounting', 'AccountObjects', 'KT9', { employee_code: 'NV2' })
  await company.settle()
  expect(await company.writes()).toEqual({})
  await company.update('accounting', 'AccountObjects', 'KT9', { address: 'Huế' })
  await company.settle()
  expect(await company.writes()).toEqual({ 'PUT /api/v2/Customers': 1 })
  expect(await company.find('crm', 'Customers', 'KT9')).toMatchObject({ owner_code: 'NV1', billing_address: 'Huế' })
})
