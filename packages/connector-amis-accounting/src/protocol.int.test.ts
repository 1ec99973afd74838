import type { RowWrite } from '@amis-sync/core'
import { afterEach, describe, expect, it } from 'vitest'
import { configSchema } from './config.ts'
import { connector } from './connector.ts'
import type { AccountingConnection } from './connector.ts'
import { testContext } from './testing/context.ts'
import { refusal, startScriptedAct, success } from './testing/scripted-act.ts'
import type { Answer, Call, Json, ScriptedAct } from './testing/scripted-act.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function open(script: (call: Call, nth: number) => Answer | undefined, more: Json = {}) {
  const counts = new Map<string, number>()
  const act: ScriptedAct = await startScriptedAct((call) => {
    const nth = (counts.get(call.name) ?? 0) + 1
    counts.set(call.name, nth)
    return script(call, nth)
  })
  const context = testContext()
  const config = configSchema.parse({ baseUrl: act.url, appId: 'app', accessCode: 'x', orgCompanyCode: 'co', ...more })
  const connection = connector.open(config, context) as AccountingConnection
  opened.push(connection, act)
  return { act, connection, context }
}

const list = (connection: AccountingConnection) => connection.listPage({ resource: 'Units' })
const unit = { unit_id: 'u1', unit_name: 'Cái', modified_date: '2026-11-24 08:25:01' }
const write = (n: number, more: Partial<RowWrite> = {}): RowWrite => ({
  opId: `op-${n}`,
  resource: 'AccountObjects',
  operation: 'create',
  row: { account_object_code: `KH${n}` },
  ...more,
})
const order = (n: number, type = 20): RowWrite =>
  write(n, { resource: 'Vouchers', id: `id-${n}`, row: { voucher_type: type } })
const rowsOf = (call: Call): number => [call.body['dictionary'], call.body['voucher']].flat().filter(Boolean).length

describe('session', () => {
  it('carries identity and token in every call, and fetches one token for many callers', async () => {
    const { act, connection } = await open(() => undefined)
    await Promise.all([list(connection), list(connection), list(connection)])
    expect(act.calls.filter((call) => call.name === 'connect')).toHaveLength(1)
    expect(act.calls.at(-1)).toMatchObject({
      method: 'POST',
      token: 'token-1',
      body: {
        app_id: 'app',
        org_company_code: 'co',
        data_type: 4,
        branch_id: null,
        skip: 0,
        take: 100,
        last_sync_time: null,
      },
    })
    expect(act.calls[0]!.body).toEqual({ app_id: 'app', access_code: 'x', org_company_code: 'co' })
  })

  it('renews the token after 10 hours', async () => {
    const { act, connection, context } = await open(() => undefined)
    await list(connection)
    context.shiftMs = 9.9 * 3_600_000
    await list(connection)
    expect(act.calls.at(-1)!.token).toBe('token-1')
    context.shiftMs = 10.1 * 3_600_000
    await list(connection)
    expect(act.calls.at(-1)!.token).toBe('token-2')
  })

  it.each(['ExpiredToken', 'InvalidToken'])('reconnects after %s and repeats once, a write too', async (code) => {
    const { act, connection } = await open(({ name }, nth) =>
      name === 'save_dictionary' && nth === 1 ? refusal(code) : undefined,
    )
    expect(await connection.writeRows([write(1)])).toMatchObject([{ status: 'accepted' }])
    expect(act.calls.map((call) => call.name)).toEqual(['connect', 'save_dictionary', 'connect', 'save_dictionary'])
  })

  it('stops when even the new token is refused', async () => {
    const { act, connection } = await open(({ name }) =>
      name === 'get_dictionary' ? refusal('ExpiredToken') : undefined,
    )
    await expect(list(connection)).rejects.toMatchObject({ code: 'ACCOUNTING_TOKEN_REFUSED', kind: 'needsPerson' })
    expect(act.names()).toHaveLength(2)
  })

  it('asks again after Exception with the back-off of §2.1, with a bound', async () => {
    const { act, connection, context } = await open(({ name }) =>
      name === 'get_dictionary' ? refusal('Exception') : undefined,
    )
    await expect(list(connection)).rejects.toMatchObject({ code: 'ACCOUNTING_EXCEPTION', kind: 'retriable' })
    expect(act.names()).toHaveLength(3)
    expect(context.pauses).toEqual([5_000, 10_000])
  })

  it.each([
    ['InvalidAppID', 'ACCOUNTING_APP_REFUSED'],
    ['InvalidAccessToken', 'ACCOUNTING_ACCESS_CODE_REFUSED'],
    ['InvalidParam', 'ACCOUNTING_COMPANY_REFUSED'],
    ['AppIDDisconnect', 'ACCOUNTING_DISCONNECTED'],
  ])('tells a person about %s at connect', async (errorCode, code) => {
    const { connection } = await open(({ name }) => (name === 'connect' ? refusal(errorCode) : undefined))
    await expect(list(connection)).rejects.toMatchObject({ code, kind: 'needsPerson' })
  })

  it('reads Data as text, object or text encoded twice', async () => {
    const forms = [JSON.stringify([unit]), [unit], JSON.stringify(JSON.stringify([unit]))]
    const { connection } = await open(({ name }, nth) =>
      name === 'get_dictionary' ? { json: { Success: true, Data: forms[nth % 3] } } : undefined,
    )
    for (let turn = 0; turn < 3; turn++) expect((await list(connection)).records.map((one) => one.id)).toEqual(['u1'])
  })

  it('refuses rows that are of another table altogether', async () => {
    const { connection } = await open(({ name }) =>
      name === 'get_dictionary' ? success([{ bank_id: 'b' }]) : undefined,
    )
    await expect(list(connection)).rejects.toMatchObject({ code: 'ACCOUNTING_ANSWER_UNREADABLE' })
  })
})

describe('documents by id', () => {
  it('asks 500 at a time, and halves after TooMany', async () => {
    const ids = (call: Call) => call.body['list_org_refid'] as string[]
    const { act, connection } = await open((call) => {
      if (call.name !== 'get_voucher_state') return undefined
      if (ids(call).length > 250) return refusal('TooMany')
      return success(ids(call).map((id) => ({ org_refid: id, exists: id !== 'id-7', queued: false, state_version: 2 })))
    })
    const wanted = Array.from({ length: 600 }, (_, n) => `id-${n}`)
    const records = await connection.readByIds('Vouchers', [...wanted, 'ID-1'])
    expect(records.map((record) => record.id)).toEqual(wanted.filter((id) => id !== 'id-7'))
    expect(records[0]!.version).toBe('2')
    expect(act.calls.slice(1).map((call) => ids(call).length)).toEqual([500, 250, 250, 100])
  })
})

describe('writes', () => {
  it('halves after TooMany and after 413, because nothing was done', async () => {
    const tooLarge: Answer = { status: 413, text: 'too large' }
    const { act, connection } = await open((call) => {
      if (call.name === 'save' && rowsOf(call) > 3) return refusal('TooMany')
      return call.name === 'save_dictionary' && rowsOf(call) > 1 ? tooLarge : undefined
    })
    const writes = [...[1, 2, 3, 4, 5, 6, 7].map((n) => order(n)), write(8), write(9)]
    const outcomes = await connection.writeRows(writes)
    expect(outcomes.map((one) => one.status)).toEqual(writes.map(() => 'accepted'))
    expect(act.calls.filter((call) => call.name === 'save').map(rowsOf)).toEqual([7, 4, 2, 2, 3])
    expect(act.calls.filter((call) => call.name === 'save_dictionary').map(rowsOf)).toEqual([2, 1, 1])
  })

  it('rejects the one document that is over a limit by itself', async () => {
    const { connection } = await open((call) => (call.name === 'save' ? refusal('TooMany') : undefined))
    expect(await connection.writeRows([order(1)])).toMatchObject([
      { opId: 'op-1', status: 'rejected', failure: { code: 'TOO_MANY_ROWS', kind: 'recordRejected' } },
    ])
  })

  it('finds the rows that spoil a whole call: by type, then by halves', async () => {
    const bad = (call: Call) =>
      ((call.body['voucher'] ?? []) as Json[]).some((row) => row['voucher_type'] === 121 || row['org_refid'] === 'id-3')
    const { act, connection } = await open((call) =>
      call.name === 'save' && bad(call) ? refusal('InvalidParam') : undefined,
    )
    const outcomes = await connection.writeRows([order(1), order(2), order(3), order(4), order(5, 121)])
    const rejected = outcomes.filter((one) => one.status === 'rejected')
    expect(rejected.map((one) => [one.id, one.failure!.code])).toEqual([
      ['id-3', 'INVALID_PARAM'],
      ['id-5', 'INVALID_PARAM'],
    ])
    expect(outcomes.filter((one) => one.status === 'accepted')).toHaveLength(3)
    expect(act.names().length).toBeLessThanOrEqual(7)
  })

  it('does not send call after call when every row is refused', async () => {
    const { act, connection } = await open(({ name }) =>
      name === 'save_dictionary' ? refusal('InvalidParam') : undefined,
    )
    const outcomes = await connection.writeRows(Array.from({ length: 200 }, (_, n) => write(n)))
    expect(outcomes.filter((one) => one.status === 'rejected')).toHaveLength(200)
    expect(act.names().length).toBeLessThanOrEqual(26)
  })

  it.each<[string, Answer]>([
    ['a cut connection', 'cut'],
    ['HTML', { status: 200, text: '<html>' }],
    ['a cut answer', { status: 200, text: '{"Success":true,"Da' }],
    ['an answer that is no envelope', { json: { ok: true } }],
    ['503', { status: 503, text: 'busy' }],
  ])('is in doubt after %s, sends nothing twice, and goes on with the next call', async (_what, answer) => {
    const { act, connection } = await open(({ name }) => (name === 'save_dictionary' ? answer : undefined))
    const outcomes = await connection.writeRows([write(1), order(2)])
    expect(outcomes.map((one) => one.status)).toEqual(['inDoubt', 'accepted'])
    expect(outcomes[0]!.failure!.kind).toBe('inDoubt')
    expect(act.names()).toEqual(['save_dictionary', 'save'])
  })

  it.each([
    ['Exception', 'ACCOUNTING_EXCEPTION', 'retriable'],
    ['Brandnew', 'ACCOUNTING_UNKNOWN_ERROR', 'retriable'],
    ['DBAmisNotConnectDBACT', 'ACCOUNTING_NO_DATABASE', 'needsPerson'],
  ])('throws %s when nothing was done', async (errorCode, code, kind) => {
    const { act, connection } = await open(({ name }) => (name.startsWith('save') ? refusal(errorCode) : undefined))
    await expect(connection.writeRows([write(1), order(2)])).rejects.toMatchObject({ code, kind })
    expect(act.names()).toEqual(['save_dictionary'])
  })

  it('keeps what went out when a later call fails, and sends no more', async () => {
    const { act, connection } = await open(({ name }) => (name === 'save' ? refusal('AppIDDisconnect') : undefined))
    const outcomes = await connection.writeRows([write(1), order(2), { ...order(3), operation: 'delete' }])
    expect(outcomes.map((one) => [one.status, one.failure?.code, one.failure?.kind])).toEqual([
      ['accepted', undefined, undefined],
      ['rejected', 'ACCOUNTING_DISCONNECTED', 'retriable'],
      ['rejected', 'ACCOUNTING_DISCONNECTED', 'retriable'],
    ])
    expect(act.names()).toEqual(['save_dictionary', 'save'])
  })

  it('repeats a write after 429, which did nothing', async () => {
    const limited: Answer = { status: 429, text: '', headers: { 'retry-after': '2' } }
    const { act, connection, context } = await open(({ name }, nth) =>
      name === 'save' && nth === 1 ? limited : undefined,
    )
    expect(await connection.writeRows([order(1)])).toMatchObject([{ status: 'accepted' }])
    expect(act.names()).toEqual(['save', 'save'])
    expect(context.pauses.some((ms) => ms >= 1_500)).toBe(true)
  })

  it('deletes over HTTP DELETE, and looks up a type that it is not told', async () => {
    const state = { org_refid: 'id-1', exists: true, queued: false, voucher_type: 121, state_version: 1 }
    const gone = { org_refid: 'id-2', exists: false, queued: false, voucher_type: null, state_version: 0 }
    const states = success([state, gone])
    const { act, connection } = await open(({ name }) => (name === 'get_voucher_state' ? states : undefined))
    const remove = (n: number) => write(n, { resource: 'Vouchers', operation: 'delete', id: `id-${n}`, row: {} })
    const outcomes = await connection.writeRows([remove(1), remove(2)])
    expect(outcomes.map((one) => [one.id, one.status])).toEqual([
      ['id-2', 'missing'],
      ['id-1', 'accepted'],
    ])
    expect(act.calls.at(-1)).toMatchObject({
      method: 'DELETE',
      name: 'delete',
      body: { voucher: [{ voucher_type: 121, org_refid: 'id-1' }] },
    })
  })

  it('takes fewer states than it asked for as no answer, not as documents that are gone', async () => {
    const { connection } = await open(({ name }) => (name === 'get_voucher_state' ? success([]) : undefined))
    await expect(connection.readByIds('Vouchers', ['id-1'])).rejects.toMatchObject({
      code: 'ACCOUNTING_ANSWER_UNREADABLE',
      kind: 'retriable',
    })
  })
})

describe('capabilities', () => {
  it('probes without side effect, once a day, config first', async () => {
    const off = (call: Call) => (call.body['data_type'] === 102 ? refusal('InvalidParam') : undefined)
    const script = (call: Call) => (call.name === 'get_voucher_state' ? refusal('Exception', 404) : off(call))
    const { act, connection, context } = await open(script, { capabilities: { groups: false } })
    const flags = new Map((await connection.capabilities()).map((one) => [one.flag, `${one.on} ${one.source}`]))
    expect(Object.fromEntries(flags)).toMatchObject({
      voucherState: 'false probe',
      groups: 'false config',
      categories: 'false probe',
      pricePolicies: 'true probe',
      contracts: 'true default',
    })
    expect([...connection.changeFeeds].toSorted()).toEqual([
      'AccountObjects',
      'Debts',
      'InventoryItems',
      'OrganizationUnits',
      'PricePolicies',
      'Stocks',
      'Units',
    ])
    expect(connection.readable.size).toBe(0)
    await expect(connection.readByIds('Vouchers', ['x'])).rejects.toMatchObject({ code: 'ACCOUNTING_CAPABILITY_OFF' })
    expect(act.names()).toHaveLength(3)
    await connection.capabilities()
    expect(act.names()).toHaveLength(3)
    context.shiftMs = 86_400_000
    await connection.capabilities()
    expect(act.names()).toHaveLength(6)
  })

  it('does not call a capability missing because of a fault', async () => {
    const { connection } = await open(({ name }) => (name === 'get_voucher_state' ? refusal('Exception') : undefined))
    await expect(connection.capabilities()).rejects.toMatchObject({ kind: 'retriable' })
    expect(connection.readable.has('Vouchers')).toBe(true)
  })
})
