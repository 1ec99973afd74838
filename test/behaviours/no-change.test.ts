import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { type Company, openCompany } from './company.ts'
import { order } from './records.ts'
import { calls, finish, openTradingCompany, until } from './trouble.ts'

const systemPaths: Record<string, string> = { OrganizationUnits: 'organization-units', Employees: 'employees' }

/**
 * One question for each table of records that the plugins read, and one for its deletions where the contract has a feed of them. Figures
 * are not polled: they are read at a pace of their own.
 */
function onePoll(company: Company): Record<string, number> {
  const records = company.runner.loaded.plugins.filter(({ figure }) => !figure)
  const tables = (system: string) => [
    ...new Set(records.flatMap(({ wire }) => wire[system]?.resources.map((one) => one.resource) ?? [])),
  ]
  const dictionaries = tables('accounting').filter((table) => table !== 'Vouchers')
  return {
    ...Object.fromEntries(tables('system').map((table) => [`system GET ${systemPaths[table]}`, 1])),
    ...Object.fromEntries(tables('crm').map((table) => [`crm GET ${table}`, 1])),
    'crm GET deleted': tables('crm').length,
    'act get_dictionary': dictionaries.length,
    'act get_dictionary_delete': dictionaries.length,
    'act get_voucher_state': 1,
  }
}

/** All that the product keeps about the company's records. */
async function registry(company: Company): Promise<unknown> {
  const client = await new MongoClient(company.mongoUri).connect()
  try {
    const names = ['links', 'work', 'journal', 'cursors', 'runs']
    return await Promise.all(
      names.map((name) => client.db('amis_sync').collection(name).find().sort({ _id: 1 }).toArray()),
    )
  } finally {
    await client.close()
  }
}

describe('a re-run without changes', () => {
  it('of the demo company writes nothing, asks each stream once and stores nothing', { timeout: 60_000 }, async () => {
    const company = await openCompany()
    await company.admin('POST', '/seed', { profile: 'demo' })
    expect(await company.connect()).toMatchObject({ state: 'connected' })
    await company.settle()
    await company.update('crm', 'Customers', 'NV-TRUNG', { account_number: 'KH-DOI-MA' })
    await company.settle()
    expect(await company.find('accounting', 'Vouchers', 'DH-LOI')).toBeDefined()
    // ACT's watermark has whole seconds: what was written in its second would come once more.
    await company.admin('PUT', '/clock', { advanceMs: 2_000 })
    await company.poll()

    const before = await registry(company)
    await company.forget()
    await company.poll()
    expect(await calls(company)).toEqual(onePoll(company))
    expect(await registry(company)).toEqual(before)

    await company.forget()
    for (const { id, firstSync } of company.runner.loaded.plugins) {
      for (const { from } of firstSync.directions) {
        const { requested } = await company.engine.desk('request', { entity: id, from, all: true })
        expect(requested, `${id} of ${from}`).toBeGreaterThan(0)
        await company.settle()
      }
    }
    for (const entity of ['inventory', 'receivable']) {
      const { changed, sent, state } = await company.engine.desk('figures', { entity })
      expect([changed, sent, state.unsent, state.unlinked], entity).toEqual([0, 0, 0, 0])
      expect(state.count, entity).toBeGreaterThan(0)
    }
    expect(await company.writes()).toEqual({})
    expect(await company.store.work.page({}, { limit: 10 })).toMatchObject([
      { state: 'conflict', failure: { code: 'FIELD_CONFLICT' } },
      { state: 'conflict', failure: { code: 'FIELD_CONFLICT' } },
    ])
  })

  it('of two equal sides: the first sync links everything and writes nothing, the next writes nothing either', async () => {
    const company = await openCompany()
    await company.admin('POST', '/seed', { profile: 'size', n: 400, mirror: true, orders: 20 })
    await company.forget()
    expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
    await company.settle()
    expect(await company.writes()).toEqual({})
    expect(await company.store.links.counts('customer')).toMatchObject({ linked: 400, only: {} })
    expect(await company.store.links.counts('product')).toMatchObject({ linked: 200, only: {} })
    await company.poll()

    const before = await registry(company)
    await company.forget()
    await company.poll()
    expect(await calls(company)).toEqual(onePoll(company))
    expect(await registry(company)).toEqual(before)
    for (const entity of ['customer', 'product']) {
      await company.engine.desk('request', { entity, from: 'crm', all: true })
      await company.settle()
      await company.engine.desk('request', { entity, from: 'accounting', all: true })
      await company.settle()
    }
    expect(await company.writes()).toEqual({})
  })
})

describe('D4 nothing echoes, with webhooks, hints and polls on', () => {
  const pollMs = 250

  /** Lets several polls of every stream go by. */
  async function wait(company: Company): Promise<void> {
    await company.settle()
    const polls = async () => (await calls(company))['system GET employees'] ?? 0
    const now = await polls()
    await until('three polls went by', async () => (await polls()) >= now + 3)
    await finish(company)
  }

  it('a customer edited in CRM is written to ACT once', async () => {
    const company = await openTradingCompany({ pollMs })
    await company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234', account_name: 'Công ty Đổi Tên' })
    await wait(company)
    expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({
      account_object_name: 'Công ty Đổi Tên',
    })
    expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save_dictionary': 1 })
  })

  it('a customer edited in ACT is written to CRM once', async () => {
    const company = await openTradingCompany({ pollMs })
    await company.update('accounting', 'AccountObjects', 'KH1', {
      tel: '024 3868 1234',
      maximize_debt_amount: 5_000_000,
    })
    await wait(company)
    expect(await company.find('crm', 'Customers', 'KH1')).toMatchObject({ debt_limit: 5_000_000 })
    expect(await company.writes()).toEqual({ 'PUT /api/v2/Customers': 1 })
  })

  it('an order through its life: one write for each step', async () => {
    const company = await openTradingCompany({ pollMs })
    await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
    await wait(company)
    await company.update('crm', 'SaleOrders', 'DH2', { description: 'Giao buổi sáng' })
    await wait(company)
    expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save': 2 })
    for (const [action, more] of [
      ['recordRevenue'],
      ['deliver', { via: 'sales' }],
      ['receive', { amount: 50_000 }],
      ['invoice'],
    ] as const) {
      await company.act('accounting', action, { key: 'DH2', ...more })
      await company.settle()
    }
    await wait(company)
    expect(await company.find('crm', 'SaleOrders', 'DH2')).toMatchObject({
      revenue_status: 'Đã ghi',
      delivery_status: 'Đã giao hàng',
      total_receipted_amount: 50_000,
      is_invoiced: true,
    })
    expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save': 2, 'PUT /api/v2/SaleOrders': 4 })
  })
})
