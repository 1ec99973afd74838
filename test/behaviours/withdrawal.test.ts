import { expect, it } from 'vitest'
import type { Company } from './company.ts'
import { customer, order } from './records.ts'
import { finish, goWrong, openTradingCompany } from './trouble.ts'
import { saves, deletes, told, inAct, inCrm, withdraw, linkOf, granted, changed, untilAccepted } from './withdrawn.ts'

it('SO12 a withdrawn order leaves ACT, CRM is told exactly that, and a new request sends it anew', async () => {
  const company = await openTradingCompany()
  const there = (await inAct(company))!
  const before = await inCrm(company)
  await withdraw(company)
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 1 })
  expect(await inAct(company)).toBeUndefined()
  expect(await inCrm(company)).toMatchObject(granted)
  expect(changed(before, await inCrm(company))).toEqual(['revenue_status'])
  expect(await linkOf(company)).toMatchObject({ linked: false })
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await finish(company)
  expect(await company.writes()).toEqual({ [saves]: 1 })
  expect(await inAct(company)).toMatchObject({ org_refid: there.org_refid, request_seq: 2 })
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(1)
})

it('SO12 what happened in ACT refuses the withdrawal: CRM gets the reason, and nothing else changes', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await finish(company)
  await company.forget()
  const there = await inAct(company)
  const before = await inCrm(company)
  await withdraw(company)
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 1 })
  expect(await inAct(company)).toEqual(there)
  const after = await inCrm(company)
  expect(changed(before, after)).toEqual(['revenue_withdraw_refusal'])
  expect(after).toMatchObject({
    revenue_status: 'Đề nghị ghi',
    revenue_withdraw_requested: false,
    revenue_withdraw_refusal: 'Đơn hàng đã phát sinh chứng từ giao hàng, thu tiền hoặc hóa đơn, không thể xóa',
  })
  // Nothing is lost: the way back goes on, and once ACT lets go, the next withdrawal is granted.
  await company.act('accounting', 'undoVouchers', { key: 'DH1' })
  await finish(company)
  expect(await inCrm(company)).toMatchObject({ total_receipted_amount: 0 })
  await company.forget()
  await withdraw(company)
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 1 })
  expect(await inCrm(company)).toMatchObject(granted)
  expect(await inAct(company)).toBeUndefined()
})

const unheard = {
  'between two polls': async (company: Company, meanwhile: () => Promise<void>) => {
    await company.hearByPollsOnly()
    await meanwhile()
    await company.poll()
  },
  'while the company is paused': async (company: Company, meanwhile: () => Promise<void>) => {
    await company.engine.pause()
    await meanwhile()
    await company.engine.resume()
  },
} as const

it.each(Object.entries(unheard))(
  'SO12 a withdrawal and what ACT did, both %s: it is refused, and what ACT did reaches CRM',
  async (_when, unheardOf) => {
    const company = await openTradingCompany()
    const before = await inCrm(company)
    await unheardOf(company, async () => {
      await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
      await company.act('accounting', 'invoice', { key: 'DH1', amount: 50000 })
      await company.act('accounting', 'recordRevenue', { key: 'DH1' })
      await withdraw(company)
    })
    const there = await inAct(company)
    await finish(company)
    expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 2 })
    expect(await inAct(company)).toEqual(there)
    const after = await inCrm(company)
    expect(after).toMatchObject({
      revenue_status: 'Đã ghi',
      revenue_withdraw_requested: false,
      revenue_withdraw_refusal: expect.stringContaining('không thể xóa'),
      total_receipted_amount: 100000,
      balance_receipt_amount: after.liquidate_amount - 100000,
      is_invoiced: true,
      invoiced_amount: 50000,
      un_invoiced_amount: after.liquidate_amount - 50000,
    })
    const byTheCrm = (name: string) => name.endsWith('_oc')
    expect(changed(before, after).filter((name) => !byTheCrm(name))).toEqual([
      'balance_receipt_amount',
      'invoiced_amount',
      'is_invoiced',
      'pay_status',
      'receipts',
      'revenue_status',
      'revenue_withdraw_refusal',
      'status',
      'total_receipted_amount',
      'un_invoiced_amount',
    ])
    await company.poll()
    expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 2 })
  },
)

it('SO12 a withdrawal that is taken back while ACT refuses it: the refusal is for nobody, and what ACT did reaches CRM', async () => {
  const company = await openTradingCompany()
  await company.hearByPollsOnly()
  await company.admin('PUT', '/delivery', { applyDelayMs: 3_600_000 })
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await withdraw(company)
  await company.engine.poll()
  await untilAccepted(company)
  await company.update('crm', 'SaleOrders', 'DH1', { revenue_withdraw_requested: false })
  await company.admin('PUT', '/delivery', { applyDelayMs: 5 })
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 1 })
  expect(await inCrm(company)).toMatchObject({ revenue_withdraw_refusal: null, total_receipted_amount: 100000 })
  expect((await linkOf(company)).sides.accounting).not.toHaveProperty('refusal')
})

it('SO12 recorded meanwhile: refused with the reason of ACT, and the edit that crossed it goes afterwards', async () => {
  const company = await openTradingCompany()
  await goWrong(company, { system: 'accounting', route: 'CALLBACK', kind: 'drop' })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await company.admin('PUT', '/delivery', { crmWebhook: null })
  await withdraw(company)
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Giao trước 10 giờ' })
  await company.deliverTo(company.runner.url)
  await company.engine.desk('request', { entity: 'sales-order', from: 'crm', keys: ['DH1'] })
  await finish(company)
  const after = await inCrm(company)
  expect(after.revenue_withdraw_requested).toBe(false)
  expect(after.revenue_withdraw_refusal).toContain('đã được ghi doanh số')
  expect(await inAct(company)).toMatchObject({ journal_memo: 'Giao trước 10 giờ', state: { revenue_status: 1 } })
  const { [deletes]: asked, [saves]: edits } = await company.writes()
  expect([asked, edits]).toEqual([1, 1])
  await company.poll()
  expect(await inCrm(company)).toMatchObject({
    revenue_status: 'Đã ghi',
    revenue_withdraw_refusal: after.revenue_withdraw_refusal,
  })
})

it('SO12 an edit that crosses a granted withdrawal stays in CRM and goes with the next request', async () => {
  const company = await openTradingCompany()
  await company.admin('PUT', '/delivery', { crmWebhook: null })
  await withdraw(company)
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Sửa lúc thu hồi' })
  await company.deliverTo(company.runner.url)
  await company.poll()
  await finish(company)
  expect(await company.writes()).toEqual({ [deletes]: 1, [told]: 1 })
  expect(await inCrm(company)).toMatchObject({ ...granted, description: 'Sửa lúc thu hồi' })
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await finish(company)
  expect(await inAct(company)).toMatchObject({ journal_memo: 'Sửa lúc thu hồi', request_seq: 2 })
})

it('SO12 an order that waits for its customer never reached ACT: granted, and the waiting ends', async () => {
  const company = await openTradingCompany()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'NV-TRUNG',
    account_object_name: 'Nhân viên',
    is_employee: true,
  })
  await company.create('crm', 'Customers', customer('NV-TRUNG'))
  await company.create('crm', 'SaleOrders', order('DH2', 'NV-TRUNG', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.settle()
  expect(await company.store.work.page({ entity: 'sales-order' }, { limit: 5 })).toMatchObject([{ state: 'waiting' }])
  await company.forget()
  await withdraw(company, 'DH2')
  await company.settle()
  expect(await company.writes()).toEqual({ [told]: 1 })
  expect(await inCrm(company, 'DH2')).toMatchObject(granted)
  expect(await company.store.work.page({ entity: 'sales-order' }, { limit: 5 })).toEqual([])
})

it('SO12 an order whose save was refused is not in ACT: granted without a deletion', async () => {
  const company = await openTradingCompany()
  await company.create(
    'crm',
    'SaleOrders',
    order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi', total_summary: 999, liquidate_amount: 999 }),
  )
  await company.settle()
  expect(await company.store.work.page({ entity: 'sales-order' }, { limit: 5 })).toMatchObject([{ state: 'parked' }])
  await company.forget()
  await withdraw(company, 'DH2')
  await finish(company)
  expect(await company.writes()).toEqual({ [told]: 1 })
  expect(await inCrm(company, 'DH2')).toMatchObject(granted)
})

it('SO12 an order that the accountant deleted silently is gone already: granted without a deletion', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'deleteRequest', { key: 'DH1' })
  await withdraw(company)
  await finish(company)
  expect(await company.writes()).toEqual({ [told]: 1 })
  expect(await inCrm(company)).toMatchObject(granted)
})
