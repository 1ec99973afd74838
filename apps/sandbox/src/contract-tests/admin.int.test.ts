import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDriver, type Driver, type Loose } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())
beforeEach(() => d.reset())

describe('§3 System', () => {
  const create = async (entity: string, record: object) =>
    (await d.act({ system: 'system', action: 'create', entity, record })).record

  it('§3 lists by cursor, gives items and deletions', async () => {
    const root = await create('OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
    for (const n of [1, 2, 3])
      await create('OrganizationUnits', { code: `P${n}`, name: `Phòng ${n}`, type: 3, parentCode: 'cty' })
    const first = (await d.sys('organization-units?limit=3')).json
    expect(first.items.map((item: Loose) => item.code)).toEqual(['CTY', 'P1', 'P2'].toSorted())
    expect(first.items.find((item: Loose) => item.code === 'P1')).toMatchObject({
      parentId: root.id,
      active: true,
      type: 3,
    })
    const rest = (await d.sys(`organization-units?cursor=${first.nextCursor}`)).json
    expect([rest.items.length, rest.nextCursor, rest.deleted]).toEqual([1, null, []])
    expect((await d.sys('organization-units?cursor=xyz')).status).toBe(400)
    expect((await d.sys('organization-units?limit=0')).status).toBe(400)
    await d.act({ system: 'system', action: 'delete', entity: 'OrganizationUnits', key: 'P3' })
    const since = encodeURIComponent('2000-01-01T00:00:00.000+07:00')
    const changed = (await d.sys(`organization-units?modifiedFrom=${since}`)).json
    expect(changed.deleted).toMatchObject([{ code: 'P3', id: expect.any(String), deletedAt: expect.any(String) }])
    expect((await d.sys(`organization-units/${root.id}`)).json.code).toBe('CTY')
    const missing = await d.sys(`organization-units/${changed.deleted[0].id}`)
    expect([missing.status, missing.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
    expect((await d.act({ system: 'system', action: 'delete', entity: 'OrganizationUnits', key: 'CTY' })).code).toBe(
      'in_use',
    )
    expect((await d.raw('GET', '/api/v1/employees')).status).toBe(401)
  })

  it('§5.4 persons are checked like the API', async () => {
    await create('OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
    const code = async (entity: string, record: object) =>
      (await d.act({ system: 'system', action: 'create', entity, record })).code
    expect(await code('OrganizationUnits', { code: 'cty', name: 'x', type: 1 })).toBe('duplicate')
    expect(await code('Employees', { code: 'A', fullName: 'a' })).toBe('required')
    expect(await code('Employees', { code: 'A', fullName: 'a', organizationUnitCode: 'ZZ' })).toBe('not_found')
    expect(await code('OrganizationUnits', { code: 'B', name: 'x', type: 9 })).toBe('invalid')
    expect(await code('Nothing', {})).toBe('unknown_entity')
  })
})

describe('§5.3 admin', () => {
  it('§5.3 health, tenants and unknown tenants', async () => {
    expect(await d.admin('GET', 'health')).toEqual({ ok: true, contract: '1', tenants: ['demo'] })
    const tenant = {
      tenant: 'second',
      crm: { client_id: 'c2', client_secret: 's' },
      accounting: { app_id: 'demo-app', access_code: 'a2', org_company_code: 'second' },
      system: { client_id: 's2', client_secret: 's' },
    }
    expect(await d.admin('POST', 'tenants', tenant)).toEqual({ ok: true })
    expect((await d.raw('POST', '/__sandbox/tenants', tenant)).status).toBe(409)
    expect((await d.admin('POST', 'tenants', { ...tenant, tenant: 'third' })).code).toBe('exists')
    expect((await d.admin('POST', 'tenants', { tenant: 'X y' })).code).toBe('bad_request')
    expect((await d.raw('GET', '/__sandbox/clock?tenant=nobody')).status).toBe(404)
    await d.crm('POST', 'Customers', [{ account_number: 'A', account_name: 'a' }])
    expect((await d.admin('GET', 'counts?tenant=second')).counts.crm.Customers).toEqual({ live: 0, deleted: 0 })
    expect((await d.acc('get_company_info', { org_company_code: 'second' })).ErrorCode).toBe('InvalidParam')
  })

  it('§5.3 counts every request exactly, and those of nobody apart', async () => {
    await d.admin('DELETE', 'requests')
    await d.admin('DELETE', 'requests?tenant=-')
    await d.crm('POST', 'Customers', [{ account_number: 'A', account_name: 'a' }, {}])
    await d.crmRaw('GET', 'Nothing?x=1')
    await d.sys('employees/00000000-0000-4000-8000-000000000001')
    await d.acc('get_voucher_state', { list_org_refid: [] })
    await d.raw('GET', '/api/v2/Customers')
    const { total, routes, rows } = await d.admin('GET', 'requests')
    expect(total).toBe(4)
    expect(routes).toEqual({
      'POST /api/v2/Customers': 1,
      'GET /api/v2/Nothing': 1,
      'GET /api/v1/employees/{id}': 1,
      'POST /apir/sync/actopen/get_voucher_state': 1,
    })
    expect(rows[0]).toMatchObject({
      seq: 1,
      tenant: 'demo',
      system: 'crm',
      method: 'POST',
      path: '/api/v2/Customers',
      status: 200,
      rowsIn: 2,
      fault: null,
    })
    expect(rows[0].bytesIn).toBe(46)
    expect(rows[0].bytesOut).toBeGreaterThan(100)
    expect(rows.map((row: Loose) => row.status)).toEqual([200, 404, 404, 200])
    expect((await d.admin('GET', 'requests?tenant=-')).rows).toMatchObject([{ tenant: '-', status: 401 }])
  })

  it('§5.3 clock: frozen, advanced, skewed, real again', async () => {
    expect(await d.admin('PUT', 'clock', { freezeAt: '2020-01-01T00:00:00+07:00' })).toEqual({
      ok: true,
      now: '2020-01-01T00:00:00.000+07:00',
      frozen: true,
    })
    expect(await d.admin('PUT', 'clock', { advanceMs: 1500 })).toMatchObject({
      now: '2020-01-01T00:00:01.500+07:00',
      frozen: true,
    })
    await d.admin('PUT', 'clock', { skewMs: { crm: -60_000 } })
    await d.login()
    await d.crm('POST', 'Customers', [{ account_number: 'A', account_name: 'a' }])
    expect((await d.state('crm', 'Customers'))[0].created_date).toBe('2019-12-31T23:59:01.500+07:00')
    const { now, frozen } = await d.admin('PUT', 'clock', {})
    expect([Math.abs(Date.parse(now) - Date.now()) < 2000, frozen]).toEqual([true, false])
    expect((await d.admin('PUT', 'clock', { advanceMs: -1 })).code).toBe('bad_request')
  })

  it('§5.4 arrays run in order and fail alone', async () => {
    const answer = await d.act([
      { system: 'crm', action: 'create', entity: 'Customers', record: { account_number: 'A', account_name: 'a' } },
      { system: 'crm', action: 'fly' },
      { system: 'crm', action: 'update', entity: 'Customers', key: 'B', changes: {} },
      { system: 'crm', action: 'delete', entity: 'Customers', key: 1 },
    ])
    expect(answer.results.map((each: Loose) => each.code ?? each.record.deleted ?? each.record.created_by)).toEqual([
      'user',
      'unknown_action',
      'not_found',
      true,
    ])
  })

  it('§5.3 hostile bodies are refused, not fatal', async () => {
    for (const body of ['{', '[1', '"x"', 'null', '[null,1,"a",[]]']) {
      expect((await d.raw('POST', '/__sandbox/act', body)).json).toMatchObject(
        body.startsWith('[null') ? { ok: true } : { ok: false },
      )
      expect((await d.crmRaw('POST', 'Customers', body)).status).toBeLessThan(500)
      expect((await d.raw('POST', '/apir/sync/actopen/save', body)).status).toBeLessThan(500)
      expect((await d.raw('POST', '/api/v1/token', body)).status).toBe(400)
    }
    expect((await d.raw('GET', '/__sandbox/nothing')).status).toBe(404)
  })
})

describe('§6.1 capabilities', () => {
  it('§6.1 lists every flag, on unless switched off', async () => {
    const { crm, accounting, system } = await d.admin('GET', 'capabilities')
    expect([Object.keys(crm).length, Object.keys(accounting).length, Object.keys(system).length]).toEqual([16, 10, 2])
    expect((await d.admin('PUT', 'capabilities', { crm: { nope: false } })).code).toBe('bad_request')
  })

  it('§6.1 CRM resources, companions, line ids and rights', async () => {
    await d.crm('POST', 'CustomerGroups', [{ group_code: 'G', group_name: 'Nhóm' }])
    await d.crm('POST', 'Customers', [{ account_number: 'K', account_name: 'Khách', account_group_code_list: 'G' }])
    await d.crm('POST', 'Products', [{ product_code: 'P', product_name: 'Hàng', usage_unit: 'Cái' }])
    await d.crm('POST', 'SaleOrders', [
      {
        sale_order_no: 'D',
        sale_order_date: '2026-01-01',
        account_number: 'K',
        sale_order_product_mappings: [
          { product_code: 'P', amount: 1 },
          { product_code: 'P', amount: 2 },
        ],
      },
    ])
    await d.admin('PUT', 'capabilities', {
      crm: {
        customerGroups: false,
        quotes: false,
        referenceCodes: false,
        lineIds: false,
        receiptList: false,
        revenueWithdrawal: false,
        rowErrorCodes: false,
        productWrite: false,
        deletedFeed: false,
        modifiedFrom: false,
      },
    })
    expect((await d.crmRaw('GET', 'CustomerGroups')).status).toBe(404)
    expect((await d.crmRaw('GET', 'deleted?entity=Customers')).status).toBe(404)
    expect((await d.crmRaw('POST', 'Products', [])).status).toBe(403)
    expect((await d.crm('GET', 'Customers?modifiedFrom=2999-01-01T00:00:00.000%2B07:00')).data).toHaveLength(1)
    const [customer] = (await d.crm('GET', 'Customers')).data
    expect([customer.account_type, 'account_group_code_list' in customer]).toEqual(['Nhóm', false])
    await d.crm('PUT', 'Customers', [{ id: 1, account_type: 'Khách lẻ' }])
    expect((await d.crm('GET', 'Customers')).data[0].account_type).toBe('Khách lẻ')
    const [order] = (await d.crm('GET', 'SaleOrders')).data
    for (const name of [
      'account_number',
      'receipts',
      'revenue_request_seq',
      'revenue_refusal_reason',
      'revenue_withdraw_requested',
    ])
      expect(name in order).toBe(false)
    expect('line_id' in order.sale_order_product_mappings[0]).toBe(false)
    await d.crm('PUT', 'SaleOrders', [
      {
        id: 1,
        account_number: 'Z',
        sale_order_product_mappings: [{ product_code: 'P', unit: 'Cái', sort_order: 2, shipping_amount: 2 }],
      },
    ])
    expect(
      (await d.crm('GET', 'SaleOrders')).data[0].sale_order_product_mappings.map((line: Loose) => line.shipping_amount),
    ).toEqual([0, 2])
    expect((await d.crm('POST', 'Customers', [{}])).results[0]).toEqual({
      success: false,
      validate_infos: [
        { field_name: 'account_number', error_message: expect.any(String) },
        { field_name: 'account_name', error_message: expect.any(String) },
      ],
    })
    expect((await d.act({ system: 'crm', action: 'withdrawRevenue', key: 'D' })).code).toBe('invalid_state')
  })

  it('§6.1 ACT and System', async () => {
    await d.admin('PUT', 'capabilities', {
      accounting: {
        voucherState: false,
        groups: false,
        pricePolicies: false,
        writeOrganizationUnits: false,
        contracts: false,
      },
      system: { modifiedFrom: false },
    })
    expect((await d.acc('get_voucher_state', { list_org_refid: [] })).ErrorCode).toBe('Exception')
    expect((await d.acc('get_dictionary', { data_type: 101 })).ErrorCode).toBe('InvalidParam')
    expect((await d.acc('get_dictionary', { data_type: 102, take: 1 })).data).toEqual([])
    expect((await d.acc('save_dictionary', { dictionary: [{ dictionary_type: 106 }] })).ErrorCode).toBe('InvalidParam')
    expect((await d.acc('save', { voucher: [{ voucher_type: 120, org_refid: 'x' }] })).ErrorCode).toBe('InvalidParam')
    expect((await d.sys('employees?modifiedFrom=nonsense')).status).toBe(200)
  })
})
