import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { type AnyRow, type Company, openLiveCompany } from './company.ts'
import { product } from './records.ts'
import { calls, expectNothingLeft, finish, item, openTradingCompany } from './trouble.ts'

const key = Buffer.from('YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE=', 'base64')
const now = () => Math.floor(Date.now() / 1_000)

interface Hook {
  readonly id?: string
  readonly body?: string
  readonly timestamp?: number
  readonly signature?: string
  readonly path?: string
}

const change = (entity: string, id: number) =>
  JSON.stringify({ type: 'record.changed', data: { entity, id, change: 'updated' } })

/** A webhook as the CRM sends it, but for what is given. */
function webhook(hook: Hook = {}) {
  const {
    id = `msg_${Math.random()}`,
    body = change('Products', 1),
    timestamp = now(),
    path = '/webhooks/demo/crm',
  } = hook
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const signature = hook.signature ?? `v1,${signed}`
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
  return { path, body, headers: headers as Record<string, string> }
}

/** A callback as ACT sends it, but for what is given. */
function callback(data: unknown, more: AnyRow = {}) {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  const signature = createHmac('sha256', 'demo-app').update(text, 'utf8').digest('hex')
  const proof = { app_id: 'demo-app', org_company_code: 'demo', signature }
  const body = JSON.stringify({ success: true, data_type: 23, data: text, ...proof, ...more })
  return { path: '/callbacks/demo/accounting', body, headers: {} as Record<string, string> }
}

interface Delivery {
  readonly path: string
  readonly body: string
  readonly headers: Record<string, string>
}

async function send(company: Company, { path, body, headers }: Delivery): Promise<{ status: number; text: string }> {
  const answer = await fetch(company.runner.url + path, { method: 'POST', body, headers })
  return { status: answer.status, text: await answer.text() }
}

/** The status that each delivery gets. What is refused is told nothing more. */
async function statuses(company: Company, deliveries: Record<string, Delivery>): Promise<Record<string, number>> {
  const result: Record<string, number> = {}
  for (const [name, delivery] of Object.entries(deliveries)) {
    const { status, text } = await send(company, delivery)
    result[name] = status
    if (status === 401 || status === 404) expect(text, name).toBe('')
  }
  return result
}

/** Nothing was read, written or left over because of what was delivered. */
async function expectUntouched(company: Company): Promise<void> {
  await finish(company)
  expect(await calls(company)).toEqual({})
}

it('webhooks without proof, or without sense, are refused with the status of the contract, and change nothing', async () => {
  const company = await openLiveCompany()
  const { headers } = webhook()
  const without = (name: string): Delivery => ({
    ...webhook(),
    headers: Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name)),
  })
  const good = webhook()
  expect(
    await statuses(company, {
      'wrong signature': webhook({ signature: `v1,${Buffer.alloc(32).toString('base64')}` }),
      'signature that is no base64': webhook({ signature: 'v1,%%%' }),
      'signature of another scheme': webhook({ signature: good.headers['webhook-signature']!.replace('v1,', 'v2,') }),
      'no id': without('webhook-id'),
      'no timestamp': without('webhook-timestamp'),
      'no signature': without('webhook-signature'),
      'body changed on the way': { ...good, body: change('Products', 2) },
      'too old': webhook({ timestamp: now() - 301 }),
      'from the future': webhook({ timestamp: now() + 310 }),
      'no JSON': webhook({ body: '{"type":' }),
      'JSON, but no object': webhook({ body: '[1]' }),
      'no data': webhook({ body: '{"type":"record.changed"}' }),
      empty: webhook({ body: '' }),
      'too large': webhook({ body: `"${'x'.repeat(1024 * 1024)}"` }),
      'another type': webhook({ body: '{"type":"user.signed-in","data":{}}' }),
      'unknown entity': webhook({ body: change('__proto__', 1) }),
      'unknown tenant': webhook({ path: '/webhooks/nobody/crm' }),
      'hostile tenant': webhook({ path: '/webhooks/__proto__/crm' }),
      'unknown system': webhook({ path: '/webhooks/demo/accounting' }),
    }),
  ).toEqual({
    'wrong signature': 401,
    'signature that is no base64': 401,
    'signature of another scheme': 401,
    'no id': 401,
    'no timestamp': 401,
    'no signature': 401,
    'body changed on the way': 401,
    'too old': 401,
    'from the future': 401,
    'no JSON': 400,
    'JSON, but no object': 400,
    'no data': 400,
    empty: 400,
    'too large': 413,
    'another type': 200,
    'unknown entity': 200,
    'unknown tenant': 404,
    'hostile tenant': 404,
    'unknown system': 404,
  })
  await expectUntouched(company)
})

it('a webhook that is sent again is taken once', async () => {
  const company = await openLiveCompany()
  const { id } = await company.create('crm', 'Products', product('VT1'))
  await finish(company)
  await company.forget()
  const hook = { id: 'msg_twice', body: change('Products', id as number) }
  expect(await send(company, webhook(hook))).toMatchObject({ status: 200 })
  await finish(company)
  expect(await calls(company)).toEqual({ 'crm GET Products/id': 1 })
  // The same delivery in a later attempt: another timestamp and signature, the same id.
  expect(await send(company, webhook({ ...hook, timestamp: now() - 5 }))).toMatchObject({ status: 200 })
  expect(await send(company, webhook(hook))).toMatchObject({ status: 200 })
  await finish(company)
  expect(await calls(company)).toEqual({ 'crm GET Products/id': 1 })
})

it('a webhook is a hint: what it says of a record is not believed', async () => {
  const company = await openLiveCompany()
  const { id } = await company.create('crm', 'Products', product('VT1'))
  await finish(company)
  await company.forget()
  const body = {
    type: 'record.changed',
    data: { entity: 'Products', id, change: 'deleted', code: 'KHÁC', product_name: 'Tên giả' },
  }
  expect(await send(company, webhook({ body: JSON.stringify(body) }))).toMatchObject({ status: 200 })
  await finish(company)
  expect(await company.writes()).toEqual({})
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
    inactive: false,
    inventory_item_name: 'Hàng VT1',
  })
})

it('callbacks without proof, or without sense, are refused with the status of the contract, and change nothing', async () => {
  const company = await openLiveCompany()
  const hint = { dictionary: [{ data_type: 2, id: crypto.randomUUID(), code: 'VT1', change: 'updated' }] }
  const outcome = [{ org_refid: crypto.randomUUID(), voucher_type: 20, success: true }]
  expect(
    await statuses(company, {
      'wrong signature': callback(hint, { signature: '0'.repeat(64) }),
      'no signature': callback(hint, { signature: null }),
      'another app': callback(hint, { app_id: 'other-app' }),
      'another company': callback(hint, { org_company_code: 'other' }),
      'unknown tenant': { ...callback(hint), path: '/callbacks/nobody/accounting' },
      'no JSON': { ...callback(hint), body: 'signature=1d7b' },
      'JSON, but no object': { ...callback(hint), body: 'null' },
      'data that is no JSON': callback('[{"org_refid":', { data_type: 1 }),
      'data of another form': callback({ a: 1 }, { data_type: 3 }),
      'no data': callback(hint, { data: undefined }),
      'unknown type': callback(hint, { data_type: 99 }),
      'types that are ignored': callback('x', { data_type: 18, signature: 'x' }),
      'outcome of a document that nobody sent': callback(outcome, { data_type: 1 }),
      'outcome of a row that nobody sent': callback(
        [{ org_refid: null, dictionary_type: 3, code: 'VT1', success: true }],
        { data_type: 3 },
      ),
      'rows that are none': callback([null, 7, 'x', []], { data_type: 1 }),
      'hint of an unknown table': callback({ dictionary: [{ data_type: 77, id: 'x' }, null] }),
    }),
  ).toEqual({
    'wrong signature': 401,
    'no signature': 401,
    'another app': 401,
    'another company': 401,
    'unknown tenant': 404,
    'no JSON': 400,
    'JSON, but no object': 400,
    'data that is no JSON': 400,
    'data of another form': 400,
    'no data': 400,
    'unknown type': 200,
    'types that are ignored': 200,
    'outcome of a document that nobody sent': 200,
    'outcome of a row that nobody sent': 200,
    'rows that are none': 200,
    'hint of an unknown table': 200,
  })
  await expectUntouched(company)
  const { status, text } = await send(company, callback(hint, { data_type: 99 }))
  expect([status, JSON.parse(text)]).toEqual([200, { Success: true, ErrorCode: null, ErrorMessage: null, Data: null }])
  const large = { ...callback(hint), body: `"${'x'.repeat(10 * 1024 * 1024)}"` }
  expect((await send(company, large)).status).toBe(413)
})

it('a callback is a hint: states that it carries are not believed, and the same text twice is looked at twice', async () => {
  const company = await openTradingCompany()
  const { org_refid } = (await company.find('accounting', 'Vouchers', 'DH1'))!
  const state = { org_refid, exists: true, revenue_status: 1, total_receipted_amount: 999, state_version: 99 }
  const push = callback({ voucher: [state], custom_param: { ModelState: 7 } }, { data_type: 22 })
  expect((await send(company, push)).status).toBe(200)
  await finish(company)
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({
    revenue_status: 'Đề nghị ghi',
    total_receipted_amount: 0,
  })
  expect(await calls(company)).toEqual({ 'act get_voucher_state': 1 })

  const hint = callback({ dictionary: [{ data_type: 2, id: crypto.randomUUID(), code: 'VT9', change: 'created' }] })
  expect((await send(company, hint)).status).toBe(200)
  await finish(company)
  await company.admin('PUT', '/delivery', { accountingCallback: null })
  await company.create('accounting', 'InventoryItems', item('VT9'))
  expect((await send(company, hint)).status).toBe(200)
  await finish(company)
  expect(await company.find('crm', 'Products', 'VT9')).toBeDefined()
  await expectNothingLeft(company)
})
