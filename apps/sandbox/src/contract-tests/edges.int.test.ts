import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDriver, type Driver, type Loose } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())
beforeEach(() => d.reset())

describe('§0.2 values at the edges', () => {
  it('§0.2 numbers are kept as sent; what JSON cannot carry back is refused', async () => {
    const row =
      '{"account_number":"A","account_name":"a","debt_limit":123456789.123456,"custom_field1":1e-7,"custom_field2":true}'
    const bad = '{"account_number":"B","account_name":"b","debt_limit":1e999,"custom_field1":1e999}'
    const answer = await d.crm('POST', 'Customers', `[${row},${bad}]`)
    expect(answer.results[1].validate_infos.map((info: Loose) => info.field_name)).toEqual([
      'debt_limit',
      'custom_field1',
    ])
    const { text } = await d.crmRaw('GET', 'Customers')
    expect(text).toContain('"debt_limit":123456789.123456')
    expect(text).toContain('"custom_field1":1e-7,"custom_field2":true')
  })

  it('§0.2 odd texts survive the round trip', async () => {
    const name = 'a"\\\u0000\u2028\ud800 Đặng 💡'
    await d.crm('POST', 'Customers', [{ account_number: 'A', account_name: name, website: '__proto__' }])
    const { data } = await d.crm('GET', 'Customers/code?code=a')
    expect([data[0].account_name, data[0].website]).toEqual([name, '__proto__'])
    const many = Array.from({ length: 99 }, (_, i) => ({
      account_number: `V${i}`,
      account_name: `Công ty Cổ phần Đặng ${i}`,
    }))
    await d.crm('POST', 'Customers', many)
    expect((await d.crm('GET', 'Customers?pageSize=100&orderBy=id')).data[0].account_name).toBe(
      'Công ty Cổ phần Đặng 98',
    )
  })

  it('§0.2 nesting that no stack can hold is refused or kept out, never fatal', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(
      (await d.crmRaw('POST', 'Customers', `[{"account_number":"A","account_name":${deep}}]`)).json.results[0].success,
    ).toBe(false)
    const body = `{"app_id":"demo-app","org_company_code":"demo","dictionary":[{"dictionary_type":6,"unit_name":"Cái","org_refid":${deep}}]}`
    await d.raw('POST', '/apir/sync/actopen/save_dictionary', body)
    await d.flush()
    expect((await d.admin('GET', 'health')).ok).toBe(true)
  })
})

describe('§5.2 requests', () => {
  it('§0.2 twenty writers at once act one after the other', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        d.crm('POST', 'Customers', [{ account_number: 'SAME', account_name: String(i) }]),
      ),
    )
    expect(answers.filter((answer) => answer.success)).toHaveLength(1)
    expect(await d.state('crm', 'Customers', 'same')).toHaveLength(1)
  })

  it('§5.2 unattributable ACT calls', async () => {
    const code = async (body: unknown) => (await d.raw('POST', '/apir/sync/actopen/save', body)).json.ErrorCode
    expect(await code({ app_id: 'nobody', org_company_code: 'demo' })).toBe('InvalidAppID')
    expect(await code({ app_id: 'demo-app', org_company_code: 'nobody' })).toBe('InvalidParam')
    expect(await code('{"broken')).toBe('InvalidToken')
    expect((await d.acc('save', { org_company_code: 7 })).ErrorCode).toBe('InvalidParam')
    const tooBig = await d.raw('POST', '/apir/sync/actopen/save', `{"x":"${'x'.repeat(11 * 1024 * 1024)}"}`)
    expect(tooBig.status).toBe(413)
  })
})

describe('§1.2 and §2.2.1 lists under writes', () => {
  it('§2.2.1 a row touched while reading moves to the end and pulls the others forward', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00.000+07:00' })
    await d.acc('save_dictionary', {
      dictionary: Array.from({ length: 6 }, (_, i) => ({ dictionary_type: 6, unit_name: `U${i}` })),
    })
    await d.flush()
    const page = async (skip: number) =>
      (await d.acc('get_dictionary', { data_type: 4, skip, take: 3 })).data.map((row: Loose) => row.unit_name)
    const first = await page(0)
    const second = await page(3)
    await d.admin('PUT', 'clock', { advanceMs: 2000 })
    await d.act({
      system: 'accounting',
      action: 'update',
      entity: 'Units',
      key: first[0],
      changes: { description: 'x' },
    })
    expect(await page(3)).toEqual([second[1], second[2], first[0]])
    const since = await d.acc('get_dictionary', { data_type: 4, last_sync_time: '2026-01-01 00:00:02' })
    expect(since.data.map((row: Loose) => [row.unit_name, row.modified_by])).toEqual([[first[0], 'user']])
  })

  it('§3 an item touched while reading comes again later; none is missed', async () => {
    const create = (code: string) =>
      d.act({ system: 'system', action: 'create', entity: 'OrganizationUnits', record: { code, name: code, type: 1 } })
    for (const code of ['A', 'B', 'C']) {
      await create(code)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const first = (await d.sys('organization-units?limit=1')).json
    await d.act({ system: 'system', action: 'update', entity: 'OrganizationUnits', key: 'A', changes: { name: 'a' } })
    const rest = (await d.sys(`organization-units?limit=200&cursor=${first.nextCursor}`)).json
    expect([first.items[0].code, rest.items.map((item: Loose) => item.code)]).toEqual(['A', ['B', 'C', 'A']])
  })

  it('§5.4 ACT price policies are made by persons and checked', async () => {
    const create = (entity: string, record: object) => d.act({ system: 'accounting', action: 'create', entity, record })
    await create('Units', { unit_name: 'Cái' })
    await create('InventoryItems', {
      inventory_item_code: 'I',
      inventory_item_name: 'i',
      unit_name: 'cái',
      tax_rate: 10,
    })
    const detail = { inventory_item_code: 'I', unit_name: 'Cái', from_quantity: 1, unit_price: 5 }
    expect(
      (
        await create('PricePolicies', {
          policy_code: 'P',
          policy_name: 'p',
          apply_to: 1,
          account_object_codes: ['Z'],
          details: [detail],
        })
      ).code,
    ).toBe('not_found')
    expect(
      (
        await create('PricePolicies', {
          policy_code: 'P',
          policy_name: 'p',
          apply_to: 0,
          details: [{ ...detail, discount_rate: 1 }],
        })
      ).code,
    ).toBe('invalid')
    const { record } = await create('PricePolicies', {
      policy_code: 'P',
      policy_name: 'p',
      apply_to: 0,
      details: [detail],
    })
    expect(record).toMatchObject({
      dictionary_type: 103,
      account_object_codes: [],
      details: [{ ...detail, to_quantity: null, discount_rate: null }],
    })
    expect((await d.acc('get_dictionary', { data_type: 103 })).data).toEqual([record])
    expect(
      (
        await create('InventoryItems', {
          inventory_item_code: 'J',
          inventory_item_name: 'j',
          unit_name: 'Cái',
          tax_rate: 7,
        })
      ).code,
    ).toBe('invalid')
    expect((await create('Units', { unit_name: ' CÁI ' })).code).toBe('duplicate')
  })
})
