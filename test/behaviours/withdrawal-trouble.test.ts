import { expect, it } from 'vitest'
import { order } from './records.ts'
import { expectNothingLeft, finish, goWrong, openTradingCompany, until } from './trouble.ts'
import {
  saves,
  deletes,
  told,
  impatient,
  inAct,
  inCrm,
  withdraw,
  granted,
  untilWritten,
  untilAccepted,
} from './withdrawn.ts'

it('SO12 a withdrawal while the save is still queued waits for it, and then takes the order back', async () => {
  const company = await openTradingCompany()
  await company.admin('PUT', '/delivery', { applyDelayMs: 3_600_000 })
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await untilWritten(company, saves)
  await withdraw(company, 'DH2')
  await until('the withdrawal waits', async () => {
    const [item] = await company.store.work.page({ entity: 'sales-order' }, { limit: 5 })
    return item?.state === 'waiting' || (item?.hintRevision ?? 0) > 1
  })
  await company.admin('PUT', '/delivery', { applyDelayMs: 5 })
  await finish(company)
  expect(await company.writes()).toEqual({ [saves]: 1, [deletes]: 1, [told]: 1 })
  expect(await inAct(company, 'DH2')).toBeUndefined()
  expect(await inCrm(company, 'DH2')).toMatchObject(granted)
})

it.each([
  ['its callback comes twice', { system: 'accounting', route: 'CALLBACK', kind: 'double' }, 1],
  ['its callback is lost', { system: 'accounting', route: 'CALLBACK', kind: 'drop' }, 1],
  ['its answer is lost', { system: 'accounting', route: deletes, kind: 'resetAfter' }, 1],
  ['it never arrived', { system: 'accounting', route: deletes, kind: 'resetBefore' }, 2],
  ['ACT has a fault', { system: 'accounting', route: deletes, kind: 'errorBody' }, 2],
] as const)('SO12 the deletion in ACT, and %s: granted once, told once', async (_what, fault, calls) => {
  const company = await openTradingCompany(impatient)
  await goWrong(company, fault)
  await withdraw(company)
  await until('CRM is told', async () => (await inCrm(company)).revenue_status === 'Bản nháp')
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: calls, [told]: 1 })
  expect(await inAct(company)).toBeUndefined()
  expect(await inCrm(company)).toMatchObject(granted)
})

it.each([
  ['the answer of CRM is lost', 'resetAfter'],
  ['CRM does not answer', 'resetBefore'],
])('SO12 telling CRM, and %s: it is told all the same, and ACT is asked once', async (_what, kind) => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'crm', route: told, kind })
  await withdraw(company)
  await until('CRM is told', async () => (await inCrm(company)).revenue_status === 'Bản nháp')
  await finish(company)
  const writes = await company.writes()
  expect(writes[deletes]).toBe(1)
  expect(await inCrm(company)).toMatchObject(granted)
})

it('SO12 a refusal whose callback is lost: ACT is asked again, and CRM is told its reason', async () => {
  const company = await openTradingCompany(impatient)
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await finish(company)
  await company.forget()
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'drop' })
  await withdraw(company)
  await until('CRM is told', async () => (await inCrm(company)).revenue_withdraw_requested === false)
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: 2, [told]: 1 })
  expect((await inCrm(company)).revenue_withdraw_refusal).toContain('không thể xóa')
  expect(await inAct(company)).toBeDefined()
})

it('SO12 a runner that is restarted between the deletion and its outcome ends the withdrawal', async () => {
  const company = await openTradingCompany()
  await company.admin('PUT', '/delivery', { applyDelayMs: 3_600_000 })
  await withdraw(company)
  await untilAccepted(company)
  await company.restart()
  await finish(company)
  expect(await inAct(company)).toBeUndefined()
  expect(await inCrm(company)).toMatchObject(granted)
  expect((await company.writes())[told]).toBe(1)
  await expectNothingLeft(company)
})

it('SO14 a document in ACT keeps its kind through new requests; once withdrawn it is sent as the tenant says now', async () => {
  const company = await openTradingCompany()
  await company.restart({ salesOrders: { recordAs: 'contract' } })
  await company.act('accounting', 'refuseRevenue', { key: 'DH1', reason: 'Thiếu hợp đồng' })
  await finish(company)
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await finish(company)
  expect(await inAct(company)).toMatchObject({ voucher_type: 20, request_seq: 2 })
  await withdraw(company)
  await finish(company)
  expect(await inCrm(company)).toMatchObject(granted)
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await finish(company)
  expect(await inAct(company)).toMatchObject({ voucher_type: 120, request_seq: 3 })
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(1)
})
