import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openLiveCompany } from './company.ts'
import { customer, order, product } from './records.ts'
import { fired, goWrong } from './trouble.ts'

const back = 'PUT /api/v2/SaleOrders'

/** A live company whose order DH1 is in ACT: 5 of VT1 and 3 of VT2, 864 000 ₫ with VAT. */
async function requested(): Promise<Company> {
  const company = await openLiveCompany()
  await company.create('crm', 'Customers', customer('KH1'))
  for (const code of ['VT1', 'VT2']) await company.create('crm', 'Products', product(code))
  const lines = [
    { product_code: 'VT1', amount: 5, price: 100000 },
    { product_code: 'VT2', amount: 3, price: 100000 },
  ]
  const own = { description: 'Giao sáng', custom_field1: 'riêng của CRM', shipping_address: '12 Hàng Bài' }
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { ...own, sale_order_product_mappings: lines }))
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  return company
}

const inCrm = async (company: Company, number = 'DH1') => (await company.find('crm', 'SaleOrders', number))!

/** Stamps of the row, and twins in the document's currency that the CRM keeps itself. */
const ofTheCrm = /^modified_|_oc$/

/** What an act in ACT changes of the CRM's row: every column compared, in exactly so many writes, and none to ACT. */
async function changedBy(company: Company, act: () => Promise<unknown>, writes = 1): Promise<AnyRow> {
  const before = await inCrm(company)
  await company.forget()
  await act()
  await company.settle()
  expect(await company.writes()).toEqual(writes === 0 ? {} : { [back]: writes })
  const after = await inCrm(company)
  const changed = Object.keys({ ...before, ...after }).filter(
    (name) => !ofTheCrm.test(name) && JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  )
  return Object.fromEntries(changed.map((name) => [name, after[name]]))
}

const does =
  (company: Company, action: string, more: AnyRow = {}) =>
  () =>
    company.act('accounting', action, { key: 'DH1', ...more })

const delivered = (...amounts: number[]) => amounts.map((shipping_amount) => ({ shipping_amount }))

it(
  'SO4 delivered quantity comes back, of each line and in all, also when it is taken back',
  { timeout: 40_000 },
  async () => {
    const company = await requested()
    const some = does(company, 'deliver', { via: 'sales', lines: [{ sort_order: 2, quantity: 2.5 }] })
    const first = await changedBy(company, some)
    expect(first).toMatchObject({ shipping_amount_summary: 2.5, sale_order_product_mappings: delivered(0, 2.5) })
    const more = await changedBy(
      company,
      does(company, 'deliver', { via: 'sales', lines: [{ sort_order: 1, quantity: 1 }] }),
    )
    expect(more).toEqual({ shipping_amount_summary: 3.5, sale_order_product_mappings: expect.anything() })
    expect(more).toMatchObject({ sale_order_product_mappings: delivered(1, 2.5) })
    const undone = await changedBy(company, does(company, 'undoVouchers'))
    expect(undone).toMatchObject({ shipping_amount_summary: 0, sale_order_product_mappings: delivered(0, 0) })
  },
)

it('SO5 order status comes back: each of them, and nothing else', { timeout: 40_000 }, async () => {
  const company = await requested()
  for (const [status, text] of [
    [1, 'Đang thực hiện'],
    [2, 'Đã thực hiện'],
    [3, 'Đã hủy bỏ'],
    [0, 'Chưa thực hiện'],
  ] as const)
    expect(await changedBy(company, does(company, 'setStatus', { status }))).toEqual({ status: text })
  await changedBy(company, does(company, 'setStatus', { status: 1 }))
  expect(await changedBy(company, does(company, 'setStatus', { status: 1 }), 0)).toEqual({})
  // Done at ACT, delivered in full, but not paid: the CRM has a word of its own for it.
  const full = await changedBy(company, does(company, 'deliver', { via: 'sales' }))
  expect(full.status).toBeUndefined()
  expect(await changedBy(company, does(company, 'setStatus', { status: 2 }))).toEqual({ status: 'Đã giao đủ hàng' })
})

it('SO6 SO13 revenue recording comes back: recorded, then refused with its reason, and nothing else', async () => {
  const company = await requested()
  expect(await changedBy(company, does(company, 'recordRevenue'))).toEqual({ revenue_status: 'Đã ghi' })
  expect(await changedBy(company, does(company, 'refuseRevenue', { reason: 'Thiếu hợp đồng' }))).toEqual({
    revenue_status: 'Từ chối ghi',
    revenue_refusal_reason: 'Thiếu hợp đồng',
  })
})

it('SO7 delivery status comes back: none, some, all, and none again', async () => {
  const company = await requested()
  const lines = [{ sort_order: 1, quantity: 1 }]
  expect((await inCrm(company)).delivery_status).toBe('Chưa giao hàng')
  const some = await changedBy(company, does(company, 'deliver', { via: 'sales', lines }))
  expect(some.delivery_status).toBe('Đang giao hàng')
  const all = await changedBy(company, does(company, 'deliver', { via: 'sales' }))
  expect(all.delivery_status).toBe('Đã giao hàng')
  const none = await changedBy(company, does(company, 'undoVouchers'))
  expect(none.delivery_status).toBe('Chưa giao hàng')
})

it('SO8 SO9 amount received, its receipts and the amount still to collect come back, and nothing else', async () => {
  const company = await requested()
  const first = { receipt_no: 'PT0001', receipt_date: '2026-11-22', amount: 500000 }
  expect(await changedBy(company, does(company, 'receive', first))).toEqual({
    total_receipted_amount: 500000,
    receipts: [first],
    balance_receipt_amount: 364000,
    pay_status: 'Đã thanh toán một phần',
    status: 'Đang thực hiện',
  })
  const second = { receipt_no: 'PT0002', receipt_date: '2026-11-23', amount: 364000 }
  expect(await changedBy(company, does(company, 'receive', second))).toEqual({
    total_receipted_amount: 864000,
    receipts: [first, second],
    balance_receipt_amount: 0,
    pay_status: 'Đã thanh toán',
    paid_date: '2026-11-23',
  })
})

it('SO10 SO11 invoicing status and invoiced value come back, and nothing else; of a draft invoice nothing does', async () => {
  const company = await requested()
  expect(await changedBy(company, does(company, 'invoice', { amount: 100000, is_draft: true }), 0)).toEqual({})
  expect(await changedBy(company, does(company, 'invoice', { amount: 300000 }))).toEqual({
    is_invoiced: true,
    invoiced_amount: 300000,
    un_invoiced_amount: 564000,
    status: 'Đang thực hiện',
  })
  expect(await changedBy(company, does(company, 'invoice', { amount: 164000 }))).toEqual({
    invoiced_amount: 464000,
    un_invoiced_amount: 400000,
  })
  const undone = await changedBy(company, does(company, 'undoVouchers'))
  expect(undone).toMatchObject({ is_invoiced: false, invoiced_amount: 0, un_invoiced_amount: 864000 })
})

describe('D3 no ninth field comes back', () => {
  const figures = [
    'balance_receipt_amount',
    'delivery_status',
    'invoiced_amount',
    'is_invoiced',
    'pay_status',
    'receipts',
    'revenue_status',
    'sale_order_product_mappings',
    'shipping_amount_summary',
    'status',
    'total_receipted_amount',
    'un_invoiced_amount',
  ]

  it('D3 all of an order’s life in ACT changes the named columns of its CRM row, of its lines the delivered quantity', async () => {
    const company = await requested()
    const { sale_order_product_mappings: before } = await inCrm(company)
    const changed: AnyRow = {}
    for (const [action, more] of [
      ['recordRevenue', {}],
      ['deliver', { via: 'sales' }],
      ['receive', { amount: 100000 }],
      ['invoice', { amount: 200000 }],
    ] as const)
      Object.assign(changed, await changedBy(company, does(company, action, more)))
    expect(Object.keys(changed).toSorted()).toEqual(figures)
    const lines = (await inCrm(company)).sale_order_product_mappings as AnyRow[]
    expect(lines).toEqual((before as AnyRow[]).map((line) => ({ ...line, shipping_amount: line.amount })))
  })

  it('D3 what is written back carries nothing of the CRM’s own, though the product’s view of it is old', async () => {
    const company = await requested()
    await company.admin('PUT', '/clock', { advanceMs: 60_000 })
    await company.admin('PUT', '/delivery', {
      crmWebhook: null,
      accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
    })
    const own = { description: 'Giao chiều', custom_field1: 'mới', shipping_address: '5 Tràng Tiền' }
    await company.update('crm', 'SaleOrders', 'DH1', own)
    await goWrong(company, {
      system: 'crm',
      route: 'GET /api/v2/SaleOrders',
      kind: 'staleRead',
      times: 20,
      params: { ms: 30_000 },
    })
    await company.forget()
    await company.act('accounting', 'deliver', { key: 'DH1', via: 'sales' })
    await company.settle()
    expect((await fired(company))[0]).toBeGreaterThan(0)
    expect(await company.writes()).toEqual({ [back]: 1 })
    expect(await inCrm(company)).toMatchObject({ ...own, delivery_status: 'Đã giao hàng' })
  })

  it('D3 a decided and invoiced request: its status and its invoices, each other column as before', async () => {
    const company = await requested()
    await company.create('crm', 'InvoiceRequests', {
      request_no: 'DN1',
      request_date: '2026-11-21',
      account_number: 'KH1',
      sale_order_nos: ['DH1'],
      description: 'Xuất sớm',
      invoice_request_product_mappings: [{ product_code: 'VT1', amount: 2, price: 100000, sale_order_no: 'DH1' }],
    })
    await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
    await company.settle()
    const row = async () => {
      const { modified_date: _date, modified_by: _by, ...rest } = (await company.find('crm', 'InvoiceRequests', 'DN1'))!
      return rest
    }
    const before = await row()
    await company.act('accounting', 'approveInvoiceRequest', { key: 'DN1' })
    await company.settle()
    expect(await row()).toEqual({ ...before, status: 'Đã duyệt' })
    await company.act('accounting', 'invoiceRequests', { keys: ['DN1'], invoice_no: 'HD1', invoice_date: '2026-11-22' })
    await company.settle()
    const invoices = [{ invoice_no: 'HD1', invoice_date: '2026-11-22', amount: 216000 }]
    expect(await row()).toEqual({ ...before, status: 'Đã xuất hóa đơn', invoices })
  })
})
