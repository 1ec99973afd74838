import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callbackSignature, webhookSignature } from '../delivery/signature.ts'
import { guid, openDriver, openReceiver, type Driver, type Loose, type Receiver } from './driver.ts'

const SECRET = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='
let d: Driver
let r: Receiver
beforeAll(async () => {
  d = await openDriver()
  r = await openReceiver()
})
afterAll(async () => {
  await d.close()
  await r.close()
})
beforeEach(async () => {
  await d.reset()
  r.arrived.length = 0
  r.answer = { status: 200, body: '{"Success":true}' }
  await d.admin('PUT', 'delivery', {
    crmWebhook: { url: `${r.url}/crm`, secret: SECRET },
    systemWebhook: { url: `${r.url}/system`, secret: SECRET },
    accountingCallback: { url: `${r.url}/callbacks` },
  })
})

const customer = (n: number) => d.crm('POST', 'Customers', [{ account_number: `K${n}`, account_name: 'x' }])
const settle = () => new Promise((resolve) => setTimeout(resolve, 60))
const rows = async (): Promise<Loose[]> => (await d.admin('GET', 'deliveries')).rows

describe('§1.7 and §2.5 signatures', () => {
  it('§1.7 test vector', () => {
    const body =
      '{"type":"record.changed","timestamp":"2026-11-24T08:25:01.123+07:00","data":{"entity":"Customers","id":17,"code":"KH000017","modified_date":"2026-11-24T08:25:01.123+07:00","change":"updated"}}'
    expect(webhookSignature(SECRET, 'msg_0001', 1795483501, body)).toBe(
      'v1,SlzvnV5lf+DcpRHZNocAVpeT8KGGLGEeUrV9EaBMmbc=',
    )
  })

  it('§2.5 test vector', () => {
    const data =
      '[{"org_refid":"7f1b3c52-0c1e-5d6a-9b5e-2a4f6c8d0e11","success":false,"error_message":"Mã đã tồn tại"}]'.normalize(
        'NFC',
      )
    expect(callbackSignature('demo-app', data)).toBe('08436769cd7411592756873797a266ed323c5c7051c076dc7ceb6b5f2c443fb3')
  })
})

describe('§1.7 webhooks', () => {
  it('§1.7 one signed POST per changed row, in real time, also for API writes', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2020-01-01T00:00:00.000+07:00' })
    await d.login()
    await customer(1)
    await d.crm('PUT', 'Customers', [
      { id: 1, account_name: 'y' },
      { id: 1, account_name: 'y' },
    ])
    await d.crm('DELETE', 'Customers', [1])
    await r.until(3)
    await settle()
    expect(r.arrived.map((each) => [each.path, each.json.data.change])).toEqual([
      ['/crm', 'created'],
      ['/crm', 'updated'],
      ['/crm', 'deleted'],
    ])
    const [first] = r.arrived
    expect(first?.json).toEqual({
      type: 'record.changed',
      timestamp: '2020-01-01T00:00:00.000+07:00',
      data: {
        entity: 'Customers',
        id: 1,
        code: 'K1',
        modified_date: '2020-01-01T00:00:00.000+07:00',
        change: 'created',
      },
    })
    const stamp = Number(first?.headers['webhook-timestamp'])
    expect(Math.abs(stamp - Date.now() / 1000)).toBeLessThan(5)
    const signed = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64')).update(
      `${String(first?.headers['webhook-id'])}.${stamp}.${first?.text}`,
    )
    expect(first?.headers['webhook-signature']).toBe(`v1,${signed.digest('base64')}`)
  })

  it('§1.7 repeats after 1, 5 and 30 s of the tenant clock, then gives up', async () => {
    r.answer = { status: 500, body: '' }
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.login()
    await customer(1)
    await r.until(1)
    await settle()
    const attempts: number[] = []
    for (const ms of [999, 1, 4999, 1, 29_999, 1, 60_000]) {
      await d.admin('PUT', 'clock', { advanceMs: ms })
      attempts.push(r.arrived.length)
    }
    expect(attempts).toEqual([1, 2, 2, 3, 3, 4, 4])
    expect(new Set(r.arrived.map((each) => each.headers['webhook-id'])).size).toBe(1)
    expect((await rows())[0]).toMatchObject({
      kind: 'WEBHOOK',
      system: 'crm',
      attempts: 4,
      status: 'failed',
      lastStatus: 500,
    })
  })

  it('§3 system webhooks carry guids', async () => {
    const { record } = await d.act({
      system: 'system',
      action: 'create',
      entity: 'OrganizationUnits',
      record: { code: 'A', name: 'a', type: 1 },
    })
    await r.until(1)
    expect([r.arrived[0]?.path, r.arrived[0]?.json.data.id, r.arrived[0]?.json.data.entity]).toEqual([
      '/system',
      record.id,
      'OrganizationUnits',
    ])
  })

  it('§6.1 makes none without URL or with webhooks off', async () => {
    await d.admin('PUT', 'capabilities', { crm: { webhooks: false } })
    await customer(1)
    await d.admin('PUT', 'capabilities', {})
    await d.admin('PUT', 'delivery', { crmWebhook: null })
    await customer(2)
    expect(await rows()).toEqual([])
  })
})

describe('§2.5 callbacks', () => {
  const save = () =>
    d.acc('save_dictionary', { dictionary: [{ dictionary_type: 6, unit_name: 'Cái', org_refid: guid(1) }] })

  it('§2.3.1 apply after applyDelayMs: first the outcomes, then the hints, signed', async () => {
    const { data } = await save()
    await r.until(2)
    expect(r.arrived.map((each) => each.json.data_type)).toEqual([3, 23])
    const { json } = r.arrived[0] as Loose
    expect(json).toMatchObject({ success: true, error_code: null, org_company_code: 'demo', app_id: 'demo-app' })
    expect(json.signature).toBe(callbackSignature('demo-app', json.data))
    expect(JSON.parse(json.data)).toEqual([
      {
        org_refid: guid(1),
        dictionary_type: 6,
        code: 'Cái',
        id: expect.any(String),
        success: true,
        error_code: null,
        error_message: null,
        error_field: null,
        session_id: data.session_id,
      },
    ])
  })

  it('§2.5 Success:false counts as a failure; what is lost goes to the error list', async () => {
    r.answer = { status: 200, body: '{"Success":false}' }
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.login()
    await d.admin('PUT', 'capabilities', { accounting: { hints: false } })
    await save()
    expect((await d.admin('GET', 'deliveries')).queued).toBe(1)
    for (const ms of [50, 1000, 5000, 30_000]) await d.admin('PUT', 'clock', { advanceMs: ms })
    expect(r.arrived).toHaveLength(4)
    const errors = await d.acc('get_call_back_detail_error', {
      from_date: '2026-01-01 00:00:00',
      to_date: '2026-01-01 00:00:59',
    })
    expect(errors.data).toMatchObject([
      { id: 1, data_type: 3, data: r.arrived[0]?.json.data, created_date: '2026-01-01 00:00:36' },
    ])
    expect(
      (await d.acc('get_call_back_detail_error', { from_date: '2026-01-01 00:00:00', to_date: '2026-01-01 00:00:10' }))
        .data,
    ).toEqual([])
  })

  it('§2.5 without a URL everything goes to the error list at once', async () => {
    await d.admin('PUT', 'delivery', { accountingCallback: null })
    await save()
    expect(await d.flush()).toMatchObject({ ok: true, applied: 1, sent: 0, failed: 0 })
    expect((await d.acc('get_call_back_detail_error', {})).data).toHaveLength(2)
  })

  it('§5.3 applyDelayMs 0 happens on a frozen clock too', async () => {
    await d.admin('PUT', 'delivery', { applyDelayMs: 0 })
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.login()
    await save()
    await r.until(2)
    expect(r.arrived).toHaveLength(2)
  })

  it('§5.3 flush applies and attempts everything once', async () => {
    await d.admin('PUT', 'delivery', { applyDelayMs: 1_000_000 })
    r.answer = { status: 503, body: '' }
    await save()
    expect(await d.flush()).toEqual({ ok: true, applied: 1, sent: 0, failed: 2 })
    r.answer = { status: 200, body: '{}' }
    expect(await d.flush()).toEqual({ ok: true, applied: 0, sent: 2, failed: 0 })
    expect(await d.flush()).toEqual({ ok: true, applied: 0, sent: 0, failed: 0 })
  })
})

describe('§5.5 faults of deliveries', () => {
  const rule = (kind: string, params: object = {}, more: object = {}) =>
    d.admin('PUT', 'faults', { seed: 1, rules: [{ system: 'crm', route: 'WEBHOOK', kind, params, ...more }] })
  const ids = () => r.arrived.map((each) => each.json.data.id)

  it('§5.5 drop', async () => {
    await rule('drop', {}, { times: 1 })
    await customer(1)
    await customer(2)
    await r.until(1)
    await settle()
    expect(ids()).toEqual([2])
    expect((await rows()).map((row) => [row.status, row.attempts])).toEqual([
      ['dropped', 0],
      ['delivered', 1],
    ])
  })

  it('§5.5 double', async () => {
    await rule('double')
    await customer(1)
    await r.until(2)
    expect(r.arrived[0]?.text).toBe(r.arrived[1]?.text)
    expect(r.arrived[0]?.headers['webhook-id']).toBe(r.arrived[1]?.headers['webhook-id'])
  })

  it('§5.5 delay lets others overtake', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.login()
    await rule('delay', {}, { times: 1 })
    await customer(1)
    await customer(2)
    await r.until(1)
    await settle()
    expect(ids()).toEqual([2])
    await d.admin('PUT', 'clock', { advanceMs: 10_000 })
    expect(ids()).toEqual([2, 1])
  })

  it('§5.5 permute holds and reverses; flush ends it', async () => {
    await rule('permute')
    for (const n of [1, 2]) await customer(n)
    await settle()
    expect([ids(), (await d.admin('GET', 'deliveries')).pending]).toEqual([[], 2])
    await customer(3)
    await r.until(3)
    expect(ids()).toEqual([3, 2, 1])
    await customer(4)
    expect(await d.flush()).toMatchObject({ sent: 1 })
  })

  it('§5.5 badSignature spoils one attempt', async () => {
    r.answer = { status: 401, body: '' }
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.login()
    await rule('badSignature')
    await customer(1)
    await r.until(1)
    await settle()
    r.answer = { status: 200, body: '' }
    await d.admin('PUT', 'clock', { advanceMs: 1000 })
    const good = r.arrived.map(({ headers, text }) => {
      const id = String(headers['webhook-id'])
      return headers['webhook-signature'] === webhookSignature(SECRET, id, Number(headers['webhook-timestamp']), text)
    })
    expect(good).toEqual([false, true])
  })
})
