import { expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import { type Company, openLiveCompany } from './company.ts'
import { product } from './records.ts'
import { item, until } from './trouble.ts'

const dictionaries = 'POST /apir/sync/actopen/save_dictionary'

const inAct = async (company: Company) =>
  (await company.rows('accounting', 'InventoryItems')).map((row) => String(row.inventory_item_code)).toSorted()

it('FW5 a webhook alone brings a change of CRM: nobody polls', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'Products', product('VT1'))
  await until('VT1 is in ACT', async () => (await inAct(company)).includes('VT1'))
  await company.settle()
  expect(await company.writes()).toEqual({ [dictionaries]: 1 })
  expect(Object.keys(await company.requests()).filter((route) => route.includes('deleted'))).toEqual([])
})

it('FW5 a callback alone brings a change of ACT: nobody polls', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'InventoryItems', item('KT1'))
  await until('KT1 is in CRM', async () => (await company.find('crm', 'Products', 'KT1')) !== undefined)
  await company.settle()
  expect(await company.writes()).toEqual({ 'POST /api/v2/Products': 1 })
  expect(Object.keys(await company.requests()).filter((route) => route.includes('deleted'))).toEqual([])
})

it.each([
  ['at an interval', { pollMs: 2_000 }],
  ['at a cron expression', { tenant: { schedule: { poll: '*/3 * * * * *' } } }],
])('FW5 the schedule alone brings changes of both sides: %s', async (_what, options) => {
  const company = await openLiveCompany(options)
  await company.hearByPollsOnly()
  await company.create('crm', 'Products', product('VT1'))
  await company.create('accounting', 'InventoryItems', item('KT1'))
  await until('both are on both sides', async () => {
    const crm = (await company.rows('crm', 'Products')).map((row) => String(row.product_code)).toSorted()
    return [crm, await inAct(company)].every((codes) => codes.join() === 'KT1,VT1')
  })
})

it('FW5 without webhook, hint and schedule nothing moves until a call or a command asks, and then just what was asked for', async () => {
  const company = await openLiveCompany()
  await company.hearByPollsOnly()
  for (const code of ['VT1', 'VT2', 'VT3']) await company.create('crm', 'Products', product(code))
  await company.settle()
  expect(await company.requests()).toEqual({})
  const { sync } = await company.runner.ask('demo', 'sync', { entity: 'product', from: 'crm', keys: ['VT1'] })
  await company.settle()
  expect(sync).toMatchObject({ requested: 1, unknown: [] })
  expect(await inAct(company)).toEqual(['VT1'])
  const command = await commandLine(company)
  const { code, stdout } = await command('sync', 'demo', 'product', '--key', 'VT2', '--output', 'json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ requested: 1, unknown: [] })
  await company.settle()
  expect(await inAct(company)).toEqual(['VT1', 'VT2'])
  expect(await company.writes()).toEqual({ [dictionaries]: 2 })
})
