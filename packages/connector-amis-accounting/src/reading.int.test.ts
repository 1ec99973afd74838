import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readAll, startBench } from './testing/sandbox.ts'
import type { Bench } from './testing/sandbox.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())
beforeEach(async () => {
  await bench.admin('POST', '/reset', {})
  bench.context.pauses.length = 0
  bench.context.longestPauseMs = 5
})

const seed = async (n: number): Promise<void> => {
  await bench.admin('POST', '/seed', { profile: 'size', n, where: ['crm', 'accounting'], mirror: true })
  // A reset ended the token: get another before faults are counted.
  await readAll(bench.connection, 'Units')
  await bench.admin('DELETE', '/requests')
}
const codes = (records: readonly { key?: string }[]): Set<string> =>
  new Set(records.flatMap((record) => record.key ?? []))
const customers = (n: number): string[] => Array.from({ length: n }, (_, i) => `KH${String(i + 1).padStart(6, '0')}`)

/** A second refusal of a token in a row means that a person must act. */
const refusals = new Set(['expireToken', 'code401'])

describe('listing', () => {
  it('reads 1,000 rows with 12 requests, each once', async () => {
    await seed(1_000)
    const { records, watermark } = await readAll(bench.connection, 'AccountObjects')
    expect(records).toHaveLength(1_000)
    expect(codes(records)).toEqual(new Set(customers(1_000)))
    expect(watermark).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(await bench.routes()).toMatchObject({ get_dictionary: 12 })
  })

  it('reads every table under its own name', async () => {
    await seed(200)
    for (const [resource, count] of [
      ['InventoryItems', 100],
      ['Units', 1],
      ['OrganizationUnits', 1],
      ['AccountObjectGroups', 2],
      ['InventoryItemCategories', 2],
      ['Stocks', 0],
      ['PricePolicies', 0],
      ['Vouchers', 0],
      ['Debts', 0],
      ['InventoryBalances', 0],
    ] as const) {
      const { records } = await readAll(bench.connection, resource)
      expect([resource, records.length]).toEqual([resource, count])
      for (const record of records)
        expect(record).toMatchObject({ resource, id: expect.any(String), key: expect.any(String) })
    }
  })

  it('misses no row while the list shifts at every answer', async () => {
    await seed(1_000)
    await bench.faults({ route: 'POST /apir/sync/actopen/get_dictionary', kind: 'pageShift', params: { rows: 2 } })
    const { records } = await readAll(bench.connection, 'AccountObjects')
    const seen = codes(records)
    expect(customers(1_000).filter((code) => !seen.has(code))).toEqual([])
    expect((await bench.routes())['get_dictionary']).toBeLessThan(60)
  })

  it.each(['empty', 'short', 'truncate', 'html', 'resetBefore', 'resetAfter', 'errorBody', 'expireToken', 'code401'])(
    'is complete in spite of "%s" now and then',
    async (kind) => {
      await seed(500)
      await bench.faults({
        route: 'POST /apir/sync/actopen/get_dictionary',
        kind,
        after: 1,
        times: refusals.has(kind) ? 1 : 2,
      })
      const { records } = await readAll(bench.connection, 'AccountObjects')
      expect(codes(records)).toEqual(new Set(customers(500)))
    },
  )

  it('obeys 429 and Retry-After', async () => {
    await seed(300)
    bench.context.longestPauseMs = 2_000
    await bench.admin('PUT', '/limits', { system: 'accounting', perSecond: 2 })
    const { records } = await readAll(bench.connection, 'AccountObjects')
    expect(codes(records)).toEqual(new Set(customers(300)))
    expect(bench.context.pauses.length).toBeGreaterThan(0)
  })
})

describe('changes', () => {
  it('asks 2 requests where nothing is new, and leaves the watermark', async () => {
    await seed(10)
    const { watermark } = await readAll(bench.connection, 'AccountObjects')
    await bench.routes()
    const page = await bench.connection.changesPage({ resource: 'AccountObjects', since: watermark })
    expect(page).toEqual({ records: [], deleted: [], watermark })
    expect(await bench.routes()).toEqual({ get_dictionary: 1, get_dictionary_delete: 1 })
  })

  it('tells edits and deletions since the watermark', async () => {
    await seed(10)
    const { watermark } = await readAll(bench.connection, 'AccountObjects')
    await bench.act({ action: 'update', entity: 'AccountObjects', key: 'KH000003', changes: { tel: '0912345678' } })
    const gone = await bench.act({ action: 'delete', entity: 'AccountObjects', key: 'KH000005' })
    const page = await bench.connection.changesPage({ resource: 'AccountObjects', since: watermark })
    expect(page.records).toMatchObject([{ key: 'KH000003', row: { tel: '0912345678' } }])
    const id = (gone['record'] as Record<string, string>)['account_object_id']
    expect(page.deleted).toMatchObject([{ resource: 'AccountObjects', id, key: 'KH000005' }])
    expect(await bench.connection.deletions('AccountObjects')).toEqual(page.deleted)
  })

  it('does not let an empty answer move the watermark', async () => {
    await seed(10)
    const { watermark } = await readAll(bench.connection, 'AccountObjects')
    await bench.act({ action: 'update', entity: 'AccountObjects', key: 'KH000003', changes: { tel: '1' } })
    await bench.act({ action: 'delete', entity: 'AccountObjects', key: 'KH000005' })
    await bench.admin('PUT', '/clock', { advanceMs: 60_000 })
    await bench.faults({ route: '*', kind: 'empty', times: 2 })
    const first = await bench.connection.changesPage({ resource: 'AccountObjects', since: watermark })
    expect(first.watermark).toBe(watermark)
    await bench.faults({ route: 'POST /apir/sync/actopen/get_dictionary', kind: 'empty', times: 1 })
    const second = await bench.connection.changesPage({ resource: 'AccountObjects', since: first.watermark! })
    expect([second.records.length, second.deleted.length]).toEqual([1, 1])
    await bench.admin('PUT', '/clock', {})
  })

  it('loses no deletion to an empty answer in the very poll in which changed rows move the watermark', async () => {
    await seed(10)
    const { watermark } = await readAll(bench.connection, 'AccountObjects')
    await bench.act({ action: 'delete', entity: 'AccountObjects', key: 'KH000005' })
    await bench.act({ action: 'update', entity: 'AccountObjects', key: 'KH000003', changes: { tel: '1' } })
    await bench.admin('PUT', '/clock', { advanceMs: 60_000 })
    await bench.faults({ route: 'POST /apir/sync/actopen/get_dictionary_delete', kind: 'empty', times: 1 })
    const first = await bench.connection.changesPage({ resource: 'AccountObjects', since: watermark })
    expect([first.records.length, first.deleted.length]).toEqual([1, 0])
    const second = await bench.connection.changesPage({ resource: 'AccountObjects', since: first.watermark! })
    expect(second.deleted).toMatchObject([{ key: 'KH000005' }])
    const third = await bench.connection.changesPage({ resource: 'AccountObjects', since: second.watermark! })
    expect(
      (await bench.connection.changesPage({ resource: 'AccountObjects', since: third.watermark! })).deleted,
    ).toEqual([])
    await bench.admin('PUT', '/clock', {})
  })

  it('loses no change and no deletion to a short answer', async () => {
    await seed(10)
    const { watermark } = await readAll(bench.connection, 'AccountObjects')
    for (const n of [1, 2, 3]) {
      await bench.act({ action: 'update', entity: 'AccountObjects', key: `KH00000${n}`, changes: { tel: '1' } })
      await bench.act({ action: 'delete', entity: 'AccountObjects', key: `KH00000${n + 3}` })
    }
    const short = (route: string) => ({ route: `POST /apir/sync/actopen/${route}`, kind: 'short', times: 1 })
    await bench.faults(short('get_dictionary_delete'), short('get_dictionary'))
    const page = await bench.connection.changesPage({ resource: 'AccountObjects', since: watermark })
    expect([page.records.length, page.deleted.length]).toEqual([3, 3])
  })

  it('throws a refusal, and moves nothing', async () => {
    await seed(1)
    await bench.act({ action: 'setConnection', state: 'no_database' })
    const ask = bench.connection.changesPage({ resource: 'AccountObjects', since: '2026-01-01 00:00:00' })
    await expect(ask).rejects.toMatchObject({ code: 'ACCOUNTING_NO_DATABASE', kind: 'needsPerson' })
    await bench.act({ action: 'setConnection', state: 'disconnected' })
    await expect(readAll(bench.connection, 'Units')).rejects.toMatchObject({ code: 'ACCOUNTING_DISCONNECTED' })
    await bench.act({ action: 'setConnection', state: 'connected' })
  })

  it('reads figures with their time, and debts with the sign turned where told', async () => {
    await seed(10)
    const stock = { stock_code: 'KHO1', stock_name: 'Kho 1' }
    const debt = { organization_unit_code: 'CTY', amount: 1_500_000.5, invoice_amount: 1_000_000 }
    await bench.act({ action: 'create', entity: 'Stocks', record: stock })
    await bench.act({ action: 'setBalance', inventory_item_code: 'VT000001', stock_code: 'KHO1', quantity: 12.5 })
    await bench.act({ action: 'setDebt', account_object_code: 'KH000001', ...debt })
    const { records, watermark } = await readAll(bench.connection, 'Debts')
    expect(records).toMatchObject([{ key: 'KH000001', row: { debt_amount: 1_500_000.5, as_of: watermark } }])
    const turned = await readAll(bench.open({ debtSign: 'negative' }), 'Debts')
    expect(turned.records).toMatchObject([{ row: { debt_amount: -1_500_000.5, invoice_debt_amount: -1_000_000 } }])
    const balances = await readAll(bench.connection, 'InventoryBalances')
    expect(balances.records).toMatchObject([{ key: 'VT000001', row: { quantity_balance: 12.5 } }])
    expect(balances.records[0]!.row['as_of']).toBe(balances.watermark)
    expect(bench.connection.changeFeeds.has('InventoryBalances')).toBe(false)
  })
})
