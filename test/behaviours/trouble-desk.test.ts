import {
  type Conflict,
  blockedRecords,
  conflictsOf,
  failedRecords,
  failureGroups,
  waitingGroups,
} from '@amis-sync/engine'
import { expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer } from './records.ts'
import { expectNothingLeft, finish, goWrong, openTradingCompany } from './trouble.ts'

const save = 'POST /apir/sync/actopen/save'
const inAct = (company: Company, key: string) => company.find('accounting', 'Vouchers', key)
const plugins = (company: Company) => company.runner.loaded.plugins

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of list) found.push(one)
  return found
}

function conflicts(company: Company): Promise<Conflict[]> {
  const { settings } = company.runner.tenants().get('demo')!
  return all(conflictsOf(company.store, plugins(company), settings, {}))
}

const failures = (company: Company) => failureGroups(company.store, plugins(company), {}, Date.now())
const blocked = (company: Company) => all(blockedRecords(company.store, plugins(company), {}))

function resolve(company: Company, { entity, link, seen }: Conflict, fields: Record<string, { side: string }>) {
  return company.engine.desk('conflicts.resolve', { by: 'Lan', decisions: [{ entity, link, seen, fields }] })
}

/** The demo company after its first sync. Hints of what that wrote are of no interest here: deliveries begin behind it. */
async function demoCompany(): Promise<Company> {
  const company = await openCompany({ deliveries: false })
  await company.admin('PUT', '/capabilities', { accounting: { hints: false } })
  await company.admin('PUT', '/delivery', {
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
    applyDelayMs: 5,
  })
  await company.admin('POST', '/seed', { profile: 'demo' })
  await company.connect()
  // The first polls give the whole company once more.
  expect(await company.engine.quiet(90_000)).toBe(true)
  await company.deliverTo(company.runner.url)
  await company.forget()
  return company
}

/** KH2 is entered on both sides. */
async function oneCode(): Promise<Company> {
  const company = await openLiveCompany()
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Ở CRM' }))
  await company.settle()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KH2',
    account_object_name: 'Ở kế toán',
    is_customer: true,
  })
  await company.settle()
  await company.forget()
  return company
}

it('D6 the demo company: its conflict is decided field by field, its failing order is mended at the source', async () => {
  const company = await demoCompany()
  const [conflict, ...others] = await conflicts(company)
  expect(others).toEqual([])
  expect(conflict).toMatchObject({
    key: 'KH-XUNGDOT',
    kind: 'fields',
    fields: [
      { field: 'phone', rule: { is: 'ask', from: 'plugin' } },
      { field: 'address', labels: { vi: 'Địa chỉ' } },
    ],
    edits: { crm: { by: 'seed' }, accounting: { by: 'seed' } },
  })
  const [phone, address] = conflict!.fields
  const chosen = { phone: { side: 'crm' }, address: { side: 'accounting' } }
  expect(await resolve(company, conflict!, chosen)).toMatchObject([{ state: 'settled' }])
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH-XUNGDOT')).toMatchObject({ tel: phone!.values.crm })
  expect(await company.find('crm', 'Customers', 'KH-XUNGDOT')).toMatchObject({
    billing_address: address!.values.accounting,
  })
  expect(await conflicts(company)).toEqual([])

  expect(await failures(company)).toMatchObject([
    { entity: 'customer', code: 'DUPLICATE_CODE', count: 1, examples: ['NV-TRUNG'] },
  ])
  expect(await waitingGroups(company.store, plugins(company))).toMatchObject([
    { entity: 'customer', key: 'NV-TRUNG', count: 1, examples: [{ entity: 'sales-order', key: 'DH-LOI' }] },
  ])
  await company.update('crm', 'Customers', 'NV-TRUNG', { account_number: 'KH-DOI-MA' })
  await company.settle()
  expect(await failures(company)).toEqual([])
  expect(await inAct(company, 'DH-LOI')).toMatchObject({ account_object_code: 'KH-DOI-MA' })
  await expectNothingLeft(company)
}, 120_000)

it('D5 two records of one code are one conflict; "different" keeps them apart, nothing is written', async () => {
  const company = await oneCode()
  const [conflict, ...others] = await conflicts(company)
  expect(others).toEqual([])
  expect(conflict).toMatchObject({ key: 'KH2', kind: 'pair', candidates: [{ side: 'crm', key: 'KH2', name: 'Ở CRM' }] })
  const { entity, link, candidates } = conflict!
  const pairs = [{ entity, a: { link }, b: { link: candidates[0]!.link } }]
  expect(await company.engine.desk('records.reject', { by: 'Lan', pairs })).toMatchObject([{ state: 'rejected' }])
  expect(await company.writes()).toEqual({})
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({ account_name: 'Ở CRM' })
})

it('D5 D6 on the command line: listed, shown, decided by --same, and gone; what is typed wrong is told', async () => {
  const company = await oneCode()
  const amis = await commandLine(company)
  const asked = async (...parameters: string[]): Promise<AnyRow> => {
    const { code, stdout } = await amis(...parameters, '--output', 'json')
    return { code, ...(JSON.parse(stdout) as AnyRow) }
  }
  const [list, shown, wrong, status, fields] = await Promise.all([
    asked('conflicts', 'demo', 'customer'),
    amis('conflicts', 'show', 'demo', 'kh2'),
    asked('conflicts', 'resolve', 'demo', 'KH9', '--side', 'crm'),
    amis('status', 'demo'),
    asked('conflicts', 'resolve', 'demo', '--all', '--side', 'crm', '--entity', 'customer'),
  ])
  expect(list.conflicts).toMatchObject([{ key: 'KH2', kind: 'pair' }])
  expect(shown.stdout).toMatch(/Ở CRM[\s\S]*--same \| --different/)
  expect([wrong.code, wrong.error.code]).toEqual([64, 'CONFLICT_UNKNOWN'])
  // A pair is no conflict of fields: nobody decides it by the way.
  expect(fields).toMatchObject({ code: 0, outcomes: [] })
  expect(status.stdout).toMatch(/needs a person: \d+ → amis-sync conflicts demo/)
  const done = await asked('conflicts', 'resolve', 'demo', 'KH2', '--same', '--side', 'crm', '--by', 'Lan')
  expect(done).toMatchObject({ code: 0, state: 'linked' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({ account_object_name: 'Ở CRM' })
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(1)
  expect(await conflicts(company)).toEqual([])
}, 60_000)

it('SO16 what waits for a person in ACT says what to do there; a retry while it is locked writes nothing', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await finish(company)
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Giao sáng' })
  await company.settle()
  await company.forget()
  const [order] = await blocked(company)
  expect(order).toMatchObject({ entity: 'sales-order', key: 'DH1', target: 'accounting', code: 'DOCUMENT_LOCKED' })
  expect(order!.todo.vi).toContain('bỏ chứng từ phát sinh')
  const retry = (ids?: string[]) => company.engine.desk('work.retry', { what: 'blocked', ...(ids ? { ids } : {}) })
  expect(await retry()).toMatchObject({ asked: 1, again: 1 })
  expect(await retry(['DH9'])).toMatchObject({ asked: 0 })
  expect(await company.writes()).toEqual({})
  await company.act('accounting', 'undoVouchers', { key: 'DH1' })
  await finish(company)
  expect(await inAct(company, 'DH1')).toMatchObject({ journal_memo: 'Giao sáng' })
  expect(await blocked(company)).toEqual([])
})

it('SO16 a refused document is sent with another text, but not once Accounting has worked with it', async () => {
  const company = await openTradingCompany()
  /** The next save is refused. */
  const refused = async (address: string): Promise<string> => {
    const params = { fraction: 1, code: 'InvalidParam' }
    await goWrong(company, { system: 'accounting', route: save, kind: 'partialBatch', times: 1, params })
    await company.update('crm', 'SaleOrders', 'DH1', { shipping_address: address })
    await company.settle()
    const [one] = await all(failedRecords(company.store, plugins(company), {}, Date.now()))
    return one!.work
  }
  const edit = (work: string, set: Record<string, string>) =>
    company.engine.desk('failures.edit', { work, by: 'Lan', set })
  const first = await refused('Địa chỉ sai')
  expect(await edit(first, { total: '1' })).toMatchObject({ state: 'refused' })
  expect(await edit(first, { date: '2026-01-01' })).toMatchObject({ state: 'refused' })
  expect(await edit(first, { shippingAddress: '12 Hàng Bài' })).toMatchObject({
    state: expect.stringMatching(/sent|queued/),
  })
  await finish(company)
  expect(await inAct(company, 'DH1')).toMatchObject({ shipping_address: '12 Hàng Bài' })
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ shipping_address: 'Địa chỉ sai' })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  const late = await edit(await refused('Lại sai'), { shippingAddress: '13 Hàng Bài' })
  expect(late).toMatchObject({ state: 'refused', text: { vi: expect.stringContaining('đã phát sinh') } })
  expect(await inAct(company, 'DH1')).toMatchObject({ shipping_address: '12 Hàng Bài' })
  expect(await company.engine.desk('work.retry', { what: 'failures', entity: 'sales-order' })).toMatchObject({
    asked: 1,
  })
  await finish(company)
  expect(await inAct(company, 'DH1')).toMatchObject({ shipping_address: 'Lại sai' })
})
