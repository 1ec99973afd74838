import { expect, it } from 'vitest'
import type { Company } from './company.ts'
import { order } from './records.ts'
import { calls, expectNothingLeft, finish, fired, goWrong, openTradingCompany, until } from './trouble.ts'

const impatient = { tenant: { connections: { accounting: { outcomeTimeoutMs: 300 } } } }

const requestOrder = (company: Company, number: string) =>
  company.create('crm', 'SaleOrders', order(number, 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))

const outcomesAreKnown = (company: Company) =>
  until(
    'every outcome is known',
    async () => (await calls(company))['act save'] !== undefined && (await company.store.journal.count()) === 0,
  )

async function expectOrders(company: Company, ...numbers: string[]): Promise<void> {
  const vouchers = await company.rows('accounting', 'Vouchers')
  expect(vouchers.map((voucher) => voucher.org_refno as string).toSorted()).toEqual(numbers)
  const links = await company.store.links.findByKey('sales-order', 'crm', numbers)
  expect(links.map((link) => link.linked)).toEqual(numbers.map(() => true))
  await expectNothingLeft(company)
}

it('a doubled callback changes nothing and costs nothing', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'double' })
  await requestOrder(company, 'DH2')
  await finish(company)
  expect(await fired(company)).toEqual([1])
  await expectOrders(company, 'DH1', 'DH2')
  expect(await calls(company)).toEqual({ 'crm GET SaleOrders/id': 1, 'act save': 1 })
})

it('a late callback: the state of the document tells before it, and it changes nothing when it comes', async () => {
  const company = await openTradingCompany(impatient)
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'delay', params: { ms: 3_600_000 } })
  await requestOrder(company, 'DH2')
  await outcomesAreKnown(company)
  const known = {
    'crm GET SaleOrders/id': 1,
    'act save': 1,
    'act get_call_back_detail_error': 1,
    'act get_voucher_state': 1,
  }
  await expectOrders(company, 'DH1', 'DH2')
  expect(await calls(company)).toEqual(known)
  const [before] = await company.store.links.findByKey('sales-order', 'crm', ['DH2'])
  expect(await company.admin('POST', '/deliveries/flush', {})).toMatchObject({ sent: 1, failed: 0 })
  await finish(company)
  expect(await company.store.links.findByKey('sales-order', 'crm', ['DH2'])).toEqual([before])
  expect(await calls(company)).toEqual(known)
})

it('a late callback does not settle the next write of the same document', async () => {
  const company = await openTradingCompany(impatient)
  await goWrong(company, {
    system: 'accounting',
    route: 'CALLBACK',
    kind: 'delay',
    params: { ms: 3_600_000 },
    times: 2,
  })
  await requestOrder(company, 'DH2')
  await outcomesAreKnown(company)
  await company.admin('PUT', '/delivery', { applyDelayMs: 3_600_000 })
  await company.update('crm', 'SaleOrders', 'DH2', { description: 'Giao buổi sáng' })
  await until('the edit is under way', async () => (await company.store.journal.count()) === 1)
  await company.admin('PUT', '/delivery', { applyDelayMs: 5 })
  await finish(company)
  expect(await company.find('accounting', 'Vouchers', 'DH2')).toMatchObject({ journal_memo: 'Giao buổi sáng' })
  await expectOrders(company, 'DH1', 'DH2')
})

it('a lost callback of a document: its state tells, nothing is sent again', async () => {
  const company = await openTradingCompany(impatient)
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'drop' })
  await requestOrder(company, 'DH2')
  await outcomesAreKnown(company)
  await expectOrders(company, 'DH1', 'DH2')
  expect(await calls(company)).toEqual({
    'crm GET SaleOrders/id': 1,
    'act save': 1,
    'act get_call_back_detail_error': 1,
    'act get_voucher_state': 1,
  })
})

it('a lost callback of a catalogue row: it is sent once more, which changes nothing', async () => {
  const company = await openTradingCompany(impatient)
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'drop' })
  await company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234' })
  await until('it is sent again', async () => (await calls(company))['act save_dictionary'] === 2)
  await finish(company)
  expect(await company.rows('accounting', 'AccountObjects')).toMatchObject([{ tel: '024 3868 1234' }])
  const { 'act get_dictionary': _read, 'act get_dictionary_delete': _deleted, ...rest } = await calls(company)
  expect(rest).toEqual({ 'crm GET Customers/id': 1, 'act save_dictionary': 2, 'act get_call_back_detail_error': 1 })
})

it('a callback that could not be delivered: the error list tells, nothing is sent again', async () => {
  const company = await openTradingCompany({
    tenant: { connections: { accounting: { outcomeTimeoutMs: 300 } } },
  })
  await company.admin('PUT', '/delivery', { accountingCallback: null })
  await company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234' })
  await until(
    'the outcome is known',
    async () => (await calls(company))['act get_call_back_detail_error'] !== undefined,
  )
  await finish(company)
  expect(await company.rows('accounting', 'AccountObjects')).toMatchObject([{ tel: '024 3868 1234' }])
  expect(await calls(company)).toEqual({
    'crm GET Customers/id': 1,
    'act save_dictionary': 1,
    'act get_call_back_detail_error': 2,
  })
})

it('permuted callbacks settle each their own write', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'permute', times: 3, params: { count: 3 } })
  for (const [index, number] of ['DH2', 'DH3', 'DH4'].entries()) {
    await requestOrder(company, number)
    await until('the order is sent', async () => (await calls(company))['act save'] === index + 1)
  }
  await until('all three are settled', async () => (await company.store.journal.count()) === 0)
  await finish(company)
  await expectOrders(company, 'DH1', 'DH2', 'DH3', 'DH4')
  expect(await calls(company)).toEqual({ 'crm GET SaleOrders/id': 3, 'act save': 3 })
})

it('a lost push of a document: the next poll of the states brings it', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'drop' })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await fired(company)).toEqual([1])
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ revenue_status: 'Đề nghị ghi' })
  await company.poll()
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ revenue_status: 'Đã ghi' })
  await expectNothingLeft(company)
})
