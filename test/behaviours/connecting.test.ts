import { describe, expect, it } from 'vitest'
import { quietLogger, realClock } from '../engine/engine-bench.ts'
import { type AnyRow, openCompany, openLiveCompany } from './company.ts'
import { customer, product } from './records.ts'

it('C3 a tenant without connection is recommended to connect', async () => {
  const company = await openCompany()
  const { createTenantReader } = await import('@amis-sync/engine')
  const reader = createTenantReader(company.store, company.runner.loaded.plugins)
  expect((await reader.status()).state.phase).toBe('new')
  await company.connect()
  expect((await reader.status()).state.phase).toBe('live')
})

it('C5 data that was left out is never synced: only the probe of what the CRM can do looks at one row of it', async () => {
  const company = await openCompany({
    tenant: { entities: { product: { enabled: false }, 'sales-order': { enabled: false } } },
  })
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'Customers', customer('KH1'))
  await company.forget()
  await company.connect()
  await company.settle()
  await company.update('crm', 'Products', 'VT1', { product_name: 'Mới' })
  await company.poll()
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
  expect(await company.rows('accounting', 'InventoryItems')).toEqual([])
  const routes = Object.entries(await company.requests()).filter(([route]) => /Products|SaleOrders/.test(route))
  expect(routes.map(([route]) => route).filter((route) => !route.startsWith('GET '))).toEqual([])
  expect(Math.max(0, ...routes.map(([, count]) => count))).toBeLessThanOrEqual(1)
})

it('C12 what a system does not offer is off with its reason, and everything else is connected', async () => {
  const company = await openCompany()
  await company.admin('PUT', '/capabilities', {
    crm: { quotes: false, pricePolicies: false, customerGroups: false },
    accounting: { categories: false },
  })
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'Products', product('VT1'))
  expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toBeDefined()
  const { off = {} } = (await company.store.state())!
  expect(Object.keys(off).toSorted()).toEqual(['customer-group', 'price-policy', 'product-group', 'quote'])
  expect(off['quote']).toMatchObject({ code: 'NOT_OFFERED', vi: expect.stringContaining('quotes') })
})

it('C11 pausing queues changes; resuming catches up without loss', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'Products', product('VT1'))
  await company.settle()
  await company.engine.pause()
  await company.forget()
  await company.update('crm', 'Products', 'VT1', { product_name: 'Trong lúc tạm dừng' })
  await company.create('crm', 'Products', product('VT2'))
  await company.admin('POST', '/deliveries/flush', {})
  expect(await company.writes()).toEqual({})
  await company.engine.resume()
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
    inventory_item_name: 'Trong lúc tạm dừng',
  })
  expect(await company.find('accounting', 'InventoryItems', 'VT2')).toBeDefined()
})

describe('C12 a connection check names each problem with a code and a remedy', () => {
  const check = async (
    connections: AnyRow,
    act?: (company: Awaited<ReturnType<typeof openCompany>>) => Promise<unknown>,
  ) => {
    const company = await openCompany({ tenant: { connections } })
    await act?.(company)
    const config = company.runner.tenants().get('demo')!
    const results = await Promise.all(
      [...config.connections.values()].map(async ({ connector, config: own }) => {
        const connection = connector.open(own, {
          tenant: 'demo',
          clock: realClock,
          random: { next: Math.random },
          logger: quietLogger,
        })
        try {
          return await connection.check()
        } finally {
          await connection.close()
        }
      }),
    )
    return results.flat()
  }
  const faults = async (...parameters: Parameters<typeof check>) => {
    const bad = (await check(...parameters)).filter((one) => !one.ok)
    for (const { meaning, remedy } of bad) {
      // What it means, and what to do: two sentences at least, in both languages.
      for (const language of ['vi', 'en'] as const) {
        expect(`${meaning[language]} ${remedy?.[language] ?? ''}`.split(/\. /).length).toBeGreaterThan(1)
      }
    }
    return bad.map((one) => one.code)
  }

  it('says nothing is wrong when nothing is', async () => {
    expect(await faults({})).toEqual([])
  })

  it('wrong secrets', async () => {
    const codes = await faults({
      crm: { clientSecret: 'sai' },
      accounting: { accessCode: 'sai' },
      system: { clientSecret: 'sai' },
    })
    expect(codes.length).toBeGreaterThanOrEqual(3)
    expect(new Set(codes).size).toBeLessThanOrEqual(codes.length)
  })

  it('no accounting data set connected', async () => {
    const codes = await faults({}, (company) => company.act('accounting', 'setConnection', { state: 'no_database' }))
    expect(codes).toContain('ACCOUNTING_NO_DATABASE')
  })

  it('clock skew', async () => {
    expect(await faults({}, (company) => company.admin('PUT', '/clock', { skewMs: { crm: 600_000 } }))).toContain(
      'CLOCK_SKEW',
    )
  })

  it('a right that is missing', async () => {
    const rules = [{ system: 'crm', route: 'GET /api/v2/Customers', kind: 'status', params: { status: 403 } }]
    expect((await faults({}, (company) => company.admin('PUT', '/faults', { seed: 1, rules }))).join()).toMatch(/RIGHT/)
  })

  it('a host that cannot be reached', async () => {
    expect(await faults({ crm: { baseUrl: 'http://127.0.0.1:9' } })).toContain('HOST_UNREACHABLE')
  })
})
