import { expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer } from './records.ts'
import { act, by, standardise, suggested, codes, code } from './standardised.ts'

/** Live, with the same code entered on both sides since: a conflict. */
async function withConflict(): Promise<Company> {
  const company = await openLiveCompany()
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Ở CRM', office_tel: '0912000001' }))
  await company.create('accounting', 'AccountObjects', act('KH2', { account_object_name: 'Ở kế toán', address: 'Huế' }))
  await company.settle()
  await company.forget()
  return company
}
const conflicts = async (company: Company) => {
  const items = await company.store.work.page({ entity: 'customer', states: ['conflict'] }, { limit: 10 })
  return items.map(({ failure }) => failure?.code)
}
const same = { entity: 'customer', a: code('crm', 'KH2'), b: code('accounting', 'KH2') }

it('D5 a person says that the two of one code are the same thing: linked, field by field as he chose, and undone again', async () => {
  const company = await withConflict()
  expect(await conflicts(company)).toEqual(['SAME_KEY'])
  const pairs = [{ ...same, choices: { name: 'crm' } }]
  expect(await company.engine.desk('records.link', { by, pairs })).toMatchObject([{ state: 'linked' }])
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({
    account_object_name: 'Ở CRM',
    tel: '0912000001',
    address: 'Huế',
  })
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({ account_name: 'Ở CRM', billing_address: 'Huế' })
  expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save_dictionary': 1, 'PUT /api/v2/Customers': 1 })
  expect(await conflicts(company)).toEqual([])
  // Asked again, as after a take-over: nothing more happens.
  await company.forget()
  expect(await company.engine.desk('records.link', { by, pairs })).toMatchObject([{ state: 'linked' }])
  await company.settle()
  expect(await company.writes()).toEqual({})
  const [parted] = await company.engine.desk('records.undo', { by, pairs: [same] })
  expect(parted).toMatchObject({ state: 'parted' })
  expect(parted!.changes).toContainEqual({ side: 'accounting', field: 'name', before: 'Ở kế toán', now: 'Ở CRM' })
  expect(await company.store.links.counts('customer')).toEqual({ linked: 0, only: { crm: 1, accounting: 1 } })
  await company.update('crm', 'Customers', 'KH2', { office_tel: '0912000009' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({ tel: '0912000001' })
  expect(await company.writes()).toEqual({})
})

it('D5 C11 a decision that is made while the connection is paused outlives a restart, and is carried out afterwards', async () => {
  const company = await withConflict()
  await company.engine.pause()
  const pairs = [{ ...same, prefer: 'accounting' }]
  expect(await company.engine.desk('records.link', { by, pairs })).toMatchObject([{ state: 'queued' }])
  expect(await company.writes()).toEqual({})
  await company.restart()
  await company.engine.resume()
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({
    account_name: 'Ở kế toán',
    billing_address: 'Huế',
  })
  expect(await company.find('accounting', 'AccountObjects', 'KH2')).toMatchObject({ tel: '0912000001' })
  expect(await conflicts(company)).toEqual([])
  expect((await company.store.links.counts('customer')).linked).toBe(1)
})

it('D5 a person says that they are two different things: nothing is written, and it stays said until a code is changed', async () => {
  const company = await withConflict()
  const [rejected] = await company.engine.desk('records.reject', { by, pairs: [same] })
  expect(rejected!.text.vi).toContain('Hãy đổi mã ở một bên')
  await company.update('accounting', 'AccountObjects', 'KH2', { address: 'Đà Nẵng' })
  await company.settle()
  expect(await conflicts(company)).toEqual(['DIFFERENT_SAME_KEY'])
  expect(await company.writes()).toEqual({})
  await company.update('accounting', 'AccountObjects', 'KH2', { account_object_code: 'KT2' })
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KT2')).toMatchObject({ account_name: 'Ở kế toán' })
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({ account_name: 'Ở CRM' })
  expect(await conflicts(company)).toEqual([])
})

it('D5 the code is changed at the other side: what stood in conflict with it goes its way', async () => {
  const company = await withConflict()
  await company.engine.desk('records.reject', { by, pairs: [same] })
  await company.update('crm', 'Customers', 'KH2', { account_number: 'KH2-CRM' })
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KH2')).toMatchObject({ account_name: 'Ở kế toán' })
  expect(await company.find('accounting', 'AccountObjects', 'KH2-CRM')).toBeUndefined()
  expect(await conflicts(company)).toEqual([])
})

it('CU6 by the command line: match, review, accept, reject, undo, create', { timeout: 120_000 }, async () => {
  const company = await openCompany()
  const run = await commandLine(company)
  const json = async (...parameters: readonly string[]) => {
    const { code: ended, stdout } = await run(...parameters, '--output', 'json')
    return { ended, ...(JSON.parse(stdout) as AnyRow) } as AnyRow
  }
  await company.create(
    'crm',
    'Customers',
    customer('KH1', { account_name: 'Công ty Hòa Bình', tax_code: '0100000001' }),
  )
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Công ty Minh Long' }))
  const minhLong = { account_object_name: 'Công ty Minh Long' }
  const hoaBinh = { account_object_name: 'Cty Hoà Bình', company_tax_code: '0100000001' }
  await company.create('accounting', 'AccountObjects', act('KT1', hoaBinh))
  await company.create('accounting', 'AccountObjects', act('KT2', minhLong))
  const matched = await run('standardise', 'demo', 'customer')
  expect(matched.stdout).toContain('amis-sync standardise accept demo customer --band link')
  expect(matched.stdout).toMatch(
    /KH1 Công ty Hòa Bình \(crm\) +KT1 Cty Hoà Bình \(accounting\) +Same tax code: 0100000001/,
  )
  const accepted = await json('standardise', 'accept', 'demo', 'customer', '--band', 'link', '--prefer', 'crm')
  expect(accepted).toMatchObject({ ended: 0, outcomes: [{ a: 'KH1', b: 'KT1', state: 'linked' }] })
  const { suggestions } = await json('standardise', 'review', 'demo', 'customer')
  const [{ id }] = suggestions
  expect(await json('standardise', 'reject', 'demo', 'customer', '--pair', id)).toMatchObject({ ended: 0 })
  expect(await json('standardise', 'review', 'demo', 'customer', '--band', 'rejected')).toMatchObject({
    pairs: [{ id, records: [{ key: 'KH2', name: 'Công ty Minh Long' }, { key: 'KT2' }] }],
  })
  expect(await json('standardise', 'undo', 'demo', 'customer', '--pair', id)).toMatchObject({
    outcomes: [{ state: 'reopened' }],
  })
  expect(await json('standardise', 'create', 'demo', 'customer', '--key', 'KT2', 'KHÔNG-CÓ')).toMatchObject({
    ended: 3,
    requested: 1,
    created: 1,
    unknown: ['KHÔNG-CÓ'],
  })
  expect((await company.rows('crm', 'Customers')).map((row) => row.account_number)).toEqual(['KH1', 'KH2', 'KT2'])
  expect((await run('standardise', 'accept', 'demo', 'customer')).code).toBe(64)
})

it('CU6 C2 the demo company: its duplicate pair, its conflict and its unpaired unit come up', async () => {
  const company = await openCompany()
  await company.admin('POST', '/seed', { profile: 'demo' })
  await company.forget()
  await standardise(company)
  expect(codes(await suggested(company, 'customer', 'duplicate'))).toContainEqual(['KH-TRUNG-1', 'KH-TRUNG-2'])
  const all = [...(await suggested(company, 'customer', 'link')), ...(await suggested(company, 'customer', 'ask'))]
  expect(codes(all)).toContainEqual(['KH-XUNGDOT', 'KH-XUNGDOT'])
  const units = await company.engine.desk('pairing.list', { entity: 'organization-unit' })
  const only = units.filter(({ state }) => state === 'only')
  expect(only.map(({ records }) => String(Object.keys(records)[0])).toSorted()).toEqual(['accounting', 'system'])
  expect(only.map(({ records }) => records.accounting?.key)).toContain('CN-CU')
  expect(units.filter(({ state }) => state === 'paired')).toHaveLength(8)
  expect(await company.writes()).toEqual({})
})
