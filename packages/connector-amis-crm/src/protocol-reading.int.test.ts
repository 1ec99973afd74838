import { startTestServer } from '@amis-sync/http-client/testing'
import type { Reply, SeenRequest, TestServer } from '@amis-sync/http-client/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { listAll, openConnection, write } from './testing/connection.ts'

/** What the contract allows and the sandbox does not do: other casings, 201, answers without index, second-hand error forms. */

let server: TestServer
afterEach(() => server.close())

const token: Reply = { json: { success: true, code: 200, data: 'tok' } }
const capabilities = { modifiedFrom: true, deletedFeed: false }

async function start(answer: (request: SeenRequest, count: number) => Reply | 'cut' | 'hang', settings = {}) {
  let count = 0
  server = await startTestServer((request) => (request.path.endsWith('/Account') ? token : answer(request, ++count)))
  return openConnection(server.url, { capabilities, timeoutMs: 300, ...settings }).connection
}

const calls = (): string[] => server.routes.filter((route) => !route.endsWith('/Account'))
const signIns = (): number => server.routes.length - calls().length
const row = (code: string): Record<string, unknown> => ({ account_number: code, account_name: code })

describe('access', () => {
  it('sends token and client id, and signs in once for many', async () => {
    const connection = await start(() => ({ json: { success: true, code: 0, data: [{ id: 1 }] } }))
    await Promise.all([1, 2, 3].map((id) => connection.readByIds('Customers', [String(id)])))
    expect(signIns()).toBe(1)
    expect(server.requests[0]?.body).toEqual({ client_id: 'demo', client_secret: 'demo-crm-secret' })
    expect(server.requests[1]?.headers).toMatchObject({ authorization: 'Bearer tok', clientid: 'demo' })
  })

  it('renews the token before 23 hours are over', async () => {
    server = await startTestServer((request) =>
      request.path.endsWith('/Account') ? token : { json: { success: true, code: 200, data: [{ id: 1 }] } },
    )
    const { connection, clock } = openConnection(server.url, { capabilities })
    await connection.readByIds('Customers', ['1'])
    clock.advance(23 * 3_600_000 - 60_000)
    await connection.readByIds('Customers', ['1'])
    expect(signIns()).toBe(1)
    clock.advance(60_000)
    await connection.readByIds('Customers', ['1'])
    expect(signIns()).toBe(2)
  })

  const refusals: [string, Reply][] = [
    ['HTTP 401', { status: 401, json: { success: false, code: 401, data: null } }],
    ['401 inside HTTP 200', { json: { success: false, code: 401, data: null } }],
    ['401 in the documented casing', { json: { Success: false, ErrorCode: 401, UserMsg: 'Hết phiên' } }],
  ]
  it.each(refusals)('repeats once after %s, and stops after the second', async (_name, refusal) => {
    const good: Reply = { json: { success: true, code: 200, data: [{ id: 1 }] } }
    const once = await start((_request, count) => (count === 1 ? refusal : good))
    expect(await once.readByIds('Customers', ['1'])).toHaveLength(1)
    expect([signIns(), calls().length]).toEqual([2, 2])
    await server.close()
    const always = await start(() => refusal)
    const error = { code: 'CREDENTIALS_REFUSED', kind: 'needsPerson' }
    await expect(always.readByIds('Customers', ['1'])).rejects.toMatchObject(error)
    expect([signIns(), calls().length]).toEqual([2, 2])
    await expect(always.writeRows([write('create', 'Customers', row('A'))])).rejects.toMatchObject(error)
  })

  it.each([401, 400])('calls a wrong secret by its name (%i)', async (status) => {
    server = await startTestServer(() => ({ status, json: { success: false, code: status } }))
    const { connection } = openConnection(server.url)
    const error = { code: 'CREDENTIALS_REFUSED', kind: 'needsPerson' }
    await expect(connection.readByIds('Customers', ['1'])).rejects.toMatchObject(error)
    expect(await connection.check()).toMatchObject([{ code: 'CREDENTIALS_REFUSED', ok: false }, { code: 'OK_CLOCK' }])
  })

  it('never shows a secret', async () => {
    server = await startTestServer(() => ({ status: 401, json: {} }))
    const { connection } = openConnection(server.url)
    const error: unknown = await connection.readByIds('Customers', ['1']).catch((thrown: unknown) => thrown)
    expect(JSON.stringify([error, String(error)])).not.toContain('demo-crm-secret')
  })
})

describe('failed reads', () => {
  const failures: [string, Reply | 'cut' | 'hang', string][] = [
    ['success:false without results', { json: { success: false, code: 200, data: [] } }, 'SERVER_ERROR'],
    ['a code of 500 in HTTP 200', { json: { success: true, code: 500, data: [] } }, 'SERVER_ERROR'],
    ['no rows at all', { json: { success: true, code: 200, data: null } }, 'MALFORMED_ANSWER'],
    ['rows that are none', { json: { success: true, code: 200, data: [1] } }, 'MALFORMED_ANSWER'],
    ['a list instead of an envelope', { json: [] }, 'MALFORMED_ANSWER'],
    ['a page of HTML', { text: '<html></html>' }, 'MALFORMED_ANSWER'],
    ['a cut connection', 'cut', 'CONNECTION_CUT'],
  ]
  it.each(failures)('never count as "no data": %s', async (_name, reply, code) => {
    const connection = await start(() => reply)
    await expect(connection.listPage({ resource: 'Customers' })).rejects.toMatchObject({ code, kind: 'retriable' })
    await expect(connection.readByIds('Customers', ['1'])).rejects.toMatchObject({ code })
    await expect(connection.readByKeys('Customers', ['A'])).rejects.toMatchObject({ code })
    const since = '2026-01-01T00:00:00.000+07:00'
    await expect(connection.changesPage({ resource: 'Customers', since })).rejects.toMatchObject({ code })
  })

  it('name the missing right, the missing resource and the vendor’s words', async () => {
    const connection = await start((request) =>
      request.path.includes('Customers')
        ? { status: 403, json: { success: false, code: 403, user_msg: 'Bạn không có quyền' } }
        : { status: 404, text: '<html>' },
    )
    const refused = { code: 'RIGHT_MISSING', kind: 'needsPerson' }
    await expect(connection.listPage({ resource: 'Customers' })).rejects.toMatchObject(refused)
    await expect(connection.listPage({ resource: 'Customers' })).rejects.toThrow(/Bạn không có quyền/)
    await expect(connection.listPage({ resource: 'Quotes' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_OFFERED' })
  })

  it('work without totals', async () => {
    const rows = Array.from({ length: 130 }, (_, index) => ({
      id: index + 1,
      account_number: `K${index + 1}`,
      modified_date: '2026-11-24T08:25:01.123+07:00',
    }))
    const connection = await start(({ query }) => {
      const [page, size] = [Number(query.get('page')), Number(query.get('pageSize'))]
      const list = query.get('isDescending') === 'true' ? rows.toReversed() : rows
      return { json: { success: true, code: 200, data: list.slice(page * size, (page + 1) * size) } }
    })
    const { records } = await listAll(connection, 'Customers')
    expect(records.map(({ id }) => id)).toEqual(rows.map(({ id }) => String(id)))
    expect(calls().length).toBe(4)
  })

  it.each(['ignores', 'refuses'])('read newest first where the server %s orderBy=id', async (how) => {
    const rows = Array.from({ length: 230 }, (_, index) => ({
      id: index + 1,
      modified_date: `2026-11-24T08:25:01.${String(100 + ((index * 37) % 230))}+07:00`,
    })).sort((a, b) => (a.modified_date < b.modified_date ? 1 : -1))
    const connection = await start(({ query }) => {
      if (how === 'refuses' && query.get('orderBy') === 'id')
        return { status: 400, json: { success: false, code: 400 } }
      const [page, size] = [Number(query.get('page')), Number(query.get('pageSize'))]
      return { json: { success: true, code: 200, data: rows.slice(page * size, (page + 1) * size) } }
    })
    const { records } = await listAll(connection, 'Customers')
    expect(records.map(({ id }) => id)).toEqual(rows.map(({ id }) => String(id)))
  })

  it('ask /code for documents whose lines are missing', async () => {
    const lines = [{ line_id: 1, product_code: 'VT1', amount: 1 }]
    const order = { id: 5, sale_order_no: 'DH5', modified_date: '2026-11-24T08:25:01.123+07:00' }
    const connection = await start(({ path }) => ({
      json: {
        success: true,
        code: 200,
        total_records: 1,
        data: [path.endsWith('/code') ? { ...order, sale_order_product_mappings: lines } : order],
      },
    }))
    const page = await connection.listPage({ resource: 'SaleOrders' })
    expect(page.records[0]?.row['sale_order_product_mappings']).toEqual(lines)
    expect(calls()).toEqual(['GET /api/v2/SaleOrders', 'GET /api/v2/SaleOrders/code'])
  })
})
