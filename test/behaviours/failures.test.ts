import { failedRecords, failureGroups, waitingGroups } from '@amis-sync/engine'
import { describe, expect, it } from 'vitest'
import { type Company, openLiveCompany } from './company.ts'
import { customer, order, product } from './records.ts'
import { expectNothingLeft, goWrong } from './trouble.ts'

const groups = (company: Company, filter = {}) =>
  failureGroups(company.store, company.runner.loaded.plugins, filter, Date.now())

async function failed(company: Company) {
  const found = []
  for await (const one of failedRecords(company.store, company.runner.loaded.plugins, {}, Date.now())) found.push(one)
  return found
}

const inAct = (company: Company, key: string) => company.find('accounting', 'AccountObjects', key)
const saveDictionary = 'POST /apir/sync/actopen/save_dictionary'

/** Accounting refuses the next rows of catalogues: `times` calls of them. */
const refuseRows = (company: Company, times: number) =>
  goWrong(company, {
    system: 'accounting',
    route: saveDictionary,
    kind: 'partialBatch',
    times,
    params: { fraction: 1, code: 'InvalidParam' },
  })

/** An employee's code that a customer of the CRM has, too: Accounting refuses the customer, and the order that needs it waits. */
async function failingOrder(): Promise<Company> {
  const company = await openLiveCompany()
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'NV-TRUNG',
    account_object_name: 'Nhân viên',
    is_employee: true,
  })
  await company.create('crm', 'Customers', customer('NV-TRUNG'))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'SaleOrders', order('DH-LOI', 'NV-TRUNG', 'VT1'))
  await company.act('crm', 'requestRevenue', { key: 'DH-LOI' })
  await company.settle()
  await company.forget()
  return company
}

/** Customers that Accounting refused, all for the same reason. */
async function refusedCustomers(...codes: string[]): Promise<Company> {
  const company = await openLiveCompany()
  for (const code of codes) await company.create('crm', 'Customers', customer(code, { office_tel: '0912000001' }))
  await company.settle()
  await refuseRows(company, codes.length)
  await company.engine.desk('request', { entity: 'customer', from: 'crm', all: true })
  await company.settle()
  await goWrong(company)
  await company.forget()
  return company
}

describe('failures', () => {
  it('SO2 a refused customer holds its order; mended at its source, the failure closes by itself and the order goes', async () => {
    const company = await failingOrder()
    expect(await groups(company)).toMatchObject([
      { entity: 'customer', target: 'accounting', code: 'DUPLICATE_CODE', count: 1, examples: ['NV-TRUNG'] },
    ])
    expect((await groups(company))[0]).not.toHaveProperty('editable')
    const [waits] = await waitingGroups(company.store, company.runner.loaded.plugins)
    expect(waits).toMatchObject({
      entity: 'customer',
      key: 'NV-TRUNG',
      count: 1,
      circular: false,
      examples: [{ entity: 'sales-order', key: 'DH-LOI' }],
      todo: { vi: expect.stringContaining('Sửa NV-TRUNG ở hệ thống nguồn') },
    })
    await company.update('crm', 'Customers', 'NV-TRUNG', { account_number: 'KH-TRUNG-3' })
    await company.settle()
    expect(await groups(company)).toEqual([])
    expect(await inAct(company, 'KH-TRUNG-3')).toMatchObject({ is_customer: true })
    expect(await company.find('accounting', 'Vouchers', 'DH-LOI')).toMatchObject({ account_object_code: 'KH-TRUNG-3' })
    await expectNothingLeft(company)
  })

  it('CU5 failures of one kind are one group; retried by it, each goes once, and nothing else is sent', async () => {
    const company = await refusedCustomers('KH1', 'KH2', 'KH3')
    const [group, ...others] = await groups(company)
    expect(others).toEqual([])
    expect(group).toMatchObject({ code: 'INVALID_PARAM', count: 3, states: { parked: 3 }, kind: 'recordRejected' })
    expect(group!.examples.toSorted()).toEqual(['KH1', 'KH2', 'KH3'])
    expect(group!.first).toBeLessThanOrEqual(group!.last)
    const retry = (filter: object) => company.engine.desk('work.retry', { what: 'failures', ...filter })
    expect(await retry({ fingerprint: 'no-such' })).toMatchObject({ asked: 0 })
    expect(await retry({ code: 'OTHER' })).toMatchObject({ asked: 0 })
    expect(await company.writes()).toEqual({})
    expect(await retry({ ids: ['kh2'] })).toMatchObject({ asked: 1 })
    await company.settle()
    expect(await company.rows('accounting', 'AccountObjects')).toMatchObject([{ account_object_code: 'KH2' }])
    await retry({ fingerprint: group!.id })
    await company.settle()
    expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(3)
    expect(await groups(company)).toEqual([])
    await company.forget()
    expect(await retry({})).toMatchObject({ asked: 0 })
    expect(await company.writes()).toEqual({})
  })

  it('CU4 a value that Accounting refuses is exchanged for another, until the CRM changes it; nothing echoes', async () => {
    const company = await refusedCustomers('KH1')
    const [one] = await failed(company)
    const edit = (set: Record<string, string>) =>
      company.engine.desk('failures.edit', { work: one!.work, by: 'Lan', set })
    expect(await edit({ phone: '0912000009' })).toMatchObject({ state: expect.stringMatching(/sent|queued/) })
    await company.settle()
    await company.poll()
    expect(await inAct(company, 'KH1')).toMatchObject({ tel: '0912000009', account_object_name: 'Công ty KH1' })
    expect(await company.find('crm', 'Customers', 'KH1')).toMatchObject({ office_tel: '0912000001' })
    expect(await company.writes()).toEqual({ [saveDictionary]: 1 })
    // Another field travels; the exchanged one stays as it is on both sides.
    await company.update('crm', 'Customers', 'KH1', { billing_address: 'Huế' })
    await company.settle()
    expect(await inAct(company, 'KH1')).toMatchObject({ tel: '0912000009', address: 'Huế' })
    await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
    await company.settle()
    expect(await inAct(company, 'KH1')).toMatchObject({ tel: '0912000002' })
    const [link] = await company.store.links.findByKey('customer', 'crm', ['KH1'])
    expect(link?.standIns).toBeUndefined()
    expect(link?.trail.map(({ why }) => why)).toContain('STAND_IN')
  })

  it('CU4 an exchanged value that is edited in Accounting is an edit like any other', async () => {
    const company = await refusedCustomers('KH1')
    const [one] = await failed(company)
    await company.engine.desk('failures.edit', { work: one!.work, by: 'Lan', set: { phone: '0912000009' } })
    await company.settle()
    await company.update('accounting', 'AccountObjects', 'KH1', { tel: '0912000005' })
    await company.settle()
    expect(await company.find('crm', 'Customers', 'KH1')).toMatchObject({ office_tel: '0912000005' })
    expect(await inAct(company, 'KH1')).toMatchObject({ tel: '0912000005' })
  })

  it('CU4 codes, money and what Accounting never takes are not exchanged; nor what does not fail', async () => {
    const company = await refusedCustomers('KH1')
    const [one] = await failed(company)
    const edit = async (set: Record<string, string>, work = one!.work) =>
      (await company.engine.desk('failures.edit', { work, by: 'Lan', set })).state
    expect(await edit({ code: 'KH2' })).toBe('refused')
    expect(await edit({ creditLimit: '5' })).toBe('refused')
    expect(await edit({ active: 'true' })).toBe('refused')
    expect(await edit({ fax: '1' })).toBe('refused')
    expect(await edit({ name: 'x'.repeat(2001) })).toBe('refused')
    expect(await edit({ phone: '1' }, 'customer|crm|Customers|999')).toBe('refused')
    expect(await company.writes()).toEqual({})
    expect(await failed(company)).toHaveLength(1)
  })
})
