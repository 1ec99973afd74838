import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openConnection, write } from './testing/connection.ts'
import type { FullConnection } from './testing/connection.ts'
import { openSandbox } from './testing/sandbox.ts'
import type { TestSandbox } from './testing/sandbox.ts'

let sandbox: TestSandbox
let connection: FullConnection
let slept: readonly number[]

beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())

beforeEach(async () => {
  await sandbox.admin('POST', '/reset', {})
  await sandbox.admin('PUT', '/limits', { system: 'crm' })
  await sandbox.admin('POST', '/seed', { profile: 'size', n: 5, where: ['crm'] })
  const opened = openConnection(sandbox.url, { timeoutMs: 400 })
  connection = opened.connection
  slept = opened.clock.slept
  await sandbox.requests()
})

const customer = (code: string, more: Record<string, unknown> = {}) =>
  write('create', 'Customers', { account_number: code, account_name: `Khách ${code}`, ...more })

const stored = async (entity = 'Customers'): Promise<Record<string, unknown>[]> => {
  const { items } = await sandbox.admin<{ items: Record<string, unknown>[] }>(
    'GET',
    `/state?system=crm&entity=${entity}&take=1000`,
  )
  return items.filter((row) => row['deleted'] !== true)
}

describe('writeRows', () => {
  it('creates, changes and deletes with one call per resource and operation', async () => {
    const outcomes = await connection.writeRows([
      customer('A'),
      write('update', 'Customers', { office_tel: '0999' }, '1'),
      customer('B'),
      write('delete', 'Customers', {}, '2'),
      write('create', 'Contacts', { contact_code: 'LH', contact_name: 'Chị Hoa' }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(Array<string>(5).fill('applied'))
    expect(await sandbox.requests()).toEqual([
      'POST /api/v2/Customers',
      'PUT /api/v2/Customers',
      'DELETE /api/v2/Customers',
      'POST /api/v2/Contacts',
    ])
    const rows = await stored()
    expect(rows.map((row) => row['account_number'])).toEqual(['KH000001', 'KH000003', 'KH000004', 'KH000005', 'A', 'B'])
    expect(rows[0]?.['office_tel']).toBe('0999')
    expect(await connection.readByIds('Customers', [outcomes[0]?.id ?? ''])).toMatchObject([{ key: 'A' }])
  })

  it('tells what became of each row', async () => {
    await connection.writeRows([write('delete', 'Customers', {}, '5')])
    const creates = await connection.writeRows([
      customer('NEW'),
      customer(' kh000001 '),
      customer('X', { tax_code: '0000000002' }),
      customer('Y', { account_group_code_list: 'KHONG-CO' }),
      write('create', 'Customers', { account_number: 'Z' }),
      customer('W', { debt_limit: 'nhiều' }),
    ])
    expect(creates.map(({ status, failure }) => [status, failure?.code, failure?.field])).toEqual([
      ['applied', undefined, undefined],
      ['duplicate', 'DUPLICATE_VALUE', 'account_number'],
      ['rejected', 'DUPLICATE_VALUE', 'tax_code'],
      ['rejected', 'REFERENCE_NOT_FOUND', 'account_group_code_list'],
      ['rejected', 'VALUE_REQUIRED', 'account_name'],
      ['rejected', 'VALUE_INVALID', 'debt_limit'],
    ])
    expect(creates.slice(1).every(({ failure }) => failure?.kind === 'recordRejected')).toBe(true)
    const others = await connection.writeRows([
      write('update', 'Customers', { office_tel: '1' }, '5'),
      write('update', 'Customers', { office_tel: '1' }, '777'),
      write('delete', 'Customers', {}, '5'),
      write('delete', 'Customers', {}, '777'),
      write('delete', 'CustomerGroups', {}, '1'),
    ])
    expect(others.map(({ status, failure }) => [status, failure?.code])).toEqual([
      ['missing', 'RECORD_MISSING'],
      ['missing', 'RECORD_MISSING'],
      ['missing', 'RECORD_MISSING'],
      ['missing', 'RECORD_MISSING'],
      ['rejected', 'RECORD_IN_USE'],
    ])
  })

  it('takes a deleted reference for what it is', async () => {
    await sandbox.act({ action: 'delete', entity: 'Customers', key: 'KH000004' })
    const order = {
      sale_order_no: 'DH1',
      sale_order_date: '2026-11-24',
      account_number: 'KH000004',
      account_name: 'KH000004',
      sale_order_product_mappings: [{ product_code: 'VT000001', amount: 1 }],
    }
    const outcomes = await connection.writeRows([
      write('create', 'SaleOrders', order),
      write('create', 'SaleOrders', {
        ...order,
        account_number: 'KH000001',
        sale_order_product_mappings: [{ product_code: 'KHONG', amount: 1 }],
      }),
    ])
    expect(outcomes.map(({ status, failure }) => [status, failure?.code, failure?.kind])).toEqual([
      ['rejected', 'REFERENCE_DELETED', 'recordRejected'],
      ['rejected', 'REFERENCE_NOT_FOUND', 'recordRejected'],
    ])
    expect(outcomes[1]?.failure?.field).toBe('sale_order_product_mappings[0].product_code')
  })

  it('puts results in another order where they belong', async () => {
    await sandbox.faults({ route: 'POST /api/v2/Customers', kind: 'reorderResults' })
    const writes = ['A', 'KH000001', 'C'].map((code) => customer(code))
    const outcomes = await connection.writeRows(writes)
    expect(outcomes.map(({ opId, status }) => [opId, status])).toEqual([
      [writes[0]?.opId, 'applied'],
      [writes[1]?.opId, 'duplicate'],
      [writes[2]?.opId, 'applied'],
    ])
    expect(await connection.readByIds('Customers', [outcomes[2]?.id ?? ''])).toMatchObject([{ key: 'C' }])
  })

  it('keeps the good rows of a partly failing batch, and calls the others retriable', async () => {
    await sandbox.faults({ route: 'POST /api/v2/Customers', kind: 'partialBatch', params: { fraction: 0.5 } })
    const writes = Array.from({ length: 40 }, (_, i) => customer(`P${i}`))
    const outcomes = await connection.writeRows(writes)
    const codes = new Set((await stored()).map((row) => row['account_number']))
    for (const [index, outcome] of outcomes.entries()) {
      const isThere = codes.has(`P${index}`)
      expect(outcome.status).toBe(isThere ? 'applied' : 'rejected')
      if (!isThere) expect(outcome.failure).toMatchObject({ code: 'SERVER_EXCEPTION', kind: 'retriable' })
    }
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied', 'rejected']))
  })

  it.each([
    ['resetAfter', true],
    ['resetBefore', false],
    ['truncate', true],
    ['slow', true],
    ['status', false],
    ['html', false],
    ['errorBody', false],
  ])('leaves creates in doubt, and sends them once, when the answer is lost (%s)', async (kind, done) => {
    const params = kind === 'slow' ? { ms: 900 } : {}
    await sandbox.faults({ route: 'POST /api/v2/Customers', kind, times: 1, params })
    const outcomes = await connection.writeRows([customer('A'), customer('B')])
    expect(outcomes.map(({ status }) => status)).toEqual(['inDoubt', 'inDoubt'])
    expect(await sandbox.requests()).toEqual(['POST /api/v2/Customers'])
    expect(await connection.readByKeys('Customers', ['A', 'B'])).toHaveLength(done ? 2 : 0)
  })

  it.each(['resetAfter', 'resetBefore', 'truncate', 'status', 'html', 'errorBody'])(
    'repeats changes until they are answered (%s)',
    async (kind) => {
      await sandbox.faults({ route: 'PUT /api/v2/Customers', kind, times: 2 })
      const outcomes = await connection.writeRows([write('update', 'Customers', { office_tel: '5' }, '1')])
      expect(outcomes).toMatchObject([{ status: 'applied', id: '1' }])
      expect(await sandbox.requests()).toHaveLength(3)
    },
  )

  it.each(['code401', 'expireToken'])('signs in again and repeats once (%s)', async (kind) => {
    await connection.readByIds('Customers', ['1'])
    await sandbox.faults({ route: 'POST /api/v2/Customers', kind, times: 1 })
    expect(await connection.writeRows([customer('A')])).toMatchObject([{ status: 'applied' }])
    await sandbox.faults({ route: 'POST /api/v2/Customers', kind: 'code401' })
    await expect(connection.writeRows([customer('B')])).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED' })
    expect((await stored()).map((row) => row['account_number'])).not.toContain('B')
  })

  it('survives a token that ends by time', async () => {
    await connection.readByIds('Customers', ['1'])
    await sandbox.admin('PUT', '/clock', { advanceMs: 25 * 3_600_000 })
    expect(await connection.writeRows([customer('A')])).toMatchObject([{ status: 'applied' }])
    await sandbox.admin('PUT', '/clock', {})
  })

  it.each([
    [true, 2_000],
    [false, 1_000],
  ])('waits when it is told to slow down (Retry-After %s)', async (withHeader, wait) => {
    const params = { status: 429, ...(withHeader ? { retryAfter: 2 } : {}) }
    await sandbox.faults({ route: 'POST /api/v2/Customers', kind: 'status', times: 1, params })
    expect(await connection.writeRows([customer('A')])).toMatchObject([{ status: 'applied' }])
    expect(slept).toEqual([wait])
    expect((await stored()).filter((row) => row['account_number'] === 'A')).toHaveLength(1)
  })

  it('says RATE_LIMITED when a limit lasts, and nothing was done', async () => {
    await connection.readByIds('Customers', ['1'])
    await sandbox.admin('PUT', '/limits', { system: 'crm', perDay: 1 })
    await connection.readByIds('Customers', ['1']).catch(() => undefined)
    const error = { code: 'RATE_LIMITED', kind: 'rateLimited' }
    await expect(connection.writeRows([customer('A')])).rejects.toMatchObject(error)
    await sandbox.admin('PUT', '/limits', { system: 'crm' })
  })

  it('writes 250 rows with three calls', async () => {
    const writes = Array.from({ length: 250 }, (_, i) => customer(`N${i}`))
    const outcomes = await connection.writeRows(writes)
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
    expect(await sandbox.requests()).toEqual(Array<string>(3).fill('POST /api/v2/Customers'))
  })

  it('names warehouses by their ACT id where the CRM wants it so', async () => {
    const async_id = '11111111-2222-3333-4444-555555555555'
    const [made] = await connection.writeRows([
      write('create', 'Stocks', { stock_code: 'K1', stock_name: 'Kho 1', async_id }),
    ])
    expect(made).toMatchObject({ status: 'applied', id: '1' })
    const changed = await connection.writeRows([write('update', 'Stocks', { stock_name: 'Kho một' }, '1')])
    expect(changed).toMatchObject([{ status: 'applied' }])
    const gone = await connection.writeRows([
      write('delete', 'Stocks', { async_id }, '1'),
      write('delete', 'Stocks', {}, '1'),
    ])
    expect(gone.map(({ status }) => status).sort()).toEqual(['applied', 'rejected'])
    expect(await stored('Stocks')).toEqual([])
  })
})

describe('missing capabilities', () => {
  it('name the missing right on products', async () => {
    await sandbox.admin('PUT', '/capabilities', { crm: { productWrite: false } })
    const product = { product_code: 'P', product_name: 'P', usage_unit: 'Cái' }
    const error = { code: 'RIGHT_MISSING', kind: 'needsPerson' }
    await expect(connection.writeRows([write('create', 'Products', product)])).rejects.toMatchObject(error)
  })

  it('tell duplicates without error codes', async () => {
    await sandbox.admin('PUT', '/capabilities', { crm: { rowErrorCodes: false } })
    const outcomes = await connection.writeRows([
      customer('A'),
      customer('KH000002'),
      customer('B', { debt_limit: -1 }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'duplicate', 'rejected'])
  })
})
