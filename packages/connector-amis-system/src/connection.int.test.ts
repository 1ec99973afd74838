import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Delivery } from '@amis-sync/core'
import { startTestServer } from '@amis-sync/http-client/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listAll, openConnection, openSandbox, pollAll } from './testing/connection.ts'
import type { FullConnection, TestSandbox } from './testing/connection.ts'

const webhookSecret = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='

let sandbox: TestSandbox
let connection: FullConnection

beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())

async function start(employees: number, capabilities: Record<string, boolean> = {}) {
  await sandbox.admin('POST', '/reset', {})
  await sandbox.admin('PUT', '/clock', {})
  await sandbox.admin('PUT', '/capabilities', { system: capabilities })
  if (employees > 0) await sandbox.admin('POST', '/seed', { profile: 'size', n: 0, employees, where: ['system'] })
  connection = openConnection(sandbox.url).connection
  await sandbox.requests()
}

const code = (n: number): string => `NV${String(n).padStart(4, '0')}`
const codes = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => code(from + i))
const rename = (n: number, fullName: string) =>
  sandbox.act({ action: 'update', entity: 'Employees', key: code(n), changes: { fullName } })

describe('full listing', () => {
  it.each([
    [5, 2],
    [450, 4],
  ])('gives %i employees with %i requests', async (count, requests) => {
    await start(count)
    const { records } = await listAll(connection, 'Employees')
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(codes(1, count)))
    expect(await sandbox.requests()).toHaveLength(requests)
    expect(records[0]).toMatchObject({ resource: 'Employees', version: records[0]?.row['modifiedAt'] })
  })

  it('gives units too', async () => {
    await start(12)
    const { records } = await listAll(connection, 'OrganizationUnits')
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(['DV0001', 'DV0002', 'DV0003']))
  })

  it('misses nothing while items are touched', async () => {
    await start(450)
    let next = 1
    const { records } = await listAll(connection, 'Employees', () => rename(next++, 'Tên mới'))
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(codes(1, 450)))
  })

  it.each(['empty', 'short', 'status', 'errorBody', 'html', 'truncate', 'resetAfter', 'code401', 'expireToken'])(
    'is whole in spite of an answer that is %s',
    async (kind) => {
      // A page in the middle that is cut short and says that it is the last one is told apart on the second look.
      for (const after of [0, 1, 2]) {
        await start(450)
        await sandbox.faults({ route: 'GET /api/v1/employees', kind, times: 1, after })
        const { records } = await listAll(connection, 'Employees')
        expect(new Set(records.map(({ key }) => key)).size).toBe(450)
      }
    },
  )
})

describe.each([[true], [false]])('changes (modifiedFrom %s)', (modifiedFrom) => {
  beforeEach(() => start(30, { modifiedFrom }))

  it('cost one request when nothing changed', async () => {
    const { watermark } = await listAll(connection, 'Employees')
    await sandbox.requests()
    const poll = await pollAll(connection, 'Employees', watermark)
    expect(poll.keys).toEqual([])
    expect(await sandbox.requests()).toHaveLength(1)
  })

  it('bring what changed and what went', async () => {
    const { records, watermark } = await listAll(connection, 'Employees')
    await rename(7, 'Tên mới')
    await sandbox.act({ action: 'delete', entity: 'Employees', key: code(9) })
    const poll = await pollAll(connection, 'Employees', watermark)
    expect(poll.keys).toEqual([code(7)])
    const gone = records.find(({ key }) => key === code(9))
    expect(poll.deleted).toEqual(modifiedFrom ? [gone?.id] : [])
    await rename(8, 'Tên khác')
    expect((await pollAll(connection, 'Employees', poll.watermark)).keys).toContain(code(8))
  })

  it.each(['empty', 'short'])('lose nothing to an answer that is %s', async (kind) => {
    const { watermark } = await listAll(connection, 'Employees')
    for (const n of [1, 2, 3]) await rename(n, 'Tên mới')
    await sandbox.faults({ route: 'GET /api/v1/employees', kind, times: 1 })
    const first = await pollAll(connection, 'Employees', watermark)
    const second = await pollAll(connection, 'Employees', first.watermark)
    expect(new Set([...first.keys, ...second.keys])).toEqual(new Set([code(1), code(2), code(3)]))
  })
})

describe('other calls', () => {
  it('polls an empty table from the beginning', async () => {
    await start(0)
    const { watermark } = await listAll(connection, 'OrganizationUnits')
    await sandbox.act({
      action: 'create',
      entity: 'OrganizationUnits',
      record: { code: 'CTY', name: 'Công ty', type: 1 },
    })
    expect((await pollAll(connection, 'OrganizationUnits', watermark)).keys).toEqual(['CTY'])
  })

  it('reads by id, whatever its case, and leaves out what is not there', async () => {
    await start(10)
    const { records } = await listAll(connection, 'Employees')
    await sandbox.act({ action: 'delete', entity: 'Employees', key: records[1]?.key })
    const nobody = '00000000-0000-0000-0000-000000000000'
    const ids = [records[0]!.id.toUpperCase(), records[1]!.id, nobody, records[2]!.id, records[2]!.id]
    const found = await connection.readByIds('Employees', ids)
    expect(found.map(({ id }) => id)).toEqual([records[0]?.id, records[2]?.id])
  })

  it('signs in once, again before the hour is over, and stops when it is refused', async () => {
    await start(3)
    const opened = openConnection(sandbox.url)
    const signIns = async (): Promise<number> => {
      const { routes } = await sandbox.admin<{ routes: Record<string, number> }>('GET', '/requests')
      return routes['POST /api/v1/token'] ?? 0
    }
    await Promise.all([1, 2, 3].map(() => opened.connection.listPage({ resource: 'Employees' })))
    expect(await signIns()).toBe(1)
    opened.clock.advance(51 * 60_000)
    await opened.connection.listPage({ resource: 'Employees' })
    expect(await signIns()).toBe(2)
    await sandbox.faults({ route: 'GET /api/v1/employees', kind: 'code401' })
    const error = { code: 'CREDENTIALS_REFUSED', kind: 'needsPerson' }
    await expect(opened.connection.listPage({ resource: 'Employees' })).rejects.toMatchObject(error)
  })

  it('refuses unknown resources and cursors', async () => {
    await start(3)
    await expect(connection.listPage({ resource: 'Customers' })).rejects.toMatchObject({ code: 'RESOURCE_UNKNOWN' })
    const call = connection.listPage({ resource: 'Employees', cursor: 'not a cursor' })
    await expect(call).rejects.toMatchObject({ code: 'CALL_REFUSED', kind: 'config' })
  })

  it('never takes a malformed list for an empty one', async () => {
    const bodies = [{}, { items: null }, { items: [1] }, { items: [] }, []]
    let body = 0
    const server = await startTestServer(({ path }) =>
      path.endsWith('/token') ? { json: { access_token: 't', expires_in: 3600 } } : { json: bodies[body] },
    )
    for (; body < bodies.length; body++) {
      const call = openConnection(server.url).connection.listPage({ resource: 'Employees' })
      await expect(call).rejects.toMatchObject({ code: 'MALFORMED_ANSWER', kind: 'retriable' })
    }
    await server.close()
  })
})

describe('check, capabilities, webhooks', () => {
  it('finds nothing wrong', async () => {
    await start(3)
    const lines = await openConnection(sandbox.url, { webhookSecret }).connection.check()
    expect(lines.map(({ code: one }) => one)).toEqual([
      'OK_CREDENTIALS',
      'OK_RESOURCES',
      'OK_CLOCK',
      'OK_WEBHOOK_SECRET',
    ])
  })

  it('names what is wrong', async () => {
    await start(3)
    const wrong = await openConnection(sandbox.url, { clientSecret: 'x' }).connection.check()
    expect(wrong[0]).toMatchObject({ code: 'CREDENTIALS_REFUSED', ok: false })
    const nobody = await openConnection('http://127.0.0.1:1').connection.check()
    expect(nobody[0]).toMatchObject({ code: 'HOST_UNREACHABLE', ok: false })
    await sandbox.admin('PUT', '/clock', { skewMs: { system: -600_000 } })
    await sandbox.faults({ route: 'GET /api/v1/employees', kind: 'status', params: { status: 403 } })
    const lines = await connection.check()
    const bad = lines.filter(({ ok }) => !ok).map(({ code: one }) => one)
    expect(bad).toEqual(['RIGHT_MISSING', 'CLOCK_SKEW'])
  })

  it('probes modifiedFrom, and calls everything assumed', async () => {
    await start(3)
    const on = { flag: 'modifiedFrom', on: true, source: 'probe', assumed: true }
    expect(await connection.capabilities()).toEqual([
      on,
      { flag: 'webhooks', on: false, source: 'default', assumed: true },
    ])
    await sandbox.admin('PUT', '/capabilities', { system: { modifiedFrom: false } })
    expect(await openConnection(sandbox.url).connection.capabilities()).toContainEqual({ ...on, on: false })
    const told = openConnection(sandbox.url, { capabilities: { modifiedFrom: true } }).connection
    expect(await told.capabilities()).toContainEqual({ ...on, source: 'config' })
  })

  it('takes the webhooks of the sandbox', async () => {
    await start(3)
    expect(connection.receive).toBeUndefined()
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
    await sandbox.admin('PUT', '/delivery', { systemWebhook: { url, secret: webhookSecret } })
    const row = await rename(2, 'Tên mới')
    await sandbox.admin('POST', '/deliveries/flush', {})
    const receiver = openConnection(sandbox.url, { webhookSecret }).connection
    const hint = { resource: 'Employees', id: row['id'], key: code(2), deleted: false }
    expect(receiver.receive?.(arrived[0]!)).toMatchObject({ hints: [hint], outcomes: [] })
    expect(() => receiver.receive?.({ ...arrived[0]!, body: Buffer.from('{}') })).toThrow(/DELIVERY_UNTRUSTED/)
    await sandbox.admin('PUT', '/delivery', { systemWebhook: null })
    await new Promise((resolve) => server.close(resolve))
  })
})
