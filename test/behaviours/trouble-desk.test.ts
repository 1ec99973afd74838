import { expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer } from './records.ts'
import { expectNothingLeft, finish, goWrong, openTradingCompany } from './trouble.ts'

const save = 'POST /apir/sync/actopen/save'
const inAct = (company: Company, key: string) => company.find('accounting', 'Vouchers', key)

/** What a command answers to programs, with its exit code. */
async function asked(amis: Awaited<ReturnType<typeof commandLine>>, ...parameters: string[]): Promise<AnyRow> {
  const { code, stdout, stderr } = await amis(...parameters, '--output', 'json')
  return { code, stderr, ...(JSON.parse(stdout) as AnyRow) }
}

it('D6 D5 the demo company: its conflict is decided field by field, its failing order is mended at the source', async () => {
  // Hints of what the first sync itself wrote are of no interest here.
  const company = await openCompany({ deliveries: false })
  await company.admin('PUT', '/capabilities', { accounting: { hints: false } })
  await company.admin('PUT', '/delivery', {
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
    applyDelayMs: 5,
  })
  await company.admin('POST', '/seed', { profile: 'demo' })
  await company.connect()
  await company.settle()
  await company.deliverTo(company.runner.url)
  const amis = await commandLine(company)
  expect((await amis('status', 'demo')).stdout).toMatch(
    /needs a person: \d+ → .*amis-sync conflicts demo .*amis-sync failures demo/,
  )

  const { conflicts } = await asked(amis, 'conflicts', 'demo', 'customer')
  expect(conflicts).toMatchObject([
    {
      key: 'KH-XUNGDOT',
      kind: 'fields',
      fields: [
        { field: 'phone', rule: { is: 'ask', from: 'plugin' } },
        { field: 'address', labels: { vi: 'Địa chỉ' } },
      ],
      edits: { crm: { by: 'seed' }, accounting: { by: 'seed' } },
    },
  ])
  const [{ id, fields }] = conflicts
  const [phone, address] = fields as AnyRow[]
  const shown = await amis('conflicts', 'show', 'demo', id)
  expect(shown.stdout).toContain(phone!.values.crm)
  expect(shown.stdout).toContain(address!.values.accounting)
  const part = await asked(amis, 'conflicts', 'resolve', 'demo', 'kh-xungdot', '--field', 'phone=crm', '--by', 'Lan')
  expect([part.code, part.outcomes[0].state]).toEqual([3, 'partly'])
  const rest = await asked(amis, 'conflicts', 'resolve', 'demo', id, '--field', 'address=accounting', '--by', 'Lan')
  expect([rest.code, rest.outcomes[0].state]).toEqual([0, 'settled'])
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH-XUNGDOT')).toMatchObject({ tel: phone!.values.crm })
  expect(await company.find('crm', 'Customers', 'KH-XUNGDOT')).toMatchObject({
    billing_address: address!.values.accounting,
  })
  expect((await asked(amis, 'conflicts', 'resolve', 'demo', id, '--side', 'crm')).error.code).toBe('CONFLICT_UNKNOWN')

  expect((await asked(amis, 'failures', 'demo')).failures).toMatchObject([
    { entity: 'customer', code: 'DUPLICATE_CODE', count: 1, examples: ['NV-TRUNG'] },
  ])
  expect((await asked(amis, 'waiting', 'demo')).waiting).toMatchObject([
    { entity: 'customer', key: 'NV-TRUNG', count: 1, examples: [{ entity: 'sales-order', key: 'DH-LOI' }] },
  ])
  expect((await amis('--lang', 'vi', 'why', 'demo', 'sales-order', 'DH-LOI')).stdout).toMatch(/^Chưa gửi vì đang chờ/)
  await company.update('crm', 'Customers', 'NV-TRUNG', { account_number: 'KH-DOI-MA' })
  await company.settle()
  expect((await asked(amis, 'failures', 'demo')).failures).toEqual([])
  expect(await inAct(company, 'DH-LOI')).toMatchObject({ account_object_code: 'KH-DOI-MA' })
  expect((await amis('status', 'demo')).stdout).not.toContain('needs a person')
  await expectNothingLeft(company)
}, 60_000)

it('D5 two records of one code are one conflict; "different" keeps them apart, nothing is written', async () => {
  const company = await openLiveCompany({ deliveries: false })
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Ở CRM' }))
  await company.poll()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KH2',
    account_object_name: 'Ở kế toán',
    is_customer: true,
  })
  await company.poll()
  const amis = await commandLine(company)
  const { conflicts } = await asked(amis, 'conflicts', 'demo')
  expect(conflicts).toMatchObject([
    { key: 'KH2', kind: 'pair', code: 'SAME_KEY', candidates: [{ side: 'crm', key: 'KH2', name: 'Ở CRM' }] },
  ])
  expect((await amis('conflicts', 'resolve', 'demo', 'KH2', '--side', 'crm')).stderr).toContain('--same | --different')
  expect(await asked(amis, 'conflicts', 'resolve', 'demo', 'KH2', '--different')).toMatchObject({
    code: 0,
    state: 'rejected',
  })
  expect(await company.writes()).toEqual({})
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({ account_name: 'Ở CRM' })
}, 60_000)

it('D5 two records of one code: "the same", with whose values hold, makes them one', async () => {
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
  const amis = await commandLine(company)
  const done = await asked(amis, 'conflicts', 'resolve', 'demo', 'KH2', '--same', '--side', 'crm', '--by', 'Lan')
  expect(done).toMatchObject({ code: 0, state: 'linked' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({ account_object_name: 'Ở CRM' })
  expect((await asked(amis, 'conflicts', 'demo')).conflicts).toEqual([])
  expect((await company.rows('accounting', 'AccountObjects')).length).toBe(1)
}, 60_000)

it('SO16 what waits for a person in ACT says what to do there; a retry while it is locked writes nothing', async () => {
  const company = await openTradingCompany()
  await company.act('accounting', 'receive', { key: 'DH1', amount: 100000 })
  await finish(company)
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Giao sáng' })
  await company.settle()
  await company.forget()
  const amis = await commandLine(company)
  const { blocked } = await asked(amis, 'blocked', 'demo')
  expect(blocked).toMatchObject([{ entity: 'sales-order', key: 'DH1', target: 'accounting', code: 'DOCUMENT_LOCKED' }])
  expect(blocked[0].todo.vi).toContain('bỏ chứng từ phát sinh')
  expect(await asked(amis, 'blocked', 'demo', '--retry')).toMatchObject({ code: 3, asked: 1, again: 1 })
  expect(await company.engine.desk('work.retry', { what: 'blocked', ids: ['DH9'] })).toMatchObject({ asked: 0 })
  expect((await company.writes())[save] ?? 0).toBe(0)
  await company.act('accounting', 'undoVouchers', { key: 'DH1' })
  await finish(company)
  expect(await inAct(company, 'DH1')).toMatchObject({ journal_memo: 'Giao sáng' })
  await expectNothingLeft(company)
}, 60_000)

it('SO16 a refused document is sent with another text, but not once Accounting has worked with it', async () => {
  const company = await openTradingCompany()
  const refuse = () =>
    goWrong(company, {
      system: 'accounting',
      route: save,
      kind: 'partialBatch',
      times: 1,
      params: { fraction: 1, code: 'InvalidParam' },
    })
  await refuse()
  await company.update('crm', 'SaleOrders', 'DH1', { shipping_address: 'Địa chỉ sai' })
  await company.settle()
  const amis = await commandLine(company)
  const edit = (...set: string[]) => asked(amis, 'failures', 'edit', 'demo', 'DH1', '--set', ...set)
  expect(await edit('total=1')).toMatchObject({ code: 3, state: 'refused' })
  expect(await edit('date=2026-01-01')).toMatchObject({ code: 3, state: 'refused' })
  expect(await edit('shippingAddress=12 Hàng Bài')).toMatchObject({ code: 0 })
  await finish(company)
  expect(await inAct(company, 'DH1')).toMatchObject({ shipping_address: '12 Hàng Bài' })
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ shipping_address: 'Địa chỉ sai' })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  await refuse()
  await company.update('crm', 'SaleOrders', 'DH1', { shipping_address: 'Lại sai' })
  await company.settle()
  const late = await edit('shippingAddress=13 Hàng Bài')
  expect([late.code, late.state]).toEqual([3, 'refused'])
  expect(late.text.vi).toContain('đã phát sinh')
  expect(await inAct(company, 'DH1')).toMatchObject({ shipping_address: '12 Hàng Bài' })
  expect((await asked(amis, 'failures', 'retry', 'demo', '--entity', 'sales-order')).code).toBe(0)
  await finish(company)
  expect(await inAct(company, 'DH1')).toMatchObject({ shipping_address: 'Lại sai' })
}, 60_000)
