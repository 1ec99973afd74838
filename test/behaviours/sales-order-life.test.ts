import { expect, it } from 'vitest'
import type { Company } from './company.ts'
import { order } from './records.ts'
import { expectNothingLeft, finish, fired, goWrong, openTradingCompany, until } from './trouble.ts'

const saves = 'POST /apir/sync/actopen/save'
const told = 'PUT /api/v2/SaleOrders'
const later = { applyDelayMs: 3_600_000 }

const inAct = async (company: Company, number = 'DH1') => (await company.find('accounting', 'Vouchers', number))!
const inCrm = async (company: Company) => (await company.find('crm', 'SaleOrders', 'DH1'))!
const edit = (company: Company, description: string) => company.update('crm', 'SaleOrders', 'DH1', { description })

/** A person does something in ACT, and nobody is told. */
async function unheard(company: Company, act: () => Promise<unknown>): Promise<void> {
  await company.admin('PUT', '/delivery', { accountingCallback: null })
  await act()
  await company.deliverTo(company.runner.url)
}

it('SO13 a refusal after recording reaches CRM with its reason; a new request clears it, and the next answer is news', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await inCrm(company)).toMatchObject({ revenue_status: 'Đã ghi', revenue_refusal_reason: null })
  await company.forget()
  await company.act('accounting', 'refuseRevenue', { key: 'DH1', reason: 'Sai mã hàng' })
  await finish(company)
  expect(await company.writes()).toEqual({ [told]: 1 })
  expect(await inCrm(company)).toMatchObject({ revenue_status: 'Từ chối ghi', revenue_refusal_reason: 'Sai mã hàng' })
  await company.forget()
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await finish(company)
  expect(await company.writes()).toEqual({ [saves]: 1 })
  const { state } = await inAct(company)
  expect(state).toMatchObject({ revenue_refused: false, revenue_refusal_reason: null, request_seq: 2 })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await inCrm(company)).toMatchObject({ revenue_status: 'Đã ghi', revenue_refusal_reason: null })
})

it('SO13 an edit that crosses a refusal does not wipe it out', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  await unheard(company, () => company.act('accounting', 'refuseRevenue', { key: 'DH1', reason: 'Sai mã hàng' }))
  await edit(company, 'Sửa lúc bị từ chối')
  await finish(company)
  await company.poll()
  expect((await inAct(company)).state).toMatchObject({ revenue_refused: true, revenue_refusal_reason: 'Sai mã hàng' })
  expect(await inCrm(company)).toMatchObject({
    revenue_status: 'Từ chối ghi',
    revenue_refusal_reason: 'Sai mã hàng',
    description: 'Sửa lúc bị từ chối',
  })
  await expectNothingLeft(company)
})

it('SO14 the mode is switched while documents of both kinds are under way: each keeps its kind, none is doubled', async () => {
  const company = await openTradingCompany()
  await company.admin('PUT', '/delivery', later)
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await until('the order is under way', async () => (await company.writes())[saves] === 1)
  await company.restart({ salesOrders: { recordAs: 'contract' } })
  await company.create('crm', 'SaleOrders', order('DH3', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.update('crm', 'SaleOrders', 'DH2', { description: 'Giao sáng' })
  await finish(company)
  expect(await inAct(company, 'DH2')).toMatchObject({ voucher_type: 20, journal_memo: 'Giao sáng' })
  expect(await inAct(company, 'DH3')).toMatchObject({ voucher_type: 120 })
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(3)
})

it('SO16 an edit waits, blocked, while vouchers exist, and says so; the way back goes on; the latest edit goes by itself when ACT lets go', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await finish(company)
  await company.forget()
  await edit(company, 'Sửa lần 1')
  await company.settle()
  expect(await company.writes()).toEqual({})
  const [item] = await company.store.work.page({ entity: 'sales-order' }, { limit: 5 })
  expect(item).toMatchObject({ state: 'blocked', failure: { code: 'DOCUMENT_LOCKED', kind: 'needsPerson' } })
  expect(item!.failure!.vi).toContain('DH1')
  await company.act('accounting', 'deliver', { key: 'DH1', via: 'sales', lines: [{ sort_order: 1, quantity: 1 }] })
  await company.settle()
  expect(await company.writes()).toEqual({ [told]: 1 })
  expect(await inCrm(company)).toMatchObject({ shipping_amount_summary: 1, description: 'Sửa lần 1' })
  await edit(company, 'Sửa lần 2')
  await company.settle()
  expect(await inAct(company)).toMatchObject({ journal_memo: null })
  await company.forget()
  await company.act('accounting', 'undoVouchers', { key: 'DH1' })
  await finish(company)
  expect(await company.writes()).toEqual({ [told]: 1, [saves]: 1 })
  expect(await inAct(company)).toMatchObject({ journal_memo: 'Sửa lần 2' })
  expect(await inCrm(company)).toMatchObject({ shipping_amount_summary: 0, total_receipted_amount: 0 })
})

it('SO16 a voucher made while the edit was on its way: ACT refuses it, it waits blocked, and goes when ACT lets go', async () => {
  const company = await openTradingCompany()
  await company.admin('PUT', '/delivery', later)
  await edit(company, 'Sửa')
  await until('the edit is under way', async () => (await company.writes())[saves] === 1)
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await company.admin('PUT', '/delivery', { applyDelayMs: 5 })
  await company.settle()
  expect(await inAct(company)).toMatchObject({ journal_memo: null })
  const items = await company.store.work.page({ entity: 'sales-order' }, { limit: 5 })
  expect(items.map(({ state, failure }) => [state, failure?.code])).toContainEqual(['blocked', 'DOCUMENT_LOCKED'])
  expect(await inCrm(company)).toMatchObject({ total_receipted_amount: 100000 })
  await company.act('accounting', 'undoVouchers', { key: 'DH1' })
  await finish(company)
  expect(await inAct(company)).toMatchObject({ journal_memo: 'Sửa' })
  expect((await company.writes())[saves]).toBe(2)
})

it('SO17 where the tenant switches, documents that are there already are read anew, and only what differs is written', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'deliver', { key: 'DH1', via: 'sales', lines: [{ sort_order: 1, quantity: 2 }] })
  await company.act('accounting', 'deliver', { key: 'DH1', via: 'stock', lines: [{ sort_order: 1, quantity: 1 }] })
  await finish(company)
  expect(await inCrm(company)).toMatchObject({ shipping_amount_summary: 2 })
  await company.forget()
  await company.restart({ salesOrders: { deliveredFrom: 'stock' } })
  await until('it is read anew', async () => (await inCrm(company)).shipping_amount_summary === 1)
  await finish(company)
  expect(await company.writes()).toEqual({ [told]: 1 })
  await company.restart({ salesOrders: { deliveredFrom: 'stock' } })
  await finish(company)
  expect(await company.writes()).toEqual({ [told]: 1 })
})

it('SO8 an old answer about a document, older than one already seen, takes nothing back', async () => {
  const company = await openTradingCompany()
  await company.admin('PUT', '/clock', { advanceMs: 60_000 })
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await finish(company)
  expect(await inCrm(company)).toMatchObject({ total_receipted_amount: 100000 })
  await company.admin('PUT', '/clock', { advanceMs: 20_000 })
  await goWrong(company, {
    system: 'accounting',
    route: 'POST /apir/sync/actopen/get_voucher_state',
    kind: 'staleRead',
    params: { ms: 40_000 },
  })
  await company.forget()
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await fired(company)).toEqual([1])
  expect(await company.writes()).toEqual({})
  expect(await inCrm(company)).toMatchObject({ total_receipted_amount: 100000 })
  await company.poll()
  expect(await inCrm(company)).toMatchObject({ revenue_status: 'Đã ghi', total_receipted_amount: 100000 })
})
