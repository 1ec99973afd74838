import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Prng } from '../model/prng.ts'
import { openDriver, type Driver, type Loose } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())
beforeEach(() => d.reset())

const faults = (...rules: object[]) => d.admin('PUT', 'faults', { seed: 1, rules })
const crm = (kind: string, more: object = {}) => ({ system: 'crm', route: 'GET /api/v2/Customers', kind, ...more })
const fill = (count: number) =>
  d.crm(
    'POST',
    'Customers',
    Array.from({ length: count }, (_, i) => ({ account_number: `K${i + 1}`, account_name: 'x' })),
  )

describe('§5.5 rules', () => {
  it('§5.5 the PRNG is mulberry32', () => {
    const random = new Prng(1)
    expect([1, 2, 3].map(() => Number(random.next().toFixed(8)))).toEqual([0.62707394, 0.00273572, 0.52744704])
  })

  it('§5.5 tries rules in order and counts seen and fired', async () => {
    await faults(
      crm('status', { after: 1, times: 1, params: { status: 503 } }),
      crm('status', { params: { status: 418 }, probability: 0.1 }),
    )
    const statuses = []
    for (let i = 0; i < 4; i += 1) statuses.push((await d.crmRaw('GET', 'Customers')).status)
    const second = new Prng(2)
    const draws = [1, 2, 3].map(() => second.next() < 0.1)
    expect(statuses).toEqual([draws[0] ? 418 : 200, 503, draws[1] ? 418 : 200, draws[2] ? 418 : 200])
    const { rules } = await d.admin('GET', 'faults')
    expect(rules.map((rule: Loose) => [rule.seen, rule.fired])).toEqual([
      [4, 1],
      [3, draws.filter(Boolean).length],
    ])
  })

  it('§5.5 a kind that does not fit counts as fired and does nothing', async () => {
    await faults({ system: 'crm', route: '*', kind: 'short' })
    expect((await fill(1)).success).toBe(true)
    expect((await d.admin('GET', 'faults')).rules[0].fired).toBe(1)
  })

  it('§5.3 refuses rules that cannot be', async () => {
    expect((await faults(crm('nonsense'))).code).toBe('bad_request')
    expect((await faults({ route: '*', kind: 'status' })).code).toBe('bad_request')
  })
})

describe('§5.5 kinds', () => {
  it('§5.5 before: status, html, errorBody, code401, expireToken, resetBefore', async () => {
    await faults(crm('status', { times: 1, params: { status: 429, retryAfter: 7 } }))
    const limited = await d.crmRaw('GET', 'Customers')
    expect([limited.status, limited.headers.get('retry-after'), limited.json.code]).toEqual([429, '7', 429])
    await faults(crm('html'))
    const html = await d.crmRaw('GET', 'Customers')
    expect([html.status, html.headers.get('content-type'), html.text]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<html><body>Hệ thống đang bảo trì</body></html>',
    ])
    await faults(crm('errorBody'))
    expect(await d.crm('GET', 'Customers')).toMatchObject({ success: false, code: 500 })
    await faults(crm('code401'))
    expect((await d.crmRaw('GET', 'Customers')).json.code).toBe(401)
    await faults(crm('resetBefore', { times: 1 }))
    await expect(d.crmRaw('GET', 'Customers')).rejects.toThrow()
    expect((await d.crmRaw('GET', 'Customers')).status).toBe(200)
    await faults(crm('expireToken', { times: 1 }))
    expect((await d.crmRaw('GET', 'Customers')).status).toBe(401)
    expect((await d.crmRaw('GET', 'Customers')).status).toBe(401)
  })

  it('§5.5 before: the words of ACT and System', async () => {
    await faults(
      { system: 'accounting', route: '*', kind: 'errorBody' },
      { system: 'system', route: '*', kind: 'errorBody', times: 1 },
      { system: 'system', route: '*', kind: 'code401' },
    )
    expect((await d.acc('get_company_info')).ErrorCode).toBe('Exception')
    expect((await d.sys('employees')).json).toMatchObject({
      status: 500,
      title: expect.any(String),
      type: 'about:blank',
    })
    expect((await d.sys('employees')).status).toBe(401)
    await faults({ system: 'accounting', route: '*', kind: 'code401' })
    expect((await d.acc('get_company_info')).ErrorCode).toBe('ExpiredToken')
  })

  it('§5.5 inside: empty, short, reorderResults', async () => {
    await fill(5)
    await faults(crm('empty'))
    expect(await d.crm('GET', 'Customers')).toEqual({ success: true, code: 200, data: [] })
    await faults(crm('short', { params: { rows: 2 } }))
    const short = await d.crm('GET', 'Customers')
    expect([short.data.length, short.total_records]).toEqual([2, undefined])
    await faults({ system: 'crm', route: 'PUT', kind: 'reorderResults' })
    const put = await d.crm('PUT', 'Customers', [{ id: 1 }, { id: 99 }])
    expect(put.results.map((each: Loose) => each.index)).toEqual([1, 0])
    await faults({ system: 'accounting', route: '*', kind: 'empty' })
    expect((await d.acc('get_dictionary', { data_type: 4 })).data).toEqual([])
  })

  it('§5.5 staleRead answers as of so long ago', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.login()
    await fill(3)
    await d.admin('PUT', 'clock', { advanceMs: 10_000 })
    await d.crm('PUT', 'Customers', [{ id: 2, account_name: 'mới', account_number: 'N2' }])
    await d.crm('DELETE', 'Customers', [1])
    await d.crm('POST', 'Customers', [{ account_number: 'K4', account_name: 'x' }])
    const names = async () =>
      (await d.crm('GET', 'Customers?orderBy=id&isDescending=false')).data.map((row: Loose) => [
        row.id,
        row.account_number,
      ])
    expect(await names()).toEqual([
      [2, 'N2'],
      [3, 'K3'],
      [4, 'K4'],
    ])
    await faults(crm('staleRead'))
    expect(await names()).toEqual([
      [1, 'K1'],
      [2, 'K2'],
      [3, 'K3'],
    ])
    expect((await d.crm('GET', 'Customers/code?code=K2&code=N2')).data.map((row: Loose) => row.id)).toEqual([2])
    await d.admin('PUT', 'clock', { advanceMs: 590_000 })
    await faults(crm('staleRead', { params: { ms: 595_000 } }))
    expect(await names()).toEqual([
      [1, 'K1'],
      [2, 'K2'],
      [3, 'K3'],
    ])
    await faults(crm('staleRead', { params: { ms: 600_001 } }))
    expect(await names()).toEqual([])
  })

  it('§5.5 partialBatch draws once per row from the rule’s own stream', async () => {
    await faults({ system: 'crm', route: 'POST /api/v2/Customers', kind: 'partialBatch' })
    const answer = await fill(6)
    const random = new Prng(1)
    random.next()
    const failing = Array.from({ length: 6 }, () => random.next() < 0.5)
    expect(answer.results.map((each: Loose) => !each.success)).toEqual(failing)
    expect(answer.results.find((each: Loose) => !each.success).validate_infos[0].error_code).toBe('exception')
    expect((await d.admin('GET', 'counts')).counts.crm.Customers.live).toBe(failing.filter((each) => !each).length)
  })

  it('§5.5 partialBatch of ACT draws at acceptance and fails in the outcome', async () => {
    await faults({ system: 'accounting', route: 'POST', kind: 'partialBatch', params: { fraction: 1 }, times: 1 })
    expect((await d.acc('save_dictionary', { dictionary: [{ dictionary_type: 6, unit_name: 'Cái' }] })).Success).toBe(
      true,
    )
    await d.flush()
    const [row] = (await d.acc('get_call_back_detail_error')).data
    expect(JSON.parse(row.data)[0]).toMatchObject({ success: false, error_code: 'Exception', code: 'Cái' })
    expect(await d.state('accounting', 'Units')).toEqual([])
  })

  it('§5.5 after: slow, truncate, resetAfter, pageShift', async () => {
    await faults({ system: 'crm', route: 'POST', kind: 'resetAfter', times: 1 })
    await expect(fill(2)).rejects.toThrow()
    expect(await d.state('crm', 'Customers')).toHaveLength(2)
    await faults(crm('truncate', { times: 1 }))
    const whole = await d.crmRaw('GET', 'Customers?pageSize=2')
    const full = await d.crmRaw('GET', 'Customers?pageSize=2')
    expect(Buffer.byteLength(whole.text)).toBe(Math.floor(Buffer.byteLength(full.text) / 2))
    await faults(crm('slow', { params: { ms: 80 } }))
    const start = performance.now()
    await d.crmRaw('GET', 'Customers')
    expect(performance.now() - start).toBeGreaterThan(75)
    const before = await d.state('crm', 'Customers')
    await faults(crm('pageShift'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    await d.crmRaw('GET', 'Customers')
    const random = new Prng(1)
    random.next()
    const chosen = Math.floor(random.next() * 2)
    const after = await d.state('crm', 'Customers')
    expect(after.map((row, i) => row.modified_date > before[i].modified_date)).toEqual([chosen === 0, chosen === 1])
    expect({ ...after[chosen], modified_date: 0 }).toEqual({ ...before[chosen], modified_date: 0 })
  })
})

describe('§5.3 limits', () => {
  it('§5.3 fixed windows on a frozen clock, with and without Retry-After', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T10:00:30.250+07:00' })
    await d.login()
    await d.admin('PUT', 'limits', { system: 'crm', perSecond: 2, perMinute: 3 })
    const hit = async () => {
      const { status, headers } = await d.crmRaw('GET', 'Customers')
      return [status, headers.get('retry-after')]
    }
    expect([await hit(), await hit(), await hit()]).toEqual([
      [200, null],
      [200, null],
      [429, '1'],
    ])
    await d.admin('PUT', 'clock', { advanceMs: 750 })
    expect([await hit(), await hit()]).toEqual([
      [200, null],
      [429, '29'],
    ])
    await d.admin('PUT', 'limits', { system: 'crm', perDay: 0, retryAfter: false })
    expect(await hit()).toEqual([429, null])
    await d.admin('PUT', 'limits', { system: 'crm' })
    expect(await hit()).toEqual([200, null])
  })

  it('§5.3 latency is real time', async () => {
    await d.admin('PUT', 'limits', { system: 'crm', latencyMs: 60 })
    const start = performance.now()
    await d.crmRaw('GET', 'Customers')
    expect(performance.now() - start).toBeGreaterThan(55)
  })
})
