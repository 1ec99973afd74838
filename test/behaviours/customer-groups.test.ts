import { expect, it } from 'vitest'
import { openCompany, openLiveCompany } from './company.ts'
import { customer, group } from './records.ts'

const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
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
  expect(await company.writes()).toEqual({ [dictionaries]: expect.any(Number) })
})

it.each(['webhooks', 'polls'])(
  'CG2 a group added or edited in CRM is not sent by itself, heard of by %s',
  async (by) => {
    const company = await openCompany()
    await company.create('crm', 'CustomerGroups', group('N1'))
    await company.connect()
    await company.settle()
    if (by === 'polls') await company.hearByPollsOnly()
    await company.forget()
    await company.create('crm', 'CustomerGroups', group('N2'))
    await company.poll()
    await company.update('crm', 'CustomerGroups', 'N1', { group_name: 'Tên mới' })
    await company.update('crm', 'CustomerGroups', 'N2', { group_name: 'Tên mới' })
    await company.poll()
    expect(await company.writes()).toEqual({})
    expect(await company.rows('accounting', 'AccountObjectGroups')).toMatchObject([
      { account_object_group_code: 'N1', account_object_group_name: 'Nhóm N1' },
    ])
  },
)

it('CG3 a group goes along with its customer, parents first, in its current form; other groups do not', async () => {
  const company = await openCompany()
  await company.create('crm', 'CustomerGroups', group('N1'))
  await company.connect()
  await company.settle()
  await company.update('crm', 'CustomerGroups', 'N1', { group_name: 'Tên mới' })
  await company.create('crm', 'CustomerGroups', group('N2', { parent_code: 'N1' }))
  await company.create('crm', 'CustomerGroups', group('N3'))
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
  expect(await company.find('accounting', 'AccountObjectGroups', 'N3')).toBeUndefined()
})

it('CG3 a group that ACT has already comes up to date with the next customer of it, a group of nobody does not', async () => {
  const company = await openCompany()
  for (const code of ['N1', 'N2']) await company.create('crm', 'CustomerGroups', group(code))
  await company.connect()
  await company.settle()
  for (const code of ['N1', 'N2']) await company.update('crm', 'CustomerGroups', code, { group_name: 'Tên mới' })
  await company.create('crm', 'Customers', customer('KH1', { account_group_code_list: 'N1' }))
  await company.settle()
  await company.forget()
  await company.engine.desk('request', { entity: 'customer', from: 'crm', keys: ['KH1'] })
  await company.settle()
  expect(await company.writes()).toEqual({ [dictionaries]: 2 })
  const name = async (code: string) =>
    (await company.find('accounting', 'AccountObjectGroups', code))!.account_object_group_name as string
  expect([await name('N1'), await name('N2')]).toEqual(['Tên mới', 'Nhóm N2'])
})

it('CG4 a user sends groups by hand, as they are now, and no others', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'CustomerGroups', group('N4'))
  await company.create('crm', 'CustomerGroups', group('N5'))
  await company.settle()
  const send = async () => {
    await company.engine.desk('request', { entity: 'customer-group', from: 'crm', keys: ['N4'] })
    await company.settle()
    return company.find('accounting', 'AccountObjectGroups', 'N4')
  }
  expect(await send()).toMatchObject({ account_object_group_name: 'Nhóm N4' })
  await company.update('crm', 'CustomerGroups', 'N4', { group_name: 'Tên mới' })
  await company.settle()
  expect(await company.writes()).toEqual({ [dictionaries]: 1 })
  expect(await send()).toMatchObject({ account_object_group_name: 'Tên mới' })
  expect(await company.writes()).toEqual({ [dictionaries]: 2 })
  expect(await company.rows('accounting', 'AccountObjectGroups')).toHaveLength(1)
})

it.each(['hints', 'polls'])(
  'CG5 a group added in ACT goes to CRM only with a customer of it, heard of by %s',
  async (by) => {
    const company = await openLiveCompany()
    if (by === 'polls') await company.hearByPollsOnly()
    await company.create('accounting', 'AccountObjectGroups', actGroup('K5'))
    await company.create('accounting', 'AccountObjectGroups', actGroup('K6'))
    await company.poll()
    await company.update('accounting', 'AccountObjectGroups', 'K5', { account_object_group_name: 'Đại lý' })
    await company.poll()
    expect(await company.writes()).toEqual({})
    await company.create('accounting', 'AccountObjects', {
      account_object_code: 'KT5',
      account_object_name: 'Khách 5',
      is_customer: true,
      account_object_group_code_list: 'K5',
    })
    await company.poll()
    expect(await company.writesInOrder()).toEqual(['POST /api/v2/CustomerGroups', 'POST /api/v2/Customers'])
    expect(await company.rows('crm', 'CustomerGroups')).toMatchObject([{ group_code: 'K5', group_name: 'Đại lý' }])
    expect(await company.find('crm', 'Customers', 'KT5')).toMatchObject({ account_group_code_list: 'K5' })
  },
)
