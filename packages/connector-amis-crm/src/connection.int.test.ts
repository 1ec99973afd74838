import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Delivery } from '@amis-sync/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { configSchema, flags } from './config.ts'
import { openConnection } from './testing/connection.ts'
import { openSandbox } from './testing/sandbox.ts'
import type { TestSandbox } from './testing/sandbox.ts'

const webhookSecret = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.admin('POST', '/reset', {}))

const problems = async (settings: Record<string, unknown> = {}): Promise<string[]> =>
  (await openConnection(sandbox.url, settings).connection.check()).filter(({ ok }) => !ok).map(({ code }) => code)

describe('check', () => {
  it('finds nothing wrong, and says in two languages what it looked at', async () => {
    const lines = await openConnection(sandbox.url, { webhookSecret }).connection.check()
    expect(lines.map(({ code }) => code)).toEqual(['OK_CREDENTIALS', 'OK_RESOURCES', 'OK_CLOCK', 'OK_WEBHOOK_SECRET'])
    for (const { meaning } of lines) expect(meaning.vi).not.toBe(meaning.en)
  })

  it('names a wrong secret', async () => {
    expect(await problems({ clientSecret: 'wrong' })).toEqual(['CREDENTIALS_REFUSED'])
  })

  it('names a server that is not there', async () => {
    const { connection } = openConnection('http://127.0.0.1:1')
    expect(await connection.check()).toMatchObject([{ code: 'HOST_UNREACHABLE', ok: false }])
  })

  it('names missing rights by resource', async () => {
    await sandbox.faults({ route: 'GET /api/v2/Products', kind: 'status', params: { status: 403 } })
    const lines = await openConnection(sandbox.url).connection.check()
    const line = lines.find(({ code }) => code === 'RIGHT_MISSING')
    expect(line?.meaning.vi).toContain('Products')
    expect(line?.remedy?.vi).toBeDefined()
  })

  it('names clocks that differ', async () => {
    await sandbox.admin('PUT', '/clock', { skewMs: { crm: 600_000 } })
    expect(await problems()).toEqual(['CLOCK_SKEW'])
    await sandbox.admin('PUT', '/clock', {})
  })

  it('mentions that there is no webhook secret', async () => {
    const lines = await openConnection(sandbox.url).connection.check()
    expect(lines.find(({ code }) => code === 'WEBHOOK_SECRET_NOT_SET')).toMatchObject({ ok: true })
  })
})

describe('capabilities', () => {
  /** Flags that a probe can tell, with an order to look at. */
  const probed = flags.filter((flag) => !['webhooks', 'rowErrorCodes', 'productWrite', 'stockWrite'].includes(flag))
  const seed = () => sandbox.admin('POST', '/seed', { profile: 'size', n: 6, orders: 2, where: ['crm'] })

  it('are all on, and cost no write', async () => {
    await seed()
    await sandbox.requests()
    const found = await openConnection(sandbox.url).connection.capabilities()
    expect(found.map(({ flag, on }) => [flag, on])).toEqual(flags.map((flag) => [flag, flag !== 'webhooks']))
    expect((await sandbox.requests()).every((route) => route.startsWith('GET '))).toBe(true)
  })

  it.each(probed)('notice that %s is off', async (flag) => {
    await seed()
    await sandbox.admin('PUT', '/capabilities', { crm: { [flag]: false } })
    const found = await openConnection(sandbox.url).connection.capabilities()
    expect(found.filter(({ on }) => !on).map((one) => one.flag)).toEqual(expect.arrayContaining([flag, 'webhooks']))
    expect(found.find((one) => one.flag === flag)).toMatchObject({ on: false, source: 'probe', assumed: true })
  })

  it('believe the configuration first, and probe once a day', async () => {
    const { connection, clock } = openConnection(sandbox.url, {
      capabilities: { deletedFeed: false, productWrite: false },
    })
    await seed()
    await sandbox.requests()
    const found = await connection.capabilities()
    expect(found.find(({ flag }) => flag === 'deletedFeed')).toMatchObject({ on: false, source: 'config' })
    expect(found.find(({ flag }) => flag === 'productWrite')).toMatchObject({
      on: false,
      source: 'config',
      assumed: false,
    })
    const first = (await sandbox.requests()).length
    expect(first).toBeGreaterThan(0)
    await connection.capabilities()
    expect(await sandbox.requests()).toEqual([])
    clock.advance(86_400_001)
    await connection.capabilities()
    expect((await sandbox.requests()).length).toBe(first)
  })
})

describe('receive', () => {
  it('is there only with a secret', () => {
    expect(openConnection(sandbox.url).connection.receive).toBeUndefined()
  })

  it('takes what the sandbox sends and refuses a bad signature', async () => {
    const arrived: Delivery[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const headers = request.headers as Record<string, string | undefined>
        arrived.push({ headers, body: Buffer.concat(chunks), receivedAt: Date.now() })
        response.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await sandbox.admin('PUT', '/delivery', { crmWebhook: { url, secret: webhookSecret } })
    await sandbox.act({ action: 'create', entity: 'Customers', record: { account_number: 'A', account_name: 'A' } })
    await sandbox.act({ action: 'delete', entity: 'Customers', key: 'A' })
    await sandbox.admin('POST', '/deliveries/flush', {})
    const { connection } = openConnection(sandbox.url, { webhookSecret })
    const received = arrived.map((delivery) => connection.receive?.(delivery))
    expect(received.map((one) => one?.hints)).toEqual([
      [{ resource: 'Customers', id: '1', key: 'A', deleted: false }],
      [{ resource: 'Customers', id: '1', key: 'A', deleted: true }],
    ])
    expect(received[0]?.deliveryId).toBe(arrived[0]?.headers['webhook-id'])
    expect(await connection.capabilities()).toContainEqual({
      flag: 'webhooks',
      on: true,
      source: 'probe',
      assumed: true,
    })
    const forged = { ...arrived[0]!, body: Buffer.from('{}') }
    expect(() => connection.receive?.(forged)).toThrow(/DELIVERY_UNTRUSTED/)
    await sandbox.admin('PUT', '/delivery', { crmWebhook: null })
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('configSchema', () => {
  const good = { baseUrl: 'https://crmconnect.misa.vn', clientId: 'a', clientSecret: 'b' }

  it('fills in the defaults', () => {
    expect(configSchema.parse(good)).toMatchObject({ batchSize: 100, dateFormat: 'yyyy-MM-dd', overlapSeconds: 60 })
  })

  it.each([
    ['an unknown key', { clientSecrte: 'b' }],
    ['an empty secret', { clientSecret: '' }],
    ['an address that is none', { baseUrl: 'crm.example.vn' }],
    ['an address with the API path', { baseUrl: 'https://crmconnect.misa.vn/api/v2/' }],
    ['an address with credentials', { baseUrl: 'https://a:b@crmconnect.misa.vn' }],
    ['too large a batch', { batchSize: 101 }],
    ['an unknown capability', { capabilities: { teleport: true } }],
    ['a webhook secret without prefix', { webhookSecret: 'abc' }],
  ])('refuses %s', (_name, change) => {
    expect(configSchema.safeParse({ ...good, ...change }).success).toBe(false)
  })
})
