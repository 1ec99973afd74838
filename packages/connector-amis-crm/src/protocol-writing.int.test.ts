import { startTestServer } from '@amis-sync/http-client/testing'
import type { Reply, SeenRequest, TestServer } from '@amis-sync/http-client/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { openConnection, write } from './testing/connection.ts'

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
const row = (code: string): Record<string, unknown> => ({ account_number: code, account_name: code })

describe('answers to writes', () => {
  const writes = [write('create', 'Customers', row('A')), write('create', 'Customers', row('B'))]

  it.each([200, 201])('are taken with HTTP %i', async (status) => {
    const results = [
      { index: 1, success: true, id: 12 },
      { index: 0, success: true, id: '11' },
    ]
    const connection = await start(() => ({ status, json: { success: true, code: status, results } }))
    expect(await connection.writeRows(writes)).toEqual([
      { opId: writes[0]?.opId, status: 'applied', id: '11' },
      { opId: writes[1]?.opId, status: 'applied', id: '12' },
    ])
    expect(server.requests.at(-1)?.body).toEqual([row('A'), row('B')])
  })

  it('are read in other casings and by order', async () => {
    const connection = await start(() => ({
      json: {
        Success: false,
        Code: 0,
        Results: [
          { Success: true, ID: 11 },
          {
            Success: false,
            ValidateResult: [{ FieldName: 'tax_code', ErrorCode: 'Invalid', ErrorMessage: 'Sai mã số thuế' }],
          },
        ],
      },
    }))
    expect(await connection.writeRows(writes)).toMatchObject([
      { status: 'applied', id: '11' },
      { status: 'rejected', failure: { code: 'VALUE_INVALID', kind: 'recordRejected', field: 'tax_code' } },
    ])
  })

  it('tell a duplicate by its code when they have no error code', async () => {
    const connection = await start(({ method }) =>
      method === 'GET'
        ? { json: { success: true, code: 200, data: [{ id: 3, account_number: 'b' }] } }
        : {
            json: {
              success: false,
              results: [1, 2].map(() => ({ success: false, ErrorMessage: 'Không hợp lệ' })),
            },
          },
    )
    const outcomes = await connection.writeRows(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'duplicate'])
    expect(outcomes[0]?.failure?.vi).toContain('Không hợp lệ')
    expect(calls()).toEqual(['POST /api/v2/Customers', 'GET /api/v2/Customers/code'])
  })

  it('leave rows in doubt that they do not mention', async () => {
    const bodies: unknown[][] = [
      [{ index: 1, success: true, id: 12 }],
      [{ success: true, id: 12 }],
      [
        { index: 1, success: true, id: 12 },
        { index: 1, success: false },
      ],
      [{ index: 0, success: true }],
    ]
    let body = 0
    const connection = await start(() => ({ json: { success: false, code: 200, results: bodies[body++] } }))
    const statuses = []
    for (const _ of bodies) statuses.push((await connection.writeRows(writes)).map(({ status }) => status))
    expect(statuses).toEqual([
      ['inDoubt', 'applied'],
      ['inDoubt', 'inDoubt'],
      ['inDoubt', 'inDoubt'],
      ['inDoubt', 'inDoubt'],
    ])
  })

  const lost: [string, Reply | 'cut' | 'hang'][] = [
    ['cut', 'cut'],
    ['late', 'hang'],
    ['truncated', { text: '{"success":true,"results":[{"ind' }],
    ['HTML', { text: '<html>' }],
    ['5xx', { status: 502, text: 'bad gateway' }],
    ['without results', { json: { success: true, code: 200, data: [] } }],
    ['success:false without results', { json: { success: false, code: 500 } }],
  ]
  it.each(lost)('leave creates in doubt, sent once, when they are %s', async (_name, reply) => {
    const connection = await start(() => reply)
    const outcomes = await connection.writeRows(writes)
    expect(outcomes).toMatchObject([
      { status: 'inDoubt', failure: { kind: 'inDoubt' } },
      { status: 'inDoubt', failure: { kind: 'inDoubt' } },
    ])
    expect(calls()).toEqual(['POST /api/v2/Customers'])
  })

  it('let changes be repeated', async () => {
    const results = [{ index: 0, success: true, id: 7 }]
    const connection = await start((_request, count) => (count < 3 ? 'cut' : { json: { success: true, results } }))
    expect(await connection.writeRows([write('update', 'Customers', { debt_limit: 1 }, '7')])).toMatchObject([
      { status: 'applied', id: '7' },
    ])
    expect(calls()).toEqual(Array<string>(3).fill('PUT /api/v2/Customers'))
    expect(server.requests.at(-1)?.body).toEqual([{ debt_limit: 1, id: 7 }])
  })

  it('do not repeat a change that adds lines', async () => {
    const connection = await start(() => 'cut')
    const lines = [
      { line_id: 1, shipping_amount: 2 },
      { product_code: 'VT', amount: 1 },
    ]
    const change = write('update', 'SaleOrders', { sale_order_product_mappings: lines }, '7')
    expect(await connection.writeRows([change])).toMatchObject([{ status: 'inDoubt' }])
    expect(calls()).toEqual(['PUT /api/v2/SaleOrders'])
  })

  it('make nothing of a server that cannot be reached', async () => {
    const connection = await start(() => 'cut')
    await server.close()
    const error = { code: 'HOST_UNREACHABLE', kind: 'retriable' }
    await expect(connection.writeRows(writes)).rejects.toMatchObject(error)
  })

  it('isolate the row for which a whole call is refused', async () => {
    const connection = await start(({ body }) => {
      const rows = body as { account_number: string }[]
      return rows.some((one) => one.account_number === 'BAD')
        ? { status: 400, json: { success: false, code: 400, user_msg: 'Dữ liệu sai' } }
        : { json: { success: true, results: rows.map((_, index) => ({ index, success: true, id: index + 1 })) } }
    })
    const some = ['A', 'B', 'C', 'BAD', 'E'].map((code) => write('create', 'Customers', row(code)))
    const outcomes = await connection.writeRows(some)
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied', 'rejected', 'applied'])
    expect(outcomes[3]?.failure).toMatchObject({ code: 'CALL_REFUSED', kind: 'recordRejected' })
  })

  it('keep what was done when a later call fails', async () => {
    const connection = await start(({ path }) =>
      path.endsWith('/Customers')
        ? { json: { success: true, results: [{ index: 0, success: true, id: 1 }] } }
        : { status: 403, json: { success: false, code: 403 } },
    )
    const outcomes = await connection.writeRows([
      write('create', 'Customers', row('A')),
      write('create', 'Products', { product_code: 'VT' }),
    ])
    expect(outcomes).toMatchObject([
      { status: 'applied' },
      { status: 'rejected', failure: { code: 'RIGHT_MISSING', kind: 'needsPerson' } },
    ])
    await expect(connection.writeRows([write('create', 'Products', {})])).rejects.toMatchObject({
      code: 'RIGHT_MISSING',
    })
  })

  it('write dates in the form that the connection is set to', async () => {
    const connection = await start(() => ({ json: { success: true, results: [{ index: 0, success: true, id: 1 }] } }), {
      dateFormat: 'dd/MM/yyyy',
    })
    const order = {
      sale_order_no: '2026-11-24',
      sale_order_date: '2026-11-24',
      due_date: null,
      receipts: [{ receipt_no: 'PT1', receipt_date: '2026-11-25', amount: 1 }],
    }
    await connection.writeRows([write('create', 'SaleOrders', order)])
    expect(server.requests.at(-1)?.body).toEqual([
      {
        sale_order_no: '2026-11-24',
        sale_order_date: '24/11/2026',
        due_date: null,
        receipts: [{ receipt_no: 'PT1', receipt_date: '25/11/2026', amount: 1 }],
      },
    ])
  })

  it('split by batch size and refuse targets without an id', async () => {
    const connection = await start(
      ({ body }) => ({
        json: {
          success: true,
          results: (body as unknown[]).map((_, index) => ({ index, success: true, id: index + 1 })),
        },
      }),
      { batchSize: 2 },
    )
    const outcomes = await connection.writeRows([
      ...['A', 'B', 'C'].map((code) => write('create', 'Customers', row(code))),
      write('update', 'Customers', {}, 'guid'),
      write('delete', 'Customers', {}, '9'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied', 'rejected', 'applied'])
    expect(calls()).toEqual(['POST /api/v2/Customers', 'POST /api/v2/Customers', 'DELETE /api/v2/Customers'])
    expect(server.requests.at(-1)?.body).toEqual([9])
  })
})
