import type { AuditReport } from '@amis-sync/engine'
import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, product } from './records.ts'

const listRoute = 'GET /api/v2/Products'

/** Nobody tells of changes, and nobody asks: only an audit finds them. */
async function deaf(company: Company): Promise<void> {
  await company.admin('PUT', '/delivery', {
    crmWebhook: null,
    systemWebhook: null,
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
  })
  await company.admin('PUT', '/capabilities', {
    crm: { webhooks: false, deletedFeed: false },
    accounting: { hints: false, pushes: false },
  })
}

/** A live company with so many products on both sides, that hears of nothing any more. */
async function withProducts(count: number, tenant: AnyRow = {}): Promise<Company> {
  const company = await openCompany({ tenant: { schedule: { auditShare: 100 }, ...tenant } })
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  const records = Array.from({ length: count }, (_, index) => product(`VT${String(index + 1).padStart(3, '0')}`))
  await actAll(
    company,
    records.map((record) => ({ system: 'crm', action: 'create', entity: 'Products', record })),
  )
  await company.connect()
  await company.settle()
  await deaf(company)
  await company.restart()
  await deaf(company)
  await company.settle()
  await company.forget()
  return company
}

async function actAll(company: Company, commands: readonly AnyRow[]): Promise<void> {
  const { results } = await company.admin('POST', '/act', commands)
  for (const result of results as AnyRow[]) if (result.ok !== true) throw new Error(JSON.stringify(result))
}

async function audit(company: Company, entity: string, confirmDeletions = false): Promise<AuditReport> {
  const answer = company.runner.desk('demo', 'audit', { entity, confirmDeletions })
  const flushing = setInterval(() => void company.admin('POST', '/deliveries/flush', {}).catch(() => undefined), 100)
  try {
    return (await answer).reports[0]!
  } finally {
    clearInterval(flushing)
  }
}

const remove = (company: Company, keys: readonly string[]) =>
  actAll(
    company,
    keys.map((key) => ({ system: 'crm', action: 'delete', entity: 'Products', key })),
  )

const inactiveItems = async (company: Company) =>
  (await company.rows('accounting', 'InventoryItems'))
    .filter((row) => row.inactive)
    .map((row) => row.inventory_item_code)

const fault = (company: Company, route: string, kind: string, params: AnyRow = {}) =>
  company.admin('PUT', '/faults', { seed: 1, rules: [{ system: 'crm', route, kind, params }] })

describe('D9 the audit', () => {
  it('finds nothing where nothing drifted, and writes nothing', async () => {
    const company = await withProducts(5)
    expect(await audit(company, 'product')).toMatchObject({
      state: 'finished',
      compared: 10,
      inStep: 10,
      drift: 0,
      gone: 0,
      repaired: 0,
      held: [],
    })
    expect(await company.writes()).toEqual({})
  })

  it('finds an edit and a record that no event told of, on either side, and repairs them by the rules', async () => {
    const company = await withProducts(3)
    // Older than every watermark: no poll would ever show these.
    for (const stream of ['crm|Products', 'accounting|InventoryItems']) {
      await company.store.cursors.set(
        stream,
        stream.startsWith('crm') ? '2999-01-01T00:00:00.000+07:00' : '2999-01-01 00:00:00',
      )
    }
    await company.restart()
    await deaf(company)
    await company.update('crm', 'Products', 'VT001', { product_name: 'Sửa ở CRM' })
    await company.update('accounting', 'InventoryItems', 'VT002', { inventory_item_name: 'Sửa ở kế toán' })
    await company.create('crm', 'Products', product('VT-MOI'))
    await company.poll()
    expect(await company.writes()).toEqual({})
    expect(await audit(company, 'product')).toMatchObject({ drift: 3, repaired: 3, compared: 7, inStep: 4 })
    expect(await company.find('accounting', 'InventoryItems', 'VT001')).toMatchObject({
      inventory_item_name: 'Sửa ở CRM',
    })
    expect(await company.find('crm', 'Products', 'VT002')).toMatchObject({ product_name: 'Sửa ở kế toán' })
    expect(await company.find('accounting', 'InventoryItems', 'VT-MOI')).toBeDefined()
    await company.forget()
    expect(await audit(company, 'product')).toMatchObject({ drift: 0, compared: 8 })
    expect(await company.writes()).toEqual({})
  })

  it('concludes deletions from a complete listing where there is no delete feed; the twin becomes inactive', async () => {
    const company = await withProducts(30)
    await remove(company, ['VT003', 'VT030'])
    await company.poll()
    expect(await inactiveItems(company)).toEqual([])
    expect(await audit(company, 'product')).toMatchObject({ gone: 2, repaired: 2, held: [] })
    expect(new Set(await inactiveItems(company))).toEqual(new Set(['VT003', 'VT030']))
    await company.forget()
    expect(await audit(company, 'product')).toMatchObject({ gone: 0, drift: 0 })
    expect(await company.writes()).toEqual({})
  })

  it('holds too many deletions back until a person confirms those very ones', async () => {
    const company = await withProducts(30)
    await remove(company, ['VT001', 'VT002', 'VT003', 'VT004', 'VT005', 'VT006'])
    const held = await audit(company, 'product')
    expect(held).toMatchObject({ gone: 0, held: [{ side: 'crm', resource: 'Products', count: 6 }] })
    expect(await company.writes()).toEqual({})
    expect(await inactiveItems(company)).toEqual([])
    expect(await audit(company, 'product', true)).toMatchObject({ gone: 6, repaired: 6, held: [] })
    expect(await inactiveItems(company)).toHaveLength(6)
  })

  it.each([
    ['an empty listing', 'empty', {}],
    ['a short listing', 'short', { rows: 1 }],
    ['a listing that is short by little', 'short', { rows: 28 }],
    ['a failing listing', 'status', { status: 503 }],
    ['a forbidden listing', 'status', { status: 403 }],
  ])(
    'concludes nothing from %s, and clears nothing',
    async (_what, kind, params) => {
      const company = await withProducts(30)
      const cursor = await company.store.cursors.get('crm|Products')
      await fault(company, listRoute, kind, params)
      const report = await audit(company, 'product')
      expect(report.gone).toBe(0)
      expect(await company.writes()).toEqual({})
      expect(await inactiveItems(company)).toEqual([])
      expect(await company.store.cursors.get('crm|Products')).toBe(cursor)
      const counts = await company.store.links.counts('product')
      expect(counts).toMatchObject({ linked: 30 })
      await company.admin('PUT', '/faults', { seed: 1, rules: [] })
      expect(await audit(company, 'product')).toMatchObject({ state: 'finished', gone: 0, held: [], drift: 0 })
    },
    60_000,
  )

  it('a record that was deleted and that a feed names needs no fuse: a lost tombstone is made good', async () => {
    const company = await withProducts(12)
    const items = (await company.rows('accounting', 'InventoryItems'))
      .slice(0, 8)
      .map((row) => row.inventory_item_code as string)
    await actAll(
      company,
      items.map((key: string) => ({ system: 'accounting', action: 'delete', entity: 'InventoryItems', key })),
    )
    await company.store.cursors.set('accounting|InventoryItems', '2999-01-01 00:00:00')
    await company.restart()
    await deaf(company)
    expect(await audit(company, 'product')).toMatchObject({ gone: 8, repaired: 8, held: [] })
    expect((await company.rows('crm', 'Products')).filter((row) => row.inactive)).toHaveLength(8)
  })

  it('goes on where a crash cut it off: no page is compared twice', async () => {
    const company = await withProducts(350, { schedule: { auditShare: 1 } })
    const { auditReports } = await import('@amis-sync/engine')
    const report = async () => (await auditReports(company.store))[0]
    const pages = async () => report().then((one) => one?.streams['crm|Products']?.pages ?? 0)
    const cut = company.runner.desk('demo', 'audit', { entity: 'product' }).catch((error: unknown) => error)
    await expect.poll(pages, { timeout: 10_000 }).toBeGreaterThanOrEqual(2)
    const before = (await report())!
    expect(before).toMatchObject({ state: 'running' })
    expect(before.compared).toBeLessThan(700)
    await company.runner.close()
    await company.start({ schedule: { auditShare: 100 } })
    await expect.poll(async () => (await report())?.state, { timeout: 15_000 }).toBe('finished')
    await cut
    expect(await report()).toMatchObject({ startedAt: before.startedAt, compared: 700, inStep: 700, drift: 0, gone: 0 })
    expect(await company.writes()).toEqual({})
  }, 40_000)

  it('keeps to its share of the request budget, and live work goes on meanwhile', async () => {
    const limited = { connections: { crm: { requestsPerMinute: 1_200 } }, schedule: { auditShare: 20 } }
    const company = await withProducts(250, limited)
    const began = Date.now()
    const running = audit(company, 'product')
    await company.deliverTo(company.runner.url)
    await company.admin('PUT', '/capabilities', {})
    await company.update('crm', 'Products', 'VT001', { product_name: 'Trong lúc đối chiếu' })
    await expect
      .poll(async () => (await company.find('accounting', 'InventoryItems', 'VT001'))?.inventory_item_name, {
        timeout: 8_000,
      })
      .toBe('Trong lúc đối chiếu')
    expect(await running).toMatchObject({ state: 'finished', gone: 0 })
    const listed = ((await company.admin('GET', '/requests')).rows as AnyRow[]).filter(
      ({ method, path }) => method === 'GET' && path === '/api/v2/Products',
    )
    const minutes = (Date.now() - began) / 60_000
    expect(listed.length).toBeGreaterThanOrEqual(3)
    expect(listed.length).toBeLessThanOrEqual(Math.ceil(minutes * 1_200 * 0.2) + 3)
  })

  it('finds a document that the accountant deleted silently: no push and no feed tells of it', async () => {
    const company = await openLiveCompany({ tenant: { schedule: { auditShare: 100 } } })
    await company.create('crm', 'Products', product('VT1'))
    await company.create('crm', 'Customers', customer('KH1'))
    await company.create('crm', 'Quotes', {
      quote_no: 'BG1',
      quote_date: '2026-11-20',
      account_number: 'KH1',
      quote_product_mappings: [{ product_code: 'VT1', amount: 2, price: 100000 }],
    })
    await company.settle()
    await company.act('accounting', 'deleteRequest', { key: 'BG1' })
    await company.poll()
    expect(await company.find('accounting', 'Vouchers', 'BG1')).toBeUndefined()
    expect(await audit(company, 'quote')).toMatchObject({ gone: 1, held: [] })
    await company.settle()
    const [link] = await company.store.links.findByKey('quote', 'crm', ['BG1'])
    expect(link?.sides.accounting?.gone).toBe(true)
    expect(await company.find('crm', 'Quotes', 'BG1')).toMatchObject({ status: 'Bản nháp' })
  })

  it('refuses to audit a paused tenant, with a way out', async () => {
    const company = await withProducts(1)
    await company.engine.pause()
    await expect(company.runner.desk('demo', 'audit', {})).rejects.toMatchObject({
      code: 'AUDIT_NOT_LIVE',
      text: { en: expect.stringContaining('resume') },
    })
  })
})
