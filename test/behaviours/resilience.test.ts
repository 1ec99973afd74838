import { describe, expect, it } from 'vitest'
import { type Company, openLiveCompany } from './company.ts'
import { order } from './records.ts'
import { calls, fired, finish, goWrong, item, openTradingCompany } from './trouble.ts'

const createProducts = 'POST /api/v2/Products'
const writeBack = 'PUT /api/v2/SaleOrders'
const saveDictionary = 'POST /apir/sync/actopen/save_dictionary'
const save = 'POST /apir/sync/actopen/save'

/** What an accountant's new item costs without trouble: the feed, one creation, one look at its echo. */
const newItem = {
  'act get_dictionary': 2,
  'act get_dictionary_delete': 1,
  'crm POST Products': 1,
  'crm GET Products/id': 1,
}
/** The same for the recording of an order: its state, its twin, one update, one look at its echo. */
const recording = { 'act get_voucher_state': 1, 'crm GET SaleOrders/id': 2, 'crm PUT SaleOrders': 1 }
/** The same for a salesperson's edit of a customer. */
const customerEdit = {
  'crm GET Customers/id': 1,
  'act save_dictionary': 1,
  'act get_dictionary': 2,
  'act get_dictionary_delete': 1,
}
/** The same for a new order. */
const newOrder = { 'crm GET SaleOrders/id': 1, 'act save': 1 }

async function enterItem(company: Company): Promise<void> {
  await company.create('accounting', 'InventoryItems', item('VT9'))
  await finish(company)
  expect(await company.rows('crm', 'Products')).toMatchObject([{ product_code: 'VT9', product_name: 'Hàng VT9' }])
}

async function recordOrder(company: Company): Promise<void> {
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ revenue_status: 'Đã ghi' })
}

async function editCustomer(company: Company): Promise<void> {
  await company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234' })
  await finish(company)
  expect(await company.rows('accounting', 'AccountObjects')).toMatchObject([
    { account_object_code: 'KH1', tel: '024 3868 1234' },
  ])
}

async function requestOrder(company: Company): Promise<void> {
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await finish(company)
  const vouchers = await company.rows('accounting', 'Vouchers')
  expect(vouchers.map((voucher) => voucher.org_refno)).toEqual(['DH1', 'DH2'])
}

describe('without trouble', () => {
  it('each change costs its least requests', async () => {
    const company = await openTradingCompany()
    await recordOrder(company)
    expect(await calls(company)).toEqual(recording)
    await company.forget()
    await editCustomer(company)
    expect(await calls(company)).toEqual(customerEdit)
    await company.forget()
    await requestOrder(company)
    expect(await calls(company)).toEqual(newOrder)
  })
})

describe('an answer lost after commit', () => {
  it('of a creation in CRM: the code is looked up, nothing is sent again', async () => {
    const company = await openLiveCompany()
    await goWrong(company, { system: 'crm', route: createProducts, kind: 'resetAfter' })
    await enterItem(company)
    expect(await calls(company)).toEqual({ ...newItem, 'crm GET Products/code': 1 })
  })

  it('of an update in CRM: the same update is repeated once', async () => {
    const company = await openTradingCompany()
    await goWrong(company, { system: 'crm', route: writeBack, kind: 'resetAfter' })
    await recordOrder(company)
    expect(await calls(company)).toEqual({ ...recording, 'crm PUT SaleOrders': 2 })
  })

  it('of save_dictionary: the callback tells, nothing is sent again', async () => {
    const company = await openTradingCompany()
    await goWrong(company, { system: 'accounting', route: saveDictionary, kind: 'resetAfter' })
    await editCustomer(company)
    expect(await calls(company)).toEqual(customerEdit)
  })

  it('of save: the callback tells, nothing is sent again', async () => {
    const company = await openTradingCompany()
    await goWrong(company, { system: 'accounting', route: save, kind: 'resetAfter' })
    await requestOrder(company)
    expect(await calls(company)).toEqual(newOrder)
  })
})

describe('an answer that cannot be read', () => {
  it('of a creation in CRM that was done: cut in half, it is looked up', async () => {
    const company = await openLiveCompany()
    await goWrong(company, { system: 'crm', route: createProducts, kind: 'truncate' })
    await enterItem(company)
    expect(await calls(company)).toEqual({ ...newItem, 'crm GET Products/code': 1 })
  })

  it('of a creation in CRM that was not done: it is looked up, then sent again', async () => {
    await Promise.all(
      ['html', 'errorBody', 'resetBefore'].map(async (kind) => {
        const company = await openLiveCompany()
        await goWrong(company, { system: 'crm', route: createProducts, kind })
        await enterItem(company)
        expect(await calls(company)).toEqual({ ...newItem, 'crm GET Products/code': 1, 'crm POST Products': 2 })
      }),
    )
  })

  it('of a look-up after a lost answer: it is asked again', async () => {
    const company = await openLiveCompany()
    const lookUp = 'GET /api/v2/Products/code'
    await goWrong(
      company,
      { system: 'crm', route: createProducts, kind: 'resetAfter' },
      { system: 'crm', route: lookUp, kind: 'html' },
    )
    await enterItem(company)
    expect(await calls(company)).toEqual({ ...newItem, 'crm GET Products/code': 2 })
  })

  it('of save that was done: cut in half, the callback tells', async () => {
    const company = await openTradingCompany()
    await goWrong(company, { system: 'accounting', route: save, kind: 'truncate' })
    await requestOrder(company)
    expect(await calls(company)).toEqual(newOrder)
  })

  it('of save that was not done: only after the error list and the state it is sent again', async () => {
    const looks = { 'act get_call_back_detail_error': 1, 'act get_voucher_state': 1 }
    await Promise.all(
      ['html', 'resetBefore'].map(async (kind) => {
        const company = await openTradingCompany({ tenant: { connections: { accounting: { outcomeTimeoutMs: 300 } } } })
        await goWrong(company, { system: 'accounting', route: save, kind })
        await requestOrder(company)
        expect(await calls(company)).toEqual({ ...newOrder, ...looks, 'act save': 2 })
      }),
    )
  })

  it('of save that was refused as a whole: the order is read and sent again a little later', async () => {
    const company = await openTradingCompany()
    await goWrong(company, { system: 'accounting', route: save, kind: 'errorBody' })
    await requestOrder(company)
    expect(await calls(company)).toEqual({ 'crm GET SaleOrders/id': 2, 'act save': 2 })
  })

  it('of a read, whatever it is: it is asked again', async () => {
    const kinds = ['truncate', 'html', 'errorBody', 'resetBefore', 'resetAfter']
    await Promise.all(
      kinds.map(async (kind) => {
        const company = await openTradingCompany()
        await goWrong(company, { system: 'crm', route: 'GET /api/v2/Customers/id', kind })
        await editCustomer(company)
        expect(await calls(company)).toEqual({ ...customerEdit, 'crm GET Customers/id': 2 })
      }),
    )
  })
})

describe('rows of one call', () => {
  const codes = ['VT1', 'VT2', 'VT3', 'VT4', 'VT5', 'VT6']
  const enter = async (company: Company) => {
    const commands = codes.map((code) => ({
      system: 'accounting',
      action: 'create',
      entity: 'InventoryItems',
      record: item(code),
    }))
    await company.admin('POST', '/act', commands)
    await company.poll()
    await finish(company)
  }

  it('that fail in CRM are sent again, the others are not', async () => {
    const company = await openLiveCompany({ deliveries: false })
    await goWrong(company, { system: 'crm', route: createProducts, kind: 'partialBatch' })
    await enter(company)
    expect(await company.rows('crm', 'Products')).toHaveLength(6)
    expect(await sentRows(company, createProducts)).toEqual([6, 2])
    expect(await calls(company)).not.toHaveProperty('crm GET Products/code')
  })

  it('whose results come in another order are told apart', async () => {
    const company = await openLiveCompany({ deliveries: false })
    await goWrong(company, { system: 'crm', route: createProducts, kind: 'reorderResults' })
    await enter(company)
    for (const code of codes) {
      const { id } = (await company.find('crm', 'Products', code))!
      const [link] = await company.store.links.findByKey('product', 'crm', [code])
      expect(link).toMatchObject({ linked: true, sides: { crm: { id: String(id) } } })
    }
    expect(await sentRows(company, createProducts)).toEqual([6])
  })

  it('that fail in ACT are sent again by their outcome, the others are not', async () => {
    const company = await openTradingCompany()
    await goWrong(
      company,
      { system: 'accounting', route: save, kind: 'partialBatch' },
      { system: 'accounting', route: save, kind: 'reorderResults' },
    )
    const orders = ['DH2', 'DH3', 'DH4', 'DH5'].map((number) => ({
      system: 'crm',
      action: 'create',
      entity: 'SaleOrders',
      record: order(number, 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }),
    }))
    await company.admin('POST', '/act', orders)
    await finish(company)
    const numbers = (await company.rows('accounting', 'Vouchers')).map((voucher) => voucher.org_refno as string)
    expect(numbers.toSorted()).toEqual(['DH1', 'DH2', 'DH3', 'DH4', 'DH5'])
    expect(await fired(company)).toEqual([1, 1])
  })
})

/** How many rows each call of a route carried. */
async function sentRows(company: Company, route: string): Promise<number[]> {
  const { rows } = await company.admin('GET', '/requests')
  return (rows as { method: string; path: string; rowsIn: number }[])
    .filter((row) => `${row.method} ${row.path}` === route)
    .map((row) => row.rowsIn)
}
