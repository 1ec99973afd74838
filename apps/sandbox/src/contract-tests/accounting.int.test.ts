import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BASE, brief, outcomesOf, voucher } from './example.ts'
import { guid, openDriver, openReceiver, type Driver, type Receiver } from './driver.ts'

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
  await d.admin('PUT', 'delivery', { accountingCallback: { url: `${r.url}/cb` } })
})

const save = (body: object, name?: string) => outcomesOf(d, r, body, name)
describe('§2.1 access', () => {
  it('§2.1 connect and its refusals', async () => {
    const connect = async (body: object) => (await d.raw('POST', '/api/oauth/actopen/connect', body)).json.ErrorCode
    const good = { app_id: 'demo-app', access_code: 'demo-access', org_company_code: 'demo' }
    expect(await connect(good)).toBeNull()
    expect(await connect({ ...good, app_id: 'x' })).toBe('InvalidAppID')
    expect(await connect({ ...good, access_code: 'x' })).toBe('InvalidAccessToken')
    expect(await connect({ ...good, org_company_code: 'x' })).toBe('InvalidParam')
    expect(await connect({ app_id: 'demo-app' })).toBe('InvalidParam')
  })

  it('§2.1 data calls check token, application, company and connection', async () => {
    const call = async (body: object, headers: Record<string, string> = {}) =>
      (await d.raw('POST', '/apir/sync/actopen/get_company_info', body, headers)).json.ErrorCode
    const credentials = { app_id: 'demo-app', org_company_code: 'demo' }
    expect(await call(credentials)).toBe('InvalidToken')
    expect(await call(credentials, { 'X-MISA-AccessToken': 'nope' })).toBe('InvalidToken')
    expect((await d.acc('get_company_info', { app_id: 'other' })).ErrorCode).toBe('InvalidAppID')
    expect((await d.acc('get_company_info', { org_company_code: 'other' })).ErrorCode).toBe('InvalidParam')
    expect((await d.acc('get_company_info')).data).toMatchObject({ company_name: expect.any(String), branches: [] })
    await d.act({ system: 'accounting', action: 'setConnection', state: 'no_database' })
    expect((await d.acc('get_company_info')).ErrorCode).toBe('DBAmisNotConnectDBACT')
    await d.act({ system: 'accounting', action: 'setConnection', state: 'disconnected' })
    expect((await d.acc('get_company_info')).ErrorCode).toBe('AppIDDisconnect')
    await d.act({ system: 'accounting', action: 'setConnection', state: 'connected' })
    await d.admin('PUT', 'clock', { advanceMs: 12 * 3_600_000 + 1 })
    expect((await d.acc('get_company_info')).ErrorCode).toBe('ExpiredToken')
  })

  it('§2.1 unknown functions give 404 with an envelope', async () => {
    const answer = await d.raw('POST', '/apir/sync/actopen/nothing', {})
    expect([answer.status, answer.json.ErrorCode]).toEqual([404, 'Exception'])
    expect((await d.raw('POST', '/apir/sync/actopen/delete', {})).status).toBe(404)
  })
})

describe('§2.2 and §2.3.2 dictionaries', () => {
  it('§2.3.2 rows are matched, created, changed, and safe to send again', async () => {
    expect(brief((await save({ dictionary: BASE }, 'save_dictionary'))[3])).toEqual(BASE.map(() => 'ok'))
    const first = await d.acc('get_dictionary', { data_type: 1 })
    expect(first.data[0]).toMatchObject({
      account_object_code: 'KH000017',
      is_customer: true,
      dictionary_type: 1,
      created_by: 'API',
      inactive: false,
      tel: null,
    })
    expect(first.custom.LastSyncTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    await save({ dictionary: BASE }, 'save_dictionary')
    expect((await d.acc('get_dictionary', { data_type: 1 })).data).toEqual(first.data)
    const id = first.data[0].account_object_id
    const outcome = await save(
      { dictionary: [{ dictionary_type: 1, account_object_id: id, account_object_code: 'KH18', tel: '1' }] },
      'save_dictionary',
    )
    expect(outcome[3]?.[0]).toMatchObject({ code: 'KH18', id, org_refid: null, dictionary_type: 1, success: true })
  })

  it('§2.3.2 roles, duplicates and unknown references', async () => {
    const outcome = await save(
      {
        dictionary: [
          ...BASE,
          {
            dictionary_type: 1,
            account_object_code: 'NV1',
            account_object_name: 'Hà',
            is_employee: true,
            amis_platform_id: 'S1',
          },
          { dictionary_type: 1, account_object_code: 'nv1', account_object_name: 'Khách', is_customer: true },
          { dictionary_type: 1, account_object_code: 'NV1', mobile: '09' },
          { dictionary_type: 1, account_object_code: 'KH000017', is_employee: true },
          {
            dictionary_type: 1,
            account_object_code: 'KH000017',
            is_vendor: true,
            is_customer: false,
            employee_code: 'NV1',
          },
          { dictionary_type: 1, account_object_code: 'NV2', is_employee: true, amis_platform_id: 'S1' },
          { dictionary_type: 1, account_object_code: 'KH000017', is_employee: true, amis_platform_id: 'S1' },
          {
            dictionary_type: 1,
            account_object_code: 'K2',
            account_object_name: 'x',
            account_object_group_code_list: 'A',
          },
          { dictionary_type: 3, inventory_item_code: 'I2', inventory_item_name: 'x', unit_name: 'Thùng' },
          { dictionary_type: 1, account_object_name: 'không mã' },
        ],
      },
      'save_dictionary',
    )
    expect(brief(outcome[3]?.slice(BASE.length))).toEqual([
      'ok',
      ['DuplicateCode', 'account_object_code'],
      'ok',
      ['DuplicateCode', 'account_object_code'],
      'ok',
      'ok',
      ['DuplicateCode', 'account_object_code'],
      ['InvalidParam', 'account_object_group_code_list'],
      ['InvalidParam', 'unit_name'],
      ['InvalidParam', 'account_object_code'],
    ])
    const [customer] = await d.state('accounting', 'AccountObjects', 'KH000017')
    expect(customer).toMatchObject({ is_customer: true, is_vendor: true, is_employee: false, employee_code: 'NV2' })
  })

  it('§2.3.1 refuses whole calls', async () => {
    const refused = async (name: string, body: object) => (await d.acc(name, body)).ErrorCode
    expect(await refused('save_dictionary', {})).toBe('InvalidParam')
    expect(await refused('save_dictionary', { dictionary: [{ dictionary_type: 7 }] })).toBe('InvalidParam')
    expect(await refused('save', { voucher: [], dictionary: [] })).toBe('InvalidParam')
    expect(await refused('save', { voucher: [voucher(1, { voucher_type: 21 })] })).toBe('InvalidParam')
    expect(await refused('save', { voucher: [voucher(1, { org_refid: undefined })] })).toBe('InvalidParam')
    expect(await refused('save_dictionary', { dictionary: Array.from({ length: 201 }, () => BASE[0]) })).toBe('TooMany')
    expect(await refused('save', { voucher: Array.from({ length: 101 }, (_, i) => voucher(i)) })).toBe('TooMany')
    expect(await refused('get_voucher_state', { list_org_refid: Array.from({ length: 501 }, (_, i) => guid(i)) })).toBe(
      'TooMany',
    )
    expect((await d.admin('GET', 'deliveries')).queued).toBe(0)
  })

  it('§2.2.1 paging, empty numbers, watermarks and deletions', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2026-11-24T08:00:00.900+07:00' })
    await d.login()
    await save({ dictionary: BASE }, 'save_dictionary')
    const get = (body: object) => d.acc('get_dictionary', body)
    expect((await get({ data_type: 4, take: 2 })).data).toHaveLength(2)
    expect((await get({ data_type: 4, skip: 2, take: 1000 })).data).toHaveLength(1)
    for (const body of [{ data_type: 4, take: 0 }, { data_type: 4, skip: -1 }, { data_type: 55 }, {}])
      expect((await get(body)).ErrorCode).toBe('InvalidParam')
    expect((await get({ data_type: 7 })).data).toEqual([])
    expect((await get({ data_type: 4 })).custom.LastSyncTime).toBe('2026-11-24 08:00:00')
    expect((await get({ data_type: 4, last_sync_time: '2026-11-24 08:00:00' })).data).toHaveLength(3)
    expect((await get({ data_type: 4, last_sync_time: '2026-11-24T08:00:01' })).data).toHaveLength(0)
    await d.act({ system: 'accounting', action: 'delete', entity: 'AccountObjects', key: 'KH000017' })
    expect((await d.acc('get_dictionary_delete', { data_type: 1 })).data).toEqual([
      { data_type: 1, id: expect.any(String), code: 'KH000017', deleted_date: '2026-11-24 08:00:00' },
    ])
    expect((await d.act({ system: 'accounting', action: 'delete', entity: 'Units', key: 'Cái' })).code).toBe('in_use')
  })
})
