import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { guid, openDriver, openReceiver, type Driver, type Loose, type Receiver } from './driver.ts'

let d: Driver
let receiver: Receiver
beforeAll(async () => {
  d = await openDriver()
  receiver = await openReceiver()
})
afterAll(async () => {
  await receiver.close()
  await d.close()
})
beforeEach(async () => {
  await d.reset()
  receiver.arrived.length = 0
  receiver.answer = { status: 200, body: '{"Success":true}' }
})

const statuses = (paths: readonly string[], get: (path: string) => Promise<{ status: number }>): Promise<number[]> =>
  Promise.all(paths.map(async (path) => (await get(path)).status))

describe('what the page says to the letter', () => {
  it('§1.2 an empty value or another spelling is a value of the wrong type', async () => {
    const queries = ['page=', 'pageSize=', 'orderBy=', 'isDescending=', 'isDescending=True', 'modifiedFrom=']
    const paths = queries.map((query) => `Customers?${query}`)
    expect(await statuses(paths, (path) => d.crmRaw('GET', path))).toEqual(paths.map(() => 400))
  })

  it('§3 an empty value is wrong, and so is the cursor of the other list', async () => {
    const unit = (code: string) => ({ entity: 'OrganizationUnits', record: { code, name: code, type: 1 } })
    for (const code of ['A', 'B']) await d.act({ system: 'system', action: 'create', ...unit(code) })
    const { nextCursor } = (await d.sys('organization-units?limit=1')).json
    expect((await d.sys(`organization-units?limit=1&cursor=${nextCursor}`)).json.items).toHaveLength(1)
    const paths = ['employees?limit=', 'employees?cursor=', 'employees?modifiedFrom=', `employees?cursor=${nextCursor}`]
    expect(await statuses(paths, d.sys)).toEqual([400, 400, 400, 400])
  })

  it('§1.5.9 warehouses come in the order of every list, newest first', async () => {
    await d.crm('POST', 'Stocks', [
      { stock_code: 'A', stock_name: 'a' },
      { stock_code: 'B', stock_name: 'b' },
    ])
    const codes = async (query: string) =>
      (await d.crm('GET', `Stocks${query}`)).data.map((row: Loose) => row.stock_code)
    expect([await codes(''), await codes('?isDescending=false')]).toEqual([
      ['B', 'A'],
      ['A', 'B'],
    ])
  })

  it('§1.5.1 totals and sums follow the formula unrounded; a line without place stands at its position', async () => {
    await d.crm('POST', 'Customers', [{ account_number: 'K', account_name: 'k' }])
    await d.crm('POST', 'Products', [{ product_code: 'P', product_name: 'p', usage_unit: 'c', tax: 'KCT' }])
    const lines = [
      { product_code: 'P', amount: 1, price: 2, discount_oc: 0.5, sort_order: 5 },
      { product_code: 'P', amount: 1, price: 1 },
    ]
    const order = { sale_order_no: 'D', sale_order_date: '2026-01-01', account_number: 'K' }
    await d.crm('POST', 'SaleOrders', [{ ...order, sale_order_product_mappings: lines }])
    const [row] = (await d.crm('GET', 'SaleOrders')).data
    const [second, first] = row.sale_order_product_mappings
    expect([first.total_oc, first.total, row.total_summary_oc, row.total_summary]).toEqual([1.5, 2, 2.5, 3])
    expect([second.sort_order, second.total_oc]).toEqual([2, 1])
  })

  it('§2.2.1 the name of a price policy may be absent', async () => {
    const policy = { entity: 'PricePolicies', record: { policy_code: 'C', apply_to: 0 } }
    const { record } = await d.act({ system: 'accounting', action: 'create', ...policy })
    expect([record.policy_name, record.details]).toEqual([null, []])
  })

  it('§2.3.2 an employee is found by the System id, whether the row names its role or not', async () => {
    const row = { dictionary_type: 1, amis_platform_id: 'E1', account_object_code: 'NV1', account_object_name: 'a' }
    const renamed = { dictionary_type: 1, amis_platform_id: 'E1', account_object_code: 'NV2' }
    await d.acc('save_dictionary', { dictionary: [{ ...row, is_employee: true }, renamed] })
    await d.flush()
    const rows = await d.state('accounting', 'AccountObjects')
    expect(rows.map((each) => [each.account_object_code, each.is_employee])).toEqual([['NV2', true]])
  })

  it('§2.4 get_voucher_state takes one of two bodies and gives a row for any id', async () => {
    expect((await d.acc('get_voucher_state')).ErrorCode).toBe('InvalidParam')
    const { data } = await d.acc('get_voucher_state', { list_org_refid: [guid(1).toUpperCase(), 'x'] })
    expect(data.map((row: Loose) => [row.org_refid, row.exists])).toEqual([
      [guid(1), false],
      ['x', false],
    ])
    expect((await d.acc('get_voucher_state', { last_sync_time: null })).data).toEqual([])
  })

  it('§2.3.3 orders of a request are stored unchecked; §2.4 its state keeps first values; §5.4 amounts and reasons', async () => {
    const person = (action: string, rest: object) => d.act({ system: 'accounting', action, ...rest })
    const make = (entity: string, record: object) => person('create', { entity, record })
    await make('Units', { unit_name: 'Cái' })
    await make('InventoryItems', { inventory_item_code: 'V', inventory_item_name: 'v', unit_name: 'Cái' })
    await make('AccountObjects', { account_object_code: 'K', account_object_name: 'k', is_customer: true })
    const line = { inventory_item_code: 'V', unit_name: 'Cái', quantity: 1, unit_price: 100, amount: 100 }
    const voucher = (n: number, voucher_type: number, reftype: number) => ({
      voucher_type,
      reftype,
      org_refid: guid(n),
      org_refno: `C${n}`,
      refdate: '2026-01-01',
      account_object_code: 'K',
      currency_id: 'VND',
      exchange_rate: 1,
      total_sale_amount: 100,
      total_discount_amount: 0,
      total_vat_amount: 0,
      total_amount: 100,
      detail: [{ ref_detail_id: guid(n), ...line }],
      ...(voucher_type === 122 && { order_org_refids: ['x', guid(9).toUpperCase()], order_nos: ['DH9'] }),
    })
    await d.acc('save', { voucher: [voucher(1, 122, 9550), voucher(2, 20, 3520)] })
    await d.flush()
    const [request] = await d.state('accounting', 'Vouchers', 'C1')
    expect([request.order_org_refids, request.order_nos]).toEqual([['x', guid(9)], ['DH9']])
    expect((await person('refuseInvoiceRequest', { key: 'C1' })).code).toBe('required')
    const invoiced = await person('invoiceRequests', { keys: ['C1'] })
    expect(invoiced.record.state).toMatchObject({
      status: 0,
      delivered_status: 0,
      revenue_status: 0,
      is_invoiced: true,
    })
    await person('invoice', { key: 'C2' })
    const corrected = await person('invoice', { key: 'C2', amount: -40 })
    expect(corrected.record.state).toMatchObject({ status: 1, total_invoice_amount: 60 })
    expect((await person('receive', { key: 'C2', amount: 0 })).code).toBe('invalid')
  })

  it('§5.3 a clock takes one of its forms, and no call takes what is not JSON', async () => {
    expect((await d.admin('PUT', 'clock', { freezeAt: '2026-01-01T00:00:00Z', advanceMs: 1 })).code).toBe('bad_request')
    expect((await d.admin('GET', 'clock')).frozen).toBe(false)
    for (const path of ['reset', 'deliveries/flush'])
      expect((await d.admin('POST', path, '{')).code).toBe('bad_request')
  })

  it('§5.3 one step of the clock over all repeats makes them all, and gives up', async () => {
    receiver.answer = { status: 500, body: '' }
    await d.admin('PUT', 'clock', { freezeAt: '2026-11-24T08:00:00+07:00' })
    await d.admin('PUT', 'delivery', { accountingCallback: { url: receiver.url }, applyDelayMs: 1000 })
    await d.login()
    await d.acc('save_dictionary', { dictionary: [{ dictionary_type: 6, unit_name: 'Cái' }] })
    await d.admin('PUT', 'clock', { advanceMs: 7000 })
    expect((await d.admin('GET', 'deliveries')).rows.map((row: Loose) => [row.status, row.attempts])).toEqual([
      ['pending', 3],
      ['pending', 3],
    ])
    await d.admin('PUT', 'clock', { advanceMs: 30_000 })
    expect(receiver.arrived).toHaveLength(8)
    const range = { from_date: '2026-01-01 00:00:00', to_date: '2027-01-01 00:00:00' }
    expect((await d.acc('get_call_back_detail_error', range)).data).toHaveLength(2)
  })
})
