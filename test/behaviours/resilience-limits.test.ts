import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer } from './records.ts'
import { type Fault, calls, finish, goWrong, item, openTradingCompany } from './trouble.ts'

describe('a burst of 429', () => {
  const tooMany = (more: object = {}) => ({ kind: 'status', params: { status: 429, ...more } })

  const products = { system: 'crm', route: 'POST /api/v2/Products' } as const
  const dictionary = { system: 'accounting', route: 'POST /apir/sync/actopen/save_dictionary' } as const

  it('with or without a time to wait: the call is made again once it may, nothing else', async () => {
    const refused = async (fault: Fault, enter: (company: Company) => Promise<unknown>) => {
      const company = await openTradingCompany()
      await goWrong(company, fault)
      await enter(company)
      await finish(company)
      return calls(company)
    }
    const enterItem = (company: Company) => company.create('accounting', 'InventoryItems', item('VT9'))
    const editCustomer = (company: Company) =>
      company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234' })
    const feed = { 'act get_dictionary': 2, 'act get_dictionary_delete': 1 }
    const [told, untold, accounting] = await Promise.all([
      refused({ ...products, times: 2, ...tooMany({ retryAfter: 1 }) }, enterItem),
      refused({ ...products, ...tooMany() }, enterItem),
      refused({ ...dictionary, times: 2, ...tooMany({ retryAfter: 1 }) }, editCustomer),
    ])
    expect(told).toEqual({ ...feed, 'crm POST Products': 3, 'crm GET Products/id': 1 })
    expect(untold).toEqual({ ...feed, 'crm POST Products': 2, 'crm GET Products/id': 1 })
    expect(accounting).toEqual({ ...feed, 'crm GET Customers/id': 1, 'act save_dictionary': 3 })
  })

  it('holds back the whole connection: a first sync through a narrow limit is hardly refused and loses nothing', async () => {
    const company = await openCompany()
    const codes = Array.from({ length: 30 }, (_, index) => `KH${index + 10}`)
    const command = { system: 'crm', action: 'create', entity: 'Customers' }
    await company.admin(
      'POST',
      '/act',
      codes.map((code) => ({ ...command, record: customer(code) })),
    )
    await company.admin('PUT', '/limits', { system: 'crm', perSecond: 5, retryAfter: true })
    expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
    await company.settle()
    expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(30)
    const { rows } = await company.admin('GET', '/requests')
    const statuses = (rows as AnyRow[]).filter((row) => row.system === 'crm').map((row) => row.status as number)
    const refusals = statuses.filter((status) => status === 429).length
    expect(refusals).toBeGreaterThan(0)
    expect(refusals).toBeLessThanOrEqual(Math.ceil(statuses.length / 5))
  })
})

describe('a token that is good no more', () => {
  const kinds = ['expireToken', 'code401']

  it('in CRM: a new one, and the same call once more', async () => {
    const company = await openTradingCompany()
    for (const [index, kind] of kinds.entries()) {
      await company.forget()
      await goWrong(
        company,
        { system: 'crm', route: 'GET /api/v2/SaleOrders/id', kind },
        { system: 'crm', route: 'PUT /api/v2/SaleOrders', kind },
      )
      await company.act('accounting', 'receive', { key: 'DH1', amount: 10_000 })
      await finish(company)
      expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({
        total_receipted_amount: 10_000 * (index + 1),
      })
      expect(await calls(company)).toEqual({
        'act get_voucher_state': 1,
        'crm GET SaleOrders/id': 3,
        'crm PUT SaleOrders': 2,
        'crm POST Account': 2,
      })
    }
  })

  it('in ACT: a new one, and the same call once more', async () => {
    const company = await openTradingCompany()
    for (const kind of kinds) {
      await company.forget()
      await goWrong(
        company,
        { system: 'accounting', route: 'POST /apir/sync/actopen/get_voucher_state', kind },
        { system: 'accounting', route: 'POST /apir/sync/actopen/save', kind },
      )
      await company.update('crm', 'SaleOrders', 'DH1', { description: `Giao lại, ${kind}` })
      await finish(company)
      expect(await company.rows('accounting', 'Vouchers')).toMatchObject([{ journal_memo: `Giao lại, ${kind}` }])
      expect(await calls(company)).toEqual({
        'crm GET SaleOrders/id': 1,
        'act get_voucher_state': 2,
        'act save': 2,
        'act connect': 2,
      })
    }
  })

  it('in System: a new one, and the same call once more', async () => {
    const company = await openLiveCompany()
    for (const kind of kinds) {
      await company.forget()
      await goWrong(company, { system: 'system', route: 'GET /api/v1/organization-units', kind })
      await company.create('system', 'OrganizationUnits', { code: kind, name: `Công ty ${kind}`, type: 1 })
      await finish(company)
      expect(await company.find('accounting', 'OrganizationUnits', kind)).toBeDefined()
      expect(await calls(company)).toEqual({
        'system GET organization-units/{id}': 2,
        'system POST token': 1,
        'act save_dictionary': 1,
        'act get_dictionary': 2,
        'act get_dictionary_delete': 1,
      })
    }
  })

  it('by time: a new one, and the same call once more', async () => {
    const company = await openTradingCompany()
    await company.admin('PUT', '/clock', { advanceMs: 25 * 3_600_000 })
    await company.act('accounting', 'recordRevenue', { key: 'DH1' })
    await finish(company)
    expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ revenue_status: 'Đã ghi' })
    expect(await calls(company)).toMatchObject({ 'act connect': 1, 'crm POST Account': 1, 'crm PUT SaleOrders': 1 })
  })
})
