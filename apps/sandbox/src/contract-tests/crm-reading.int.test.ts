import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDriver, type Driver } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())
beforeEach(() => d.reset())

const customers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    account_number: `K${from + i}`,
    account_name: `Khách ${from + i}`,
  }))

describe('§1.1 access', () => {
  it('§1.1 gives a token and refuses wrong or missing credentials', async () => {
    const good = await d.raw('POST', '/api/v2/Account', { client_id: 'demo', client_secret: 'demo-crm-secret' })
    expect(good.json).toMatchObject({ success: true, code: 200, data: expect.any(String) })
    const wrong = await d.raw('POST', '/api/v2/Account', { client_id: 'demo', client_secret: 'no' })
    expect(wrong.status).toBe(401)
    expect(wrong.json).toMatchObject({
      success: false,
      code: 401,
      data: null,
      user_msg: expect.any(String),
      dev_msg: expect.any(String),
      trace_id: expect.any(String),
    })
    expect((await d.raw('POST', '/api/v2/Account', { client_id: 'demo' })).status).toBe(400)
  })

  it('§1.1 needs the token and its Clientid together', async () => {
    const { data } = (await d.raw('POST', '/api/v2/Account', { client_id: 'demo', client_secret: 'demo-crm-secret' }))
      .json
    const get = async (headers: Record<string, string>) =>
      (await d.raw('GET', '/api/v2/Customers', undefined, headers)).status
    expect(await get({ Authorization: `Bearer ${data}`, Clientid: 'demo' })).toBe(200)
    expect(await get({ Authorization: `Bearer ${data}` })).toBe(401)
    expect(await get({ Clientid: 'demo' })).toBe(401)
    expect(await get({ Authorization: `Bearer ${data}`, Clientid: 'other' })).toBe(401)
  })

  it('§1.1 ends a token after 24 hours of the tenant clock', async () => {
    await d.admin('PUT', 'clock', { advanceMs: 24 * 3_600_000 - 5000 })
    expect((await d.crmRaw('GET', 'Customers')).status).toBe(200)
    await d.admin('PUT', 'clock', { advanceMs: 6000 })
    expect((await d.crmRaw('GET', 'Customers')).status).toBe(401)
  })

  it('§1.1 unknown paths, resources and methods give 404, before authentication', async () => {
    expect((await d.raw('GET', '/api/v2/Nothing')).status).toBe(404)
    expect((await d.raw('PATCH', '/api/v2/Customers')).status).toBe(404)
    expect((await d.raw('GET', '/api/v2/customers')).status).toBe(404)
    expect((await d.raw('GET', '/api/v2/Customers/')).status).toBe(404)
  })

  it('§0.2 refuses malformed JSON and bodies over 10 MB', async () => {
    expect((await d.crmRaw('POST', 'Customers', '{oops')).status).toBe(400)
    expect((await d.crmRaw('POST', 'Customers', { not: 'an array' })).status).toBe(400)
    const big = await d.crmRaw('POST', 'Customers', `["${'x'.repeat(10 * 1024 * 1024)}"]`)
    expect([big.status, big.json.code]).toEqual([413, 413])
  })

  it('§0.2 sends a Date header from the tenant clock', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2020-02-03T04:05:06.000+07:00' })
    await d.login()
    const { headers } = await d.crmRaw('GET', 'Customers')
    expect(headers.get('date')).toBe('Sun, 02 Feb 2020 21:05:06 GMT')
  })
})

describe('§1.2 reading', () => {
  it('§1.2 pages from 0, ten by ten, newest first; treats more than 100 as 100', async () => {
    await d.crm('POST', 'Customers', customers(1, 100))
    await d.crm('POST', 'Customers', customers(101, 125))
    const first = await d.crm('GET', 'Customers')
    expect(first.data).toHaveLength(10)
    expect(first.total_records).toBe(125)
    expect(first.data[0].id).toBe(125)
    const all = await d.crm('GET', 'Customers?pageSize=1000&orderBy=id&isDescending=false')
    expect(all.data.map((row: { id: number }) => row.id)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect((await d.crm('GET', 'Customers?pageSize=100&page=1')).data).toHaveLength(25)
    expect((await d.crm('GET', 'Customers?pageSize=100&page=7')).data).toEqual([])
  })

  it('§1.2 refuses query values of the wrong type', async () => {
    for (const query of [
      'page=x',
      'page=-1',
      'pageSize=0',
      'orderBy=name',
      'isDescending=maybe',
      'modifiedFrom=yesterday',
    ]) {
      expect([query, (await d.crmRaw('GET', `Customers?${query}`)).status]).toEqual([query, 400])
    }
    expect((await d.crmRaw('GET', 'Customers?unknown=1')).status).toBe(200)
  })

  it('§1.2 modifiedFrom is inclusive', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2026-11-24T08:00:00.000+07:00' })
    await d.login()
    await d.crm('POST', 'Customers', customers(1, 2))
    await d.admin('PUT', 'clock', { advanceMs: 1000 })
    await d.crm('POST', 'Customers', customers(3, 3))
    const get = async (from: string) =>
      (await d.crm('GET', `Customers?modifiedFrom=${encodeURIComponent(from)}`)).data.length
    expect(await get('2026-11-24T08:00:00.000+07:00')).toBe(3)
    expect(await get('2026-11-24T01:00:00.001Z')).toBe(1)
    expect(await get('2026-11-24T08:00:01.000+07:00')).toBe(1)
    expect(await get('2999-01-01T00:00:00.000+07:00')).toBe(0)
  })

  it('§1.2 reads by ids and by codes: live rows, ascending, each once', async () => {
    await d.crm('POST', 'Customers', customers(1, 3))
    await d.crm('DELETE', 'Customers', [2])
    expect(
      (await d.crm('GET', 'Customers/id?ids=3&ids=2&ids=1&ids=3&ids=99')).data.map((row: { id: number }) => row.id),
    ).toEqual([1, 3])
    expect((await d.crm('GET', 'Customers/code?code=%20k3&code=K1')).data.map((row: { id: number }) => row.id)).toEqual(
      [1, 3],
    )
    expect((await d.crmRaw('GET', 'Customers/id?ids=a')).status).toBe(400)
    const many = Array.from({ length: 101 }, (_, i) => `ids=${i}`).join('&')
    expect((await d.crmRaw('GET', `Customers/id?${many}`)).status).toBe(400)
  })

  it('§1.2 lists deletions oldest first and refuses unknown entities', async () => {
    await d.crm('POST', 'Customers', customers(1, 3))
    await d.crm('DELETE', 'Customers', [3])
    await d.crm('DELETE', 'Customers', [1])
    const { data } = await d.crm('GET', 'deleted?entity=Customers')
    expect(data.map((row: { id: number; code: string; entity: string }) => [row.entity, row.id, row.code])).toEqual([
      ['Customers', 3, 'K3'],
      ['Customers', 1, 'K1'],
    ])
    expect((await d.crmRaw('GET', 'deleted?entity=Nope')).status).toBe(400)
    expect((await d.crm('GET', 'deleted?entity=Customers&since=2999-01-01T00:00:00%2B07:00')).data).toEqual([])
  })
})
