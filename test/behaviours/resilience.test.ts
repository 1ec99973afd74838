import { expect, it } from 'vitest'
import { openLiveCompany } from './company.ts'
import { customer, order } from './records.ts'
import { calls, fired, finish, goWrong, item, openTradingCompany } from './trouble.ts'

it('answer lost after a creation in CRM: it is looked up by code, not sent again', async () => {
  const company = await openLiveCompany()
  await goWrong(company, { system: 'crm', route: 'POST /api/v2/Products', kind: 'resetAfter' })
  await company.create('accounting', 'InventoryItems', item('VT9'))
  await finish(company)
  expect(await fired(company)).toEqual([1])
  expect(await company.rows('crm', 'Products')).toMatchObject([{ product_code: 'VT9', product_name: 'Hàng VT9' }])
  expect(await calls(company)).toEqual({ x: 1 })
})

it('answer lost after an update in CRM: the same update is repeated', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'crm', route: 'PUT /api/v2/SaleOrders', kind: 'resetAfter' })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ revenue_status: 'Đã ghi' })
  expect(await calls(company)).toEqual({ x: 1 })
})

it('answer lost after save_dictionary: the callback tells, nothing is sent again', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'accounting', route: 'POST /apir/sync/actopen/save_dictionary', kind: 'resetAfter' })
  await company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234' })
  await finish(company)
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({ tel: '024 3868 1234' })
  expect(await calls(company)).toEqual({ x: 1 })
})

it('answer lost after save: the callback tells, the document is there once', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'accounting', route: 'POST /apir/sync/actopen/save', kind: 'resetAfter' })
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await finish(company)
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(2)
  expect(await calls(company)).toEqual({ x: 1 })
})

it('baseline: no fault', async () => {
  const company = await openTradingCompany()
  await company.create('crm', 'Customers', customer('KH2'))
  await finish(company)
  expect(await calls(company)).toEqual({ x: 1 })
})
