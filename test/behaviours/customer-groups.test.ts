import { expect, it } from 'vitest'
import { openCompany, openLiveCompany } from './company.ts'
import { customer, group } from './records.ts'

const actGroup = (code: string) => ({ account_object_group_code: code, account_object_group_name: `Nhóm ${code}` })

it('CG1 the first sync carries groups from CRM to ACT only, parents first', async () => {
  const company = await openCompany()
  await company.create('crm', 'CustomerGroups', group('N1'))
  await company.create('crm', 'CustomerGroups', group('N11', { parent_code: 'N1' }))
  await company.create('accounting', 'AccountObjectGroups', actGroup('K1'))
  expect(await company.connect()).toMatchObject({ failed: 0 })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjectGroups', 'N11')).toMatchObject({ parent_code: 'N1' })
  expect(await company.find('crm', 'CustomerGroups', 'K1')).toBeUndefined()
})

it('CG2 a group added or edited in CRM is not sent by itself', async () => {
  const company = await openCompany()
  await company.create('crm', 'CustomerGroups', group('N1'))
  await company.connect()
  await company.settle()
  await company.forget()
  await company.create('crm', 'CustomerGroups', group('N2'))
  await company.update('crm', 'CustomerGroups', 'N1', { group_name: 'Tên mới' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjectGroups', 'N1')).toMatchObject({
    account_object_group_name: 'Nhóm N1',
  })
  expect(await company.find('accounting', 'AccountObjectGroups', 'N2')).toBeUndefined()
  expect(await company.writes()).toEqual({})
})

it('CG3 a group goes along with its customer, parents first, in its current form', async () => {
  const company = await openCompany()
  await company.create('crm', 'CustomerGroups', group('N1'))
  await company.connect()
  await company.settle()
  await company.update('crm', 'CustomerGroups', 'N1', { group_name: 'Tên mới' })
  await company.create('crm', 'CustomerGroups', group('N2', { parent_code: 'N1' }))
  await company.create('crm', 'Customers', customer('KH1', { account_group_code_list: 'N2;N1' }))
  await company.settle()
  await company.engine.desk('request', { entity: 'customer', from: 'crm', keys: ['KH1'] })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({
    account_object_group_code_list: 'N2;N1',
  })
  expect(await company.find('accounting', 'AccountObjectGroups', 'N1')).toMatchObject({
    account_object_group_name: 'Tên mới',
  })
  expect(await company.find('accounting', 'AccountObjectGroups', 'N2')).toMatchObject({ parent_code: 'N1' })
})

it('CG4 a user sends groups by hand', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'CustomerGroups', group('N4'))
  await company.settle()
  await company.engine.desk('request', { entity: 'customer-group', from: 'crm', keys: ['N4'] })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjectGroups', 'N4')).toMatchObject({
    account_object_group_name: 'Nhóm N4',
  })
})

it('CG5 a group added in ACT goes to CRM only with a customer of it', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'AccountObjectGroups', actGroup('K5'))
  await company.settle()
  expect(await company.find('crm', 'CustomerGroups', 'K5')).toBeUndefined()
  expect(await company.writes()).toEqual({})
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KT5',
    account_object_name: 'Khách 5',
    is_customer: true,
    account_object_group_code_list: 'K5',
  })
  await company.settle()
  expect(await company.find('crm', 'CustomerGroups', 'K5')).toMatchObject({ group_name: 'Nhóm K5' })
  expect(await company.find('crm', 'Customers', 'KT5')).toMatchObject({ account_group_code_list: 'K5' })
})
