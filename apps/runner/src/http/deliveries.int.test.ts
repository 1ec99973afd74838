import { createHmac } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InboxEntry, Scheduler } from '@amis-sync/core'
import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'
import { createMongoStore } from '@amis-sync/store-mongodb'
import { noMetrics } from '../adapters/no-metrics.ts'
import { silentLogger } from '../adapters/pino-logger.ts'
import { systemIds, systemRandom } from '../adapters/random.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { defaultConnectors, defaultPlugins } from '../config/runner-config.ts'
import { checkTenantValue } from '../config/tenant-config.ts'
import { createRunnerContainer } from '../container.ts'
import { requirePackages } from '../plugins/load-packages.ts'
import { startHttpServer } from './http-server.ts'
import type { HttpServer } from './http-server.ts'
import { createReceivers } from './receivers.ts'

const secret = `whsec_${Buffer.from('amis-sync-demo-webhook-key-00001').toString('base64')}`
const origin = 'http://127.0.0.1:9'
const tenant = {
  tenant: 'acme',
  name: 'ACME',
  connections: {
    crm: { connector: 'amis-crm', baseUrl: origin, clientId: 'acme', clientSecret: 's', webhookSecret: secret },
    accounting: {
      connector: 'amis-accounting',
      baseUrl: origin,
      appId: 'demo-app',
      accessCode: 'c',
      orgCompanyCode: 'demo',
    },
  },
}

const noJobs: Scheduler = {
  define: () => undefined,
  every: async () => undefined,
  once: async () => undefined,
  cancel: async () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
}

const hint = (code: string) =>
  JSON.stringify({
    type: 'record.changed',
    timestamp: '2026-11-24T08:25:01.123+07:00',
    data: { entity: 'Customers', id: 17, code, modified_date: '2026-11-24T08:25:01.123+07:00', change: 'updated' },
  })

function signed(body: string, id: string, at = Math.floor(Date.now() / 1000)): Record<string, string> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${signature}`,
  }
}

function callback(data: unknown, app = 'demo-app'): string {
  const text = JSON.stringify(data)
  const signature = createHmac('sha256', app).update(text).digest('hex')
  return JSON.stringify({
    success: true,
    error_code: null,
    error_message: null,
    signature,
    data_type: 3,
    data: text,
    org_company_code: 'demo',
    app_id: app,
  })
}

describe('deliveries (contract §2.6)', () => {
  const stored: string[] = []
  const closers: (() => Promise<unknown>)[] = []
  let server: HttpServer
  let pending: () => Promise<InboxEntry[]>
  let ready = true

  beforeAll(async () => {
    const mongo = await startEmbeddedMongo({ dataDir: ':memory:' })
    const database = await createMongoStore({ uri: mongo.uri })
    const loaded = await requirePackages({ plugins: defaultPlugins, connectors: defaultConnectors, directory: '.' })
    const { value } = await checkTenantValue(tenant, loaded)
    const container = createRunnerContainer({
      clock: systemClock,
      random: systemRandom,
      ids: systemIds,
      logger: silentLogger,
      metrics: noMetrics,
      store: database.store,
      scheduler: noJobs,
      ...loaded,
    })
    const receivers = createReceivers(
      container,
      () => new Map([['acme', value!]]),
      (name) => stored.push(name),
    )
    pending = () => database.store.forTenant('acme').inbox.pending(100)
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      receivers,
      ids: systemIds,
      logger: silentLogger,
      ready: async () => {
        if (!ready) throw new Error('away')
      },
    })
    closers.push(server.close, receivers.close, database.close, mongo.close)
  })
  afterAll(async () => {
    for (const close of closers) await close()
  })

  const post = async (
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => {
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', body, headers })
    return { status: answer.status, text: await answer.text() }
  }

  it('a good webhook is stored before it is answered; the same id again does nothing', async () => {
    const body = hint('KH000017')
    expect((await post('/webhooks/acme/crm', body, signed(body, 'msg_1'))).status).toBe(200)
    expect(await pending()).toMatchObject([{ system: 'crm', hints: [{ resource: 'Customers', id: '17' }] }])
    expect((await post('/webhooks/acme/crm', body, signed(body, 'msg_1'))).status).toBe(200)
    expect(await pending()).toHaveLength(1)
    expect(stored).toEqual(['acme'])
  })

  it('a callback gets the envelope; the same text again is taken again', async () => {
    const body = callback([
      { org_refid: null, dictionary_type: 1, code: 'KH1', id: 'a', success: true, error_code: null, session_id: 's' },
    ])
    const before = (await pending()).length
    for (const _ of [1, 2]) {
      const { status, text } = await post('/callbacks/acme/accounting', body)
      expect([status, JSON.parse(text)]).toEqual([
        200,
        { Success: true, ErrorCode: null, ErrorMessage: null, Data: null },
      ])
    }
    expect(await pending()).toHaveLength(before + 2)
  })

  it.each([
    ['wrong signature', '/webhooks/acme/crm', hint('A'), () => signed(hint('B'), 'msg_2'), 401],
    [
      'stale',
      '/webhooks/acme/crm',
      hint('A'),
      () => signed(hint('A'), 'msg_3', Math.floor(Date.now() / 1000) - 301),
      401,
    ],
    ['no signature', '/webhooks/acme/crm', hint('A'), () => ({ 'content-type': 'application/json' }), 401],
    ['callback of another app', '/callbacks/acme/accounting', callback([], 'other'), () => ({}), 401],
    ['unknown tenant', '/webhooks/nobody/crm', hint('A'), () => signed(hint('A'), 'msg_4'), 404],
    ['a system that is not connected', '/webhooks/acme/system', hint('A'), () => signed(hint('A'), 'msg_5'), 404],
    ['unknown path', '/webhooks/acme/accounting', hint('A'), () => signed(hint('A'), 'msg_6'), 404],
    ['no JSON', '/callbacks/acme/accounting', 'hello', () => ({ 'content-type': 'text/plain' }), 400],
    ['a webhook that is no JSON, well signed', '/webhooks/acme/crm', '{', () => signed('{', 'msg_7'), 400],
  ])('%s is refused without a word', async (_name, path, body, headers, status) => {
    const before = await pending()
    expect(await post(path, body, headers())).toEqual({ status, text: '' })
    expect(await pending()).toEqual(before)
  })

  it('too much is refused: over 1 MB for webhooks, 10 MB for callbacks', async () => {
    const over = (megabytes: number) => Buffer.alloc(megabytes * 1024 * 1024 + 1, 'x')
    expect((await post('/webhooks/acme/crm', over(1))).status).toBe(413)
    expect((await post('/callbacks/acme/accounting', over(1))).status).toBe(400)
    expect((await post('/callbacks/acme/accounting', over(10))).status).toBe(413)
  })

  it('healthz tells that the process lives, readyz that it can work', async () => {
    const status = async (path: string) => (await fetch(`${server.url}${path}`)).status
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
    ready = false
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
    ready = true
  })

  it('a port in use is told in one go, with a way out', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const receivers = {
      find: () => undefined,
      storeOf: () => {
        throw new Error('unused')
      },
      stored: () => undefined,
      close: async () => undefined,
    }
    const start = startHttpServer({
      host: '127.0.0.1',
      port,
      receivers,
      ids: systemIds,
      logger: silentLogger,
      ready: async () => undefined,
    })
    await expect(start).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      text: { en: expect.stringContaining(`AMIS_SYNC_PORT=${port + 1}`) },
    })
    other.close()
  })
})
