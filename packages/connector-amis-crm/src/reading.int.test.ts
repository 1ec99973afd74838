import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listAll, openConnection, pollAll } from './testing/connection.ts'
import type { FullConnection } from './testing/connection.ts'
import { openSandbox } from './testing/sandbox.ts'
import type { TestSandbox } from './testing/sandbox.ts'

let sandbox: TestSandbox
let connection: FullConnection

beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())

/** Capabilities told, so that no probe disturbs the counting. */
const told = { modifiedFrom: true, deletedFeed: true }

async function start(n: number, settings: Record<string, unknown> = {}, capabilities = told) {
  await sandbox.admin('POST', '/reset', {})
  await sandbox.admin('PUT', '/capabilities', { crm: capabilities })
  if (n > 0) await sandbox.admin('POST', '/seed', { profile: 'size', n, where: ['crm'] })
  connection = openConnection(sandbox.url, { capabilities, ...settings }).connection
  await sandbox.requests()
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const touch = (key: string, tel: string) =>
  sandbox.act({ action: 'update', entity: 'Customers', key, changes: { office_tel: tel } })

describe('full listing', () => {
  it.each([
    [0, 1],
    [7, 1],
    [99, 1],
    [100, 4],
    [250, 5],
    [1_000, 13],
  ])('gives %i rows with %i requests, the closing look at the deleted feed included', async (n, requests) => {
    await start(n)
    const { records, watermark } = await listAll(connection, 'Customers')
    expect(records.map(({ id }) => id)).toEqual(ids(1, n))
    expect((await sandbox.requests()).length).toBe(requests)
    expect(watermark).toBeDefined()
  })

  it('gives id, key, version and the row as it came', async () => {
    await start(3)
    const { records } = await listAll(connection, 'Customers')
    expect(records[0]).toMatchObject({ resource: 'Customers', id: '1', key: 'KH000001' })
    expect(records[0]?.version).toBe(records[0]?.row['modified_date'])
    expect(records[0]?.row['tax_code']).toBe('0000000001')
  })

  it('loses nothing while rows are touched', async () => {
    await start(450)
    await sandbox.faults({ route: 'GET /api/v2/Customers', kind: 'pageShift', params: { rows: 20 } })
    const { records } = await listAll(connection, 'Customers')
    expect(records.map(({ id }) => id)).toEqual(ids(1, 450))
  })

  it.each([true, false])('loses nothing while rows are deleted (deleted feed %s)', async (deletedFeed) => {
    await start(450, {}, { ...told, deletedFeed })
    let next = 1
    const gone: string[] = []
    const { records } = await listAll(connection, 'Customers', async () => {
      if (next > 20) return
      const key = `KH${String(next).padStart(6, '0')}`
      await sandbox.act({ action: 'delete', entity: 'Customers', key })
      gone.push(String(next))
      next += 3
    })
    const seen = new Set(records.map(({ id }) => id))
    expect(ids(1, 450).filter((id) => !seen.has(id) && !gone.includes(id))).toEqual([])
  })

  it.each(['empty', 'short', 'errorBody', 'html', 'truncate', 'resetAfter', 'code401', 'expireToken'])(
    'is whole in spite of an answer that is %s',
    async (kind) => {
      for (const after of [0, 1, 2, 3]) {
        await start(250)
        await sandbox.faults({ route: 'GET /api/v2/Customers', kind, times: 1, after })
        const { records } = await listAll(connection, 'Customers')
        expect([...new Set(records.map(({ id }) => id))]).toEqual(ids(1, 250))
      }
    },
  )

  it('goes on after a restart', async () => {
    await start(150)
    const first = await connection.listPage({ resource: 'Customers' })
    const other = openConnection(sandbox.url, { capabilities: told }).connection
    const second = await other.listPage({ resource: 'Customers', ...(first.next ? { cursor: first.next } : {}) })
    expect([...first.records, ...second.records].map(({ id }) => id)).toEqual(ids(1, 150))
  })

  it('reads the resources that have no pages, or no ids', async () => {
    await start(3)
    const stocks = [{ stock_code: 'KHO1', stock_name: 'Kho 1' }]
    await sandbox.act({ action: 'create', entity: 'Stocks', record: stocks[0] })
    expect((await listAll(connection, 'Stocks')).records).toMatchObject([{ id: '1', key: 'KHO1' }])
    expect(await connection.readByIds('Stocks', ['1', '2'])).toMatchObject([{ id: '1' }])
    expect(await connection.readByKeys('Stocks', ['kho1'])).toMatchObject([{ id: '1' }])
    const set = await connection.writeRows([
      {
        opId: 'a',
        resource: 'ProductLedger',
        operation: 'update',
        row: { product_code: 'VT000001', stock_code: 'KHO1', quantity: 5 },
      },
      {
        opId: 'b',
        resource: 'CustomerDebts',
        operation: 'create',
        row: { account_number: 'KH000001', branch_code: 'CN1', debt_amount: 1000 },
      },
    ])
    expect(set.map(({ status }) => status)).toEqual(['applied', 'applied'])
    expect((await listAll(connection, 'ProductLedger')).records).toMatchObject([
      { id: '["VT000001","KHO1"]', row: { quantity: 5 } },
    ])
    expect((await listAll(connection, 'CustomerDebts')).records).toMatchObject([{ id: '["KH000001",null,"CN1"]' }])
  })
})

describe.each([
  ['with modifiedFrom and deletedFeed', { modifiedFrom: true, deletedFeed: true }, 2],
  ['with modifiedFrom only', { modifiedFrom: true, deletedFeed: false }, 1],
  ['with deletedFeed only', { modifiedFrom: false, deletedFeed: true }, 2],
  ['with neither', { modifiedFrom: false, deletedFeed: false }, 1],
])('changes %s', (_name, capabilities, idle) => {
  beforeEach(() => start(350, {}, capabilities))

  it(`cost ${idle} request(s) when nothing changed, also right after an import`, async () => {
    const { watermark } = await listAll(connection, 'Customers')
    await sandbox.requests()
    const first = await pollAll(connection, 'Customers', watermark ?? '')
    expect(await sandbox.requests()).toHaveLength(idle)
    expect(first.records.length).toBeLessThanOrEqual(100)
    await pollAll(connection, 'Customers', first.watermark)
    expect(await sandbox.requests()).toHaveLength(idle)
  })

  it('bring what changed, was created and was deleted, and move the watermark', async () => {
    let { watermark } = await listAll(connection, 'Customers')
    await touch('KH000005', '0241')
    await sandbox.act({
      action: 'create',
      entity: 'Customers',
      record: { account_number: 'MOI', account_name: 'Khách mới' },
    })
    await sandbox.act({ action: 'delete', entity: 'Customers', key: 'KH000009' })
    const poll = await pollAll(connection, 'Customers', watermark ?? '')
    expect(poll.ids).toEqual(expect.arrayContaining(['5', '351']))
    expect(poll.deleted).toEqual(capabilities.deletedFeed ? ['9'] : [])
    expect(poll.watermark).not.toBe(watermark)
    watermark = poll.watermark
    await touch('KH000011', '0242')
    expect((await pollAll(connection, 'Customers', watermark)).ids).toContain('11')
  })

  it('bring all of many changes while rows keep moving', async () => {
    const { watermark } = await listAll(connection, 'Customers')
    for (let i = 1; i <= 230; i++) await touch(`KH${String(i).padStart(6, '0')}`, `09${i}`)
    await sandbox.faults({ route: 'GET /api/v2/Customers', kind: 'pageShift', params: { rows: 10 } })
    const poll = await pollAll(connection, 'Customers', watermark ?? '')
    await sandbox.faults()
    // What moved to the front behind our back is newer than the watermark: the next poll has it.
    const next = await pollAll(connection, 'Customers', poll.watermark)
    const seen = new Set([...poll.ids, ...next.ids])
    expect(ids(1, 230).filter((id) => !seen.has(id))).toEqual([])
  })

  it.each(['empty', 'short'])('lose nothing to an answer that is %s', async (kind) => {
    const { watermark } = await listAll(connection, 'Customers')
    await touch('KH000020', '0241')
    await pause()
    await touch('KH000030', '0242')
    await sandbox.faults({ route: 'GET /api/v2/Customers', kind, times: 1 })
    const poll = await pollAll(connection, 'Customers', watermark ?? '')
    expect(poll.ids).toEqual(expect.arrayContaining(['20', '30']))
  })
})

describe('changes of an empty table', () => {
  it('start from the beginning', async () => {
    await start(0)
    const { watermark } = await listAll(connection, 'Customers')
    await sandbox.act({ action: 'create', entity: 'Customers', record: { account_number: 'A', account_name: 'A' } })
    expect((await pollAll(connection, 'Customers', watermark ?? '')).ids).toEqual(['1'])
  })

  it('work on a clock that stands still', async () => {
    await start(0)
    await sandbox.admin('PUT', '/clock', { freezeAt: '2026-01-05T08:00:00.000+07:00' })
    const add = (code: string) =>
      sandbox.act({ action: 'create', entity: 'Customers', record: { account_number: code, account_name: code } })
    await add('A')
    const { watermark } = await listAll(connection, 'Customers')
    await add('B')
    expect((await pollAll(connection, 'Customers', watermark ?? '')).ids).toContain('2')
  })
})

describe('reading by id and by key', () => {
  it('splits by 100 and leaves out what is not there', async () => {
    await start(250)
    const found = await connection.readByIds('Customers', [...ids(1, 230), '999', 'x', '5'])
    expect(found.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(ids(1, 230).map(Number))
    expect(await sandbox.requests()).toEqual(Array<string>(3).fill('GET /api/v2/Customers/id'))
    const keys = ['kh000001', 'KH000001 ', 'KHÔNG CÓ', '']
    expect(await connection.readByKeys('Customers', keys)).toMatchObject([{ id: '1' }])
    expect(await sandbox.requests()).toEqual(['GET /api/v2/Customers/code'])
  })

  it('asks twice before it believes that all are gone', async () => {
    await start(5)
    await sandbox.faults({ route: 'GET /api/v2/Customers/id', kind: 'empty', times: 1 })
    expect(await connection.readByIds('Customers', ['1', '2'])).toHaveLength(2)
    expect(await connection.readByIds('Customers', ['77'])).toEqual([])
  })

  it('keeps the address short when codes are long', async () => {
    await start(2)
    const keys = Array.from({ length: 100 }, (_, i) => `${'ệ'.repeat(45)}${i}`)
    expect(await connection.readByKeys('Customers', [...keys, 'KH000002'])).toMatchObject([{ id: '2' }])
  })

  it('refuses unknown resources', async () => {
    await start(0)
    await expect(connection.readByIds('Nothing', ['1'])).rejects.toMatchObject({ code: 'RESOURCE_UNKNOWN' })
    await expect(connection.readByKeys('ProductLedger', ['1'])).rejects.toMatchObject({ code: 'RESOURCE_UNKNOWN' })
  })
})
