import type { WorkItem } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany } from './company.ts'
import { customer } from './records.ts'

const phones = { crm: '0912000002', accounting: '0912000003' }

/** A live company with the customer KH1 on both sides, whose phone and address both persons edited while nobody was told. */
async function inConflict(options: AnyRow = {}): Promise<Company> {
  const company = await openCompany(options)
  await company.create('crm', 'Customers', customer('KH1', { office_tel: '0912000001', billing_address: 'Hà Nội' }))
  await company.connect()
  await company.settle()
  await company.admin('PUT', '/delivery', {
    crmWebhook: null,
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
  })
  await company.admin('PUT', '/capabilities', { accounting: { hints: false } })
  await company.update('crm', 'Customers', 'KH1', { office_tel: phones.crm, billing_address: 'Huế' })
  await company.update('accounting', 'AccountObjects', 'KH1', { tel: phones.accounting, address: 'Đà Nẵng' })
  await company.poll()
  await company.forget()
  return company
}

/** Held work, what was looked at last in front. */
const held = async (company: Company): Promise<WorkItem[]> =>
  (await company.store.work.page({ entity: 'customer', states: ['conflict'] }, { limit: 10 })).toSorted(
    (one, two) => (two.settledAt ?? 0) - (one.settledAt ?? 0),
  )

/** What a person who sees the conflict now would send. */
async function decide(
  company: Company,
  fields: Record<string, { side: string } | { text: string }>,
  seen?: WorkItem[],
) {
  const [link] = await company.store.links.findByKey('customer', 'crm', ['KH1'])
  const items = seen ?? (await held(company))
  return company.engine.desk('conflicts.resolve', {
    by: 'Lan',
    decisions: [{ entity: 'customer', link: link!.id, fields, seen: items[0]?.conflict ?? [] }],
  })
}

const pair = async (company: Company) => ({
  crm: (await company.find('crm', 'Customers', 'KH1'))!,
  accounting: (await company.find('accounting', 'AccountObjects', 'KH1'))!,
})

const writesOf = async (company: Company) => {
  const writes = await company.writes()
  return [writes['PUT /api/v2/Customers'] ?? 0, writes['POST /apir/sync/actopen/save_dictionary'] ?? 0]
}

describe('D6 a conflict is settled by a person', () => {
  it('D6 field by field: each side keeps what was chosen, in one write to each', async () => {
    const company = await inConflict()
    const [outcome] = await decide(company, { phone: { side: 'crm' }, address: { side: 'accounting' } })
    expect(outcome).toMatchObject({ state: 'settled', text: { vi: expect.stringContaining('Lan đã chọn') } })
    await company.settle()
    const { crm, accounting } = await pair(company)
    expect([crm.office_tel, accounting.tel]).toEqual([phones.crm, phones.crm])
    expect([crm.billing_address, accounting.address]).toEqual(['Đà Nẵng', 'Đà Nẵng'])
    expect(await held(company)).toEqual([])
    expect(await writesOf(company)).toEqual([1, 1])
  })

  it('D6 a third value goes to both sides', async () => {
    const company = await inConflict()
    await decide(company, { phone: { text: '0912000009' }, address: { side: 'crm' } })
    await company.settle()
    const { crm, accounting } = await pair(company)
    expect([crm.office_tel, accounting.tel]).toEqual(['0912000009', '0912000009'])
    expect([crm.billing_address, accounting.address]).toEqual(['Huế', 'Huế'])
    await company.forget()
    await company.poll()
    expect(await writesOf(company)).toEqual([0, 0])
  })

  it('D6 one field at a time: the record stays held, nothing is written, until the last is chosen', async () => {
    const company = await inConflict()
    expect(await decide(company, { phone: { side: 'crm' } })).toMatchObject([{ state: 'partly' }])
    expect((await held(company))[0]?.conflict).toMatchObject([{ field: 'address' }])
    expect(await writesOf(company)).toEqual([0, 0])
    expect(await decide(company, { address: { side: 'crm' } })).toMatchObject([{ state: 'settled' }])
    await company.settle()
    const { accounting } = await pair(company)
    expect(accounting).toMatchObject({ tel: phones.crm, address: 'Huế' })
    expect(await writesOf(company)).toEqual([0, 1])
  })

  it('D6 a decision is void when a side changed meanwhile; nothing is written, the new values are shown', async () => {
    const company = await inConflict()
    const seen = await held(company)
    await company.update('accounting', 'AccountObjects', 'KH1', { tel: '0912000004' })
    const both = { phone: { side: 'crm' }, address: { side: 'crm' } }
    expect(await decide(company, both, seen)).toMatchObject([{ state: 'void' }])
    expect(await writesOf(company)).toEqual([0, 0])
    expect((await held(company))[0]?.conflict).toMatchObject([
      { field: 'phone', values: { crm: phones.crm, accounting: '0912000004' } },
      { field: 'address' },
    ])
  })

  it('D6 a choice that was noted is taken back when a side changes before the rest is chosen', async () => {
    const company = await inConflict()
    await decide(company, { phone: { side: 'crm' } })
    await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000005' })
    await company.poll()
    expect((await held(company))[0]?.conflict?.map(({ field }) => field)).toEqual(['phone', 'address'])
    const [link] = await company.store.links.findByKey('customer', 'crm', ['KH1'])
    expect(link?.choices).toBeUndefined()
    expect(link?.trail.at(-1)).toMatchObject({ why: 'CHOICE_VOID', fields: ['phone'] })
    expect(await writesOf(company)).toEqual([0, 0])
  })

  it('D6 the same decision again changes nothing; the trail says who decided', async () => {
    const company = await inConflict()
    const seen = await held(company)
    const choice = { phone: { side: 'crm' }, address: { side: 'crm' } }
    await decide(company, choice, seen)
    await company.settle()
    await company.forget()
    expect(await decide(company, choice, seen)).toMatchObject([{ state: 'settled' }])
    await company.poll()
    expect(await writesOf(company)).toEqual([0, 0])
    const [link] = await company.store.links.findByKey('customer', 'crm', ['KH1'])
    const { why, text } = link!.trail.find(({ what }) => what === 'decide')!
    expect([why, text?.en]).toEqual(['DECIDED', expect.stringMatching(/^Lan chose: .*0912000002/)])
  })

  it('D6 what is no value of the field, or not in conflict, is refused and nothing is written', async () => {
    const company = await inConflict()
    const ask = async (fields: Parameters<typeof decide>[1]) => (await decide(company, fields))[0]?.state
    expect(await ask({ email: { side: 'crm' } })).toBe('refused')
    expect(await ask({ phone: { side: 'system' } })).toBe('refused')
    expect(await ask({ address: { text: 'x'.repeat(2001) } })).toBe('refused')
    expect(await writesOf(company)).toEqual([0, 0])
    expect(await held(company)).not.toEqual([])
  })

  it('C11 a decision that is taken while the sync is paused is carried out when it goes on', async () => {
    const company = await inConflict()
    await company.engine.pause()
    expect(await decide(company, { phone: { side: 'crm' }, address: { side: 'crm' } })).toMatchObject([
      { state: 'queued' },
    ])
    expect(await writesOf(company)).toEqual([0, 0])
    await company.engine.resume()
    await company.settle()
    expect((await pair(company)).accounting).toMatchObject({ tel: phones.crm, address: 'Huế' })
    expect(await writesOf(company)).toEqual([0, 1])
  })
})
