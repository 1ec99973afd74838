import type { LateOutcome, RowWrite } from '@amis-sync/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startBench } from './testing/sandbox.ts'
import type { Bench } from './testing/sandbox.ts'
import type { Json } from './testing/scripted-act.ts'

let bench: Bench
beforeEach(async () => {
  bench = await startBench()
})
afterEach(() => bench.close())

const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const customer = (n: number, more: Json = {}): RowWrite => ({
  opId: guid(n),
  resource: 'AccountObjects',
  operation: 'create',
  id: guid(1_000 + n),
  row: { account_object_code: `KH${n}`, account_object_name: `Khách ${n}`, is_customer: true, ...more },
})
const product = (n: number): RowWrite => ({
  opId: guid(10_000 + n),
  resource: 'InventoryItems',
  operation: 'create',
  id: guid(11_000 + n),
  row: { inventory_item_code: `VT${n}`, inventory_item_name: `Hàng ${n}`, unit_name: 'Hộp' },
  companions: [{ resource: 'Units', row: { unit_name: 'Hộp' } }],
})
const order = (n: number, more: Json = {}): RowWrite => ({
  opId: guid(20_000 + n),
  resource: 'Vouchers',
  operation: 'create',
  id: guid(21_000 + n),
  row: {
    voucher_type: 20,
    reftype: 3520,
    org_refno: `DH${n}`,
    refdate: '2026-11-20',
    account_object_code: 'KH1',
    currency_id: 'VND',
    exchange_rate: 1,
    total_sale_amount: 1000,
    total_discount_amount: 0,
    total_vat_amount: 0,
    total_amount: 1000,
    detail: [
      {
        ref_detail_id: guid(22_000 + n),
        inventory_item_code: 'VT1',
        unit_name: 'Hộp',
        quantity: 2,
        unit_price: 500,
        amount: 1000,
      },
    ],
    ...more,
  },
})
const removal = (n: number, type = 20): RowWrite => ({ ...order(n), operation: 'delete', row: { voucher_type: type } })

const outcomes = async (): Promise<LateOutcome[]> => {
  await bench.flush()
  const all = bench.received.flatMap((one) => one.outcomes)
  bench.received.length = 0
  return all
}
const send = async (...writes: RowWrite[]): Promise<LateOutcome[]> => {
  const first = await bench.connection.writeRows(writes)
  expect(first.map((one) => one.status)).toEqual(writes.map(() => 'accepted'))
  return outcomes()
}

it('writes units, a product, a customer and an order in one batch of two calls', async () => {
  const writes = [order(1), product(1), product(2), customer(1)]
  const accepted = await bench.connection.writeRows(writes)
  expect(new Set(accepted.map((one) => one.session)).size).toBe(2)
  const late = await outcomes()
  expect(late.map((one) => [one.resource, one.key ?? one.id, one.status])).toEqual([
    ['Units', 'Hộp', 'applied'],
    ['InventoryItems', 'VT1', 'applied'],
    ['InventoryItems', 'VT2', 'applied'],
    ['AccountObjects', 'KH1', 'applied'],
    ['Vouchers', guid(21_001), 'applied'],
  ])
  expect(late[1]).toMatchObject({ opId: guid(10_001), id: guid(11_001), session: accepted[1]!.session })
  const [record] = await bench.connection.readByIds('Vouchers', [guid(21_001).toUpperCase(), guid(9)])
  expect(record).toMatchObject({ id: guid(21_001), key: 'DH1', row: { exists: true, total_amount: 1000 } })
  const { watermark, records } = await bench.connection.changesPage({
    resource: 'Vouchers',
    since: '2020-01-01 00:00:00',
  })
  expect(records).toHaveLength(1)
  expect(watermark).toBeDefined()
  expect(await bench.routes()).toMatchObject({ save_dictionary: 1, save: 1 })
})

it('tells "waits in the queue" from "not there"', async () => {
  await bench.admin('PUT', '/delivery', { applyDelayMs: 600_000 })
  await bench.connection.writeRows([order(1)])
  const records = await bench.connection.readByIds('Vouchers', [guid(21_001), guid(21_002)])
  expect(records).toMatchObject([{ id: guid(21_001), row: { exists: false, queued: true } }])
  expect(records).toHaveLength(1)
})

it('reports what ACT refuses, with the field', async () => {
  await bench.act({
    action: 'create',
    entity: 'AccountObjects',
    record: { account_object_code: 'NV1', account_object_name: 'Nhân viên', is_employee: true },
  })
  const late = await send(customer(1), customer(2, { account_object_code: 'NV1' }), order(1))
  expect(late.map((one) => [one.status, one.failure?.code])).toEqual([
    ['applied', undefined],
    ['duplicate', 'DUPLICATE_CODE'],
    ['rejected', 'INVALID_PARAM'],
  ])
  expect(late[2]!.failure!.field).toMatch(/^detail\[0\]\./)
})

it('knows a locked document, a deletion that is refused, one that is granted, and one of nothing', async () => {
  await send(product(1), customer(1), order(1), order(2))
  await bench.act({ action: 'deliver', key: guid(21_001), via: 'sales' })
  const edit = order(1, { journal_memo: 'sửa' })
  expect(await send({ ...edit, operation: 'update' })).toMatchObject([
    { status: 'rejected', failure: { code: 'DOCUMENT_LOCKED', kind: 'needsPerson' } },
  ])
  expect(await send(removal(1), removal(2), removal(3))).toMatchObject([
    { id: guid(21_001), status: 'rejected', failure: { code: 'DOCUMENT_LOCKED' } },
    { id: guid(21_002), status: 'applied' },
    { id: guid(21_003), status: 'missing' },
  ])
  expect(await bench.connection.readByIds('Vouchers', [guid(21_002)])).toEqual([])
})

it('is in doubt when the answer is lost, finds the document, and may send it again', async () => {
  await send(product(1), customer(1))
  for (const kind of ['resetAfter', 'truncate', 'resetBefore', 'html', 'status']) {
    await bench.faults({ route: 'POST /apir/sync/actopen/save', kind, times: 1 })
    const write = order(kind.length)
    expect(await bench.connection.writeRows([write]), kind).toMatchObject([{ status: 'inDoubt' }])
    await bench.flush()
    const found = await bench.connection.readByIds('Vouchers', [write.id!])
    expect(found.length, kind).toBe(kind === 'resetAfter' || kind === 'truncate' ? 1 : 0)
    bench.received.length = 0
    expect(await send(write), kind).toMatchObject([{ status: 'applied' }])
  }
})

it('throws when the call surely did nothing', async () => {
  await bench.faults({ route: 'POST /apir/sync/actopen/save', kind: 'errorBody', times: 1 })
  await expect(bench.connection.writeRows([order(1)])).rejects.toMatchObject({ code: 'ACCOUNTING_EXCEPTION' })
  await bench.faults({ route: 'POST /apir/sync/actopen/save', kind: 'expireToken', times: 1 })
  expect(await bench.connection.writeRows([order(1)])).toMatchObject([{ status: 'accepted' }])
})

it('tells rows apart that fail in a batch', async () => {
  await bench.faults(
    { route: 'POST /apir/sync/actopen/save_dictionary', kind: 'partialBatch' },
    { route: 'CALLBACK', kind: 'double' },
  )
  const late = await send(...Array.from({ length: 20 }, (_, n) => customer(n)))
  const failed = late.filter((one) => one.status === 'rejected')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.every((one) => one.failure!.kind === 'retriable' && one.opId !== undefined)).toBe(true)
  expect(new Set(late.map((one) => one.opId)).size).toBe(20)
})

it('may hear the outcome before the answer', async () => {
  const impatient = bench.open({ timeoutMs: 400 })
  await bench.faults({ route: 'POST /apir/sync/actopen/save_dictionary', kind: 'slow', params: { ms: 1_500 } })
  expect(await impatient.writeRows([customer(1)])).toMatchObject([{ status: 'inDoubt', failure: { code: 'TIMEOUT' } }])
  expect(await outcomes()).toMatchObject([{ opId: guid(1), status: 'applied' }])
  expect(await bench.routes()).toMatchObject({ save_dictionary: 1 })
})

describe('callbacks', () => {
  it('tells each outcome by its session, in whatever order callbacks come', async () => {
    await bench.faults({ route: 'CALLBACK', kind: 'permute', params: { count: 3 } })
    const sessions: (string | undefined)[] = []
    for (const name of ['Một', 'Hai', 'Ba']) {
      const [accepted] = await bench.connection.writeRows([customer(1, { account_object_name: name })])
      sessions.push(accepted!.session)
    }
    const late = await outcomes()
    expect(new Set(late.map((one) => one.session))).toEqual(new Set(sessions))
    expect(late.every((one) => one.opId === guid(1) && one.id === guid(1_001))).toBe(true)
  })

  it('finds dropped callbacks nowhere, and the document by its state', async () => {
    await send(product(1), customer(1))
    await bench.faults({ route: 'CALLBACK', kind: 'drop' })
    await bench.connection.writeRows([order(1)])
    expect(await outcomes()).toEqual([])
    expect(await bench.connection.outcomesSince(Date.now() - 60_000)).toEqual([])
    expect(await bench.connection.readByIds('Vouchers', [guid(21_001)])).toMatchObject([{ row: { exists: true } }])
  })

  it('recovers outcomes from the error list where no callback arrives', async () => {
    await bench.admin('PUT', '/delivery', { accountingCallback: null })
    const since = Date.now()
    await bench.admin('PUT', '/clock', { skewMs: { accounting: -3_600_000 } })
    await bench.connection.writeRows([product(1), customer(1), order(1), order(2, { account_object_code: 'KH9' })])
    await bench.flush()
    const late = await bench.connection.outcomesSince(since)
    expect(late.filter((one) => one.resource === 'Vouchers').map((one) => one.status)).toEqual(['applied', 'rejected'])
    expect(late).toHaveLength(5)
    expect((await bench.connection.check()).map((one) => one.code)).toEqual(
      expect.arrayContaining(['ACCOUNTING_CALLBACK_FAILING', 'CLOCK_SKEW']),
    )
  })

  it('refuses a bad signature and takes the repetition', async () => {
    await bench.faults({ route: 'CALLBACK', kind: 'badSignature', times: 1 })
    await send(customer(1))
    expect(bench.refused).toEqual(['DELIVERY_UNTRUSTED'])
  })

  it('takes pushes and hints for hints', async () => {
    await send(product(1), customer(1), order(1))
    await bench.act({ action: 'recordRevenue', key: guid(21_001) })
    await bench.act({ action: 'update', entity: 'AccountObjects', key: 'KH1', changes: { tel: '0901234567' } })
    await bench.act({ action: 'create', entity: 'Units', record: { unit_name: 'Thùng' } })
    await bench.act({ action: 'delete', entity: 'Units', key: 'Thùng' })
    await bench.flush()
    const hints = bench.received.flatMap((one) => one.hints)
    expect(hints).toContainEqual({ resource: 'Vouchers', id: guid(21_001), key: 'DH1' })
    expect(hints).toContainEqual({ resource: 'AccountObjects', id: guid(1_001), key: 'KH1' })
    expect(hints.filter((one) => one.resource === 'Units').map((one) => one.deleted ?? false)).toContain(true)
  })
})

describe('check', () => {
  const codes = async (config?: Json): Promise<string[]> =>
    (await (config ? bench.open(config) : bench.connection).check()).map((one) => one.code)

  it('finds nothing wrong with a good connection', async () => {
    const results = await bench.connection.check()
    expect(results.map((one) => one.code)).toEqual([
      'OK_ACCOUNTING_CONNECTED',
      'OK_CLOCK',
      'OK_ACCOUNTING_DEBT_SIGN',
      'OK_ACCOUNTING_CALLBACK_NOT_SEEN',
    ])
  })

  it.each([
    [{ appId: 'nobody' }, 'ACCOUNTING_APP_REFUSED'],
    [{ accessCode: 'wrong' }, 'ACCOUNTING_ACCESS_CODE_REFUSED'],
    [{ orgCompanyCode: 'wrong' }, 'ACCOUNTING_COMPANY_REFUSED'],
    [{ baseUrl: 'http://127.0.0.1:1' }, 'HOST_UNREACHABLE'],
  ])('names what is wrong with %j', async (config, code) => {
    expect(await codes(config)).toEqual([code])
  })

  it('names the state of the connection, the sign of debts and missing capabilities', async () => {
    await bench.act({ action: 'setConnection', state: 'no_database' })
    expect(await codes()).toEqual(['ACCOUNTING_NO_DATABASE'])
    await bench.act({ action: 'setConnection', state: 'connected' })
    await bench.admin('POST', '/seed', { profile: 'size', n: 10, where: ['crm', 'accounting'], mirror: true })
    const debt = { account_object_code: 'KH000001', organization_unit_code: 'CTY', amount: 5 }
    await bench.act({ action: 'setDebt', ...debt })
    await bench.admin('PUT', '/capabilities', { accounting: { voucherState: false, groups: false } })
    expect(await codes({ debtSign: 'negative', capabilities: { quotes: false } })).toEqual(
      expect.arrayContaining([
        'ACCOUNTING_DEBT_SIGN',
        'OK_ACCOUNTING_WITHOUT_VOUCHER_STATE',
        'OK_ACCOUNTING_WITHOUT_GROUPS',
        'OK_ACCOUNTING_WITHOUT_QUOTES',
      ]),
    )
  })
})
