import { expect, it } from 'vitest'
import { openCompany, openLiveCompany } from './company.ts'
import { customer, order, product } from './records.ts'

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

it('CU2 a customer added in CRM is not sent', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'Customers', customer('KH9'))
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH9')).toBeUndefined()
  expect(await company.writes()).toEqual({})
})

it('CU3 a customer goes along with its order, before it', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'Customers', customer('KH3'))
  await company.create('crm', 'Products', product('VT3'))
  await company.create('crm', 'SaleOrders', order('DH3', 'KH3', 'VT3'))
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH3')).toBeUndefined()
  await company.act('crm', 'requestRevenue', { key: 'DH3' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH3')).toMatchObject({
    account_object_name: 'Công ty KH3',
    is_customer: true,
  })
  expect(await company.find('accounting', 'Vouchers', 'DH3')).toMatchObject({ account_object_code: 'KH3' })
})

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
  await company.engine.desk('request', { entity: 'customer', from: 'crm', all: true })
  await company.settle()
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(3)
})

it('CU7 a customer added or edited in ACT goes to CRM at once', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KT7',
    account_object_name: 'Khách 7',
    is_customer: true,
  })
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KT7')).toMatchObject({ account_name: 'Khách 7', is_personal: false })
  await company.update('accounting', 'AccountObjects', 'KT7', {
    address: '1 Tràng Tiền',
    maximize_debt_amount: 5000000.5,
  })
  await company.settle()
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
  await company.update('accounting', 'AccountObjects', 'KT9', { employee_code: 'NV2' })
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KT9')).toMatchObject({ owner_code: 'NV1' })
})
