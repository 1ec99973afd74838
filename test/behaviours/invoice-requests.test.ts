import { expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, invoiceRequest, order, product } from './records.ts'

const saves = 'POST /apir/sync/actopen/save'
const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
const back = 'PUT /api/v2/InvoiceRequests'

/** A live company with the draft request DN1 over the order DH1; nobody needed the customer before. */
async function withDraft(options: AnyRow = {}): Promise<Company> {
  const company = await openLiveCompany(options)
  await company.create('crm', 'Customers', customer('KH1', { tax_code: '0100109106', billing_address: 'Hà Nội' }))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1'))
  await company.create('crm', 'InvoiceRequests', invoiceRequest('DN1', 'KH1', 'VT1', 'DH1', { buyer_email: 'kt@x.vn' }))
  await company.settle()
  await company.forget()
  return company
}

/** The same, with DH1 in ACT and DN1 sent. */
async function sent(options: AnyRow = {}): Promise<Company> {
  const company = await withDraft(options)
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  await company.forget()
  return company
}

const inAct = (company: Company, number = 'DN1') => company.find('accounting', 'Vouchers', number)
const inCrm = async (company: Company, number = 'DN1') => (await company.find('crm', 'InvoiceRequests', number))!

it('IR1 a draft request is not sent; one that is sent goes to ACT at once, with what it needs', async () => {
  const company = await withDraft()
  await company.update('crm', 'InvoiceRequests', 'DN1', { description: 'Còn nháp' })
  await company.settle()
  expect(await company.writes()).toEqual({})
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await company.writes()).toEqual({ [dictionaries]: 1, [saves]: 1 })
  expect(await inAct(company)).toMatchObject({
    voucher_type: 122,
    reftype: 9550,
    refdate: '2026-11-21',
    journal_memo: 'Còn nháp',
    account_object_code: 'KH1',
    buyer_name: 'Công ty KH1',
    buyer_email: 'kt@x.vn',
    request_seq: 1,
    order_nos: ['DH1'],
    order_org_refids: [],
    total_amount: 216000,
    detail: [{ inventory_item_code: 'VT1', quantity: 2, unit_price: 100000, vat_rate: 8, order_org_refid: null }],
  })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
  expect(await inAct(company, 'DH1')).toBeUndefined()
})

it('IR1 the orders that ACT has are named by their ids, in the header and on the lines', async () => {
  const company = await sent()
  const orderThere = (await inAct(company, 'DH1'))!
  expect(await inAct(company)).toMatchObject({
    order_nos: ['DH1'],
    order_org_refids: [orderThere.org_refid],
    detail: [{ order_org_refid: orderThere.org_refid }],
  })
})

it('IR1 an edit while requested goes; one after the decision does not', async () => {
  const company = await sent()
  await company.update('crm', 'InvoiceRequests', 'DN1', { buyer_address: '12 Hàng Bài' })
  await company.settle()
  expect(await company.writes()).toEqual({ [saves]: 1 })
  expect(await inAct(company)).toMatchObject({ buyer_address: '12 Hàng Bài', request_seq: 1 })
  await company.act('accounting', 'approveInvoiceRequest', { key: 'DN1' })
  await company.settle()
  await company.forget()
  await company.update('crm', 'InvoiceRequests', 'DN1', { buyer_address: '13 Hàng Bài' })
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await inAct(company)).toMatchObject({ buyer_address: '12 Hàng Bài' })
})

it('IR2 a request that was not sent automatically is sent by hand; a draft is not, even so', async () => {
  const company = await withDraft({ deliveries: false })
  await company.create('crm', 'InvoiceRequests', invoiceRequest('DN2', 'KH1', 'VT1', 'DH1'))
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await inAct(company)).toBeUndefined()
  await company.deliverTo(company.runner.url)
  await company.engine.desk('request', { entity: 'invoice-request', from: 'crm', keys: ['DN1', 'DN2'] })
  await company.settle()
  expect(await inAct(company)).toBeDefined()
  expect(await inAct(company, 'DN2')).toBeUndefined()
})

it('IR3 IR4 the accountant approves it and makes an invoice from it; status and invoice come back', async () => {
  const company = await sent()
  const before = await inCrm(company)
  await company.act('accounting', 'approveInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ status: 'Đã duyệt', refusal_reason: null, invoices: [] })
  await company.act('accounting', 'invoiceRequests', { keys: ['DN1'], invoice_no: 'HD1', invoice_date: '2026-11-22' })
  await company.settle()
  const after = await inCrm(company)
  expect(after).toMatchObject({
    status: 'Đã xuất hóa đơn',
    refusal_reason: null,
    invoices: [{ invoice_no: 'HD1', invoice_date: '2026-11-22', amount: 216000 }],
  })
  expect((await company.writes())[back]).toBe(2)
  expect((await company.writes())[saves]).toBeUndefined()
  const changed = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
  expect(changed.sort()).toEqual(['invoices', 'modified_by', 'modified_date', 'status'])
  await company.act('accounting', 'undoVouchers', { key: 'DN1' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ status: 'Đã duyệt', invoices: [] })
})

it('IR3 IR4 a refusal comes back with its reason; sent again, edited, it is a new request, and its answer is news', async () => {
  const company = await sent()
  await company.act('accounting', 'refuseInvoiceRequest', { key: 'DN1', reason: 'Sai mã số thuế' })
  await company.settle()
  expect(await company.writes()).toEqual({ [back]: 1 })
  expect(await inCrm(company)).toMatchObject({ status: 'Từ chối', refusal_reason: 'Sai mã số thuế' })
  await company.forget()
  await company.update('crm', 'InvoiceRequests', 'DN1', { buyer_tax_code: '0100109107' })
  await company.settle()
  expect(await company.writes()).toEqual({})
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await company.writes()).toEqual({ [saves]: 1 })
  expect(await inAct(company)).toMatchObject({
    request_seq: 2,
    buyer_tax_code: '0100109107',
    state: { invoice_request: { decision: 0, reason: null } },
  })
  expect(await inCrm(company)).toMatchObject({ status: 'Đã đề nghị', refusal_reason: null })
  await company.act('accounting', 'refuseInvoiceRequest', { key: 'DN1', reason: 'Vẫn sai' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ status: 'Từ chối', refusal_reason: 'Vẫn sai' })
})

it('IR4 an answer to an older request is not written over the newer one', async () => {
  const company = await sent()
  await company.admin('PUT', '/delivery', {
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
    crmWebhook: null,
  })
  await company.act('accounting', 'refuseInvoiceRequest', { key: 'DN1', reason: 'Sai mã số thuế' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ status: 'Từ chối' })
  // Sent again, and nobody was told of it yet: the old refusal is still what ACT shows.
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.forget()
  await company.engine.desk('request', { entity: 'invoice-request', from: 'crm', keys: ['DN1'] })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ status: 'Đã đề nghị', refusal_reason: null })
  expect(await company.writes()).toEqual({ [saves]: 1 })
})

it('IR5 one invoice covers several requests and orders; a draft of it does not count', async () => {
  const company = await sent()
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  await company.create(
    'crm',
    'InvoiceRequests',
    invoiceRequest('DN2', 'KH1', 'VT1', 'DH2', {
      sale_order_nos: ['DH1', 'DH2'],
      invoice_request_product_mappings: [
        { product_code: 'VT1', amount: 1, price: 100000, sale_order_no: 'DH1' },
        { product_code: 'VT1', amount: 2, price: 100000, sale_order_no: 'DH2' },
      ],
    }),
  )
  await company.act('crm', 'requestRevenue', { key: 'DH2' })
  await company.settle()
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN2' })
  await company.settle()
  const [first, second] = [(await inAct(company, 'DH1'))!, (await inAct(company, 'DH2'))!]
  expect(await inAct(company, 'DN2')).toMatchObject({
    order_nos: ['DH1', 'DH2'],
    order_org_refids: [first.org_refid, second.org_refid],
    detail: [{ order_org_refid: first.org_refid }, { order_org_refid: second.org_refid }],
  })
  await company.act('accounting', 'invoiceRequests', {
    keys: ['DN1', 'DN2'],
    is_draft: true,
    invoice_date: '2026-11-22',
  })
  await company.settle()
  for (const number of ['DN1', 'DN2'])
    expect(await inCrm(company, number)).toMatchObject({ status: 'Đã duyệt', invoices: [] })
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ is_invoiced: false, invoiced_amount: 0 })
  await company.act('accounting', 'issueInvoice', { key: 'DN1', invoice_no: 'HD9' })
  await company.settle()
  const invoice = { invoice_no: 'HD9', invoice_date: '2026-11-22' }
  expect(await inCrm(company)).toMatchObject({ status: 'Đã xuất hóa đơn', invoices: [{ ...invoice, amount: 216000 }] })
  expect(await inCrm(company, 'DN2')).toMatchObject({
    status: 'Đã xuất hóa đơn',
    invoices: [{ ...invoice, amount: 324000 }],
  })
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ is_invoiced: true, invoiced_amount: 324000 })
  expect(await company.find('crm', 'SaleOrders', 'DH2')).toMatchObject({ is_invoiced: true, invoiced_amount: 216000 })
})

it('IR1 a request that the accountant deleted silently is made again when it is sent again', async () => {
  const company = await sent()
  await company.act('accounting', 'refuseInvoiceRequest', { key: 'DN1', reason: 'Nhập sai' })
  await company.settle()
  await company.act('accounting', 'deleteRequest', { key: 'DN1' })
  await company.settle()
  expect(await inAct(company)).toBeUndefined()
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await inAct(company)).toMatchObject({ voucher_type: 122, request_seq: 2 })
  expect(await inCrm(company)).toMatchObject({ status: 'Đã đề nghị' })
})

it('IR3 a request that the accountant deleted silently: CRM is told nothing; its record says so, and a person sends it again', async () => {
  const company = await sent()
  const before = await inCrm(company)
  await company.act('accounting', 'deleteRequest', { key: 'DN1' })
  await company.poll()
  expect(await company.writes()).toEqual({})
  // Nothing told of it: it is found when the document is looked up by its id.
  const [link] = await company.store.links.findByKey('invoice-request', 'crm', ['DN1'])
  const { resource, id } = link!.sides.accounting!
  const look = { entity: 'invoice-request', side: 'accounting', resource, recordId: id }
  await company.store.work.add([look], Date.now())
  company.engine.wake()
  await company.settle()
  expect(await company.writes()).toEqual({})
  expect(await inCrm(company)).toEqual(before)
  const [gone] = await company.store.links.findByKey('invoice-request', 'crm', ['DN1'])
  expect(gone!.sides.accounting).toMatchObject({ gone: true })
  expect(gone!.trail.at(-1)!.text!.vi).toContain('đã bị xóa ở bên kia')
  await company.engine.desk('request', { entity: 'invoice-request', from: 'crm', keys: ['DN1'] })
  await company.settle()
  expect(await company.writes()).toEqual({ [saves]: 1 })
  expect(await inAct(company)).toMatchObject({ org_refid: id, request_seq: 1 })
  await company.act('accounting', 'approveInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ status: 'Đã duyệt' })
})

it('IR3 an edit that crosses the approval does not travel: the approval is told, and the request is closed for edits', async () => {
  const company = await sent()
  await company.admin('PUT', '/delivery', { accountingCallback: null })
  await company.act('accounting', 'approveInvoiceRequest', { key: 'DN1' })
  await company.deliverTo(company.runner.url)
  await company.update('crm', 'InvoiceRequests', 'DN1', { buyer_address: 'Sửa lúc duyệt' })
  await company.settle()
  expect(await company.writes()).toEqual({ [back]: 1 })
  expect(await inCrm(company)).toMatchObject({ status: 'Đã duyệt', buyer_address: 'Sửa lúc duyệt' })
  expect(await inAct(company)).toMatchObject({ buyer_address: null })
  expect(await company.store.work.counts()).toEqual([])
})

it('IR5 each request lists its own part of an invoice, and the parts add up to what the orders show, within 1,000 ₫', async () => {
  const company = await sent()
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  await company.act('crm', 'requestRevenue', { key: 'DH2' })
  await company.create('crm', 'InvoiceRequests', invoiceRequest('DN2', 'KH1', 'VT1', 'DH2'))
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN2' })
  await company.settle()
  await company.act('accounting', 'invoiceRequests', { keys: ['DN1', 'DN2'], invoice_no: 'HD1' })
  await company.settle()
  const parts = await Promise.all(['DN1', 'DN2'].map((number) => inCrm(company, number)))
  const orders = await Promise.all(['DH1', 'DH2'].map((number) => company.find('crm', 'SaleOrders', number)))
  const sum = (amounts: number[]) => amounts.reduce((total, one) => total + one, 0)
  const listed = parts.map(({ invoices }) => sum((invoices as AnyRow[]).map(({ amount }) => amount as number)))
  expect(listed).toEqual([216000, 216000])
  expect(Math.abs(sum(listed) - sum(orders.map((one) => one!.invoiced_amount as number)))).toBeLessThanOrEqual(1000)
  for (const [index, { total_summary }] of parts.entries())
    expect(Math.abs(listed[index]! - (total_summary as number))).toBeLessThanOrEqual(1000)
})

it('IR1 a request that was sent before its order names it as soon as the order is in ACT, by itself and once', async () => {
  const company = await withDraft()
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  expect(await inAct(company)).toMatchObject({ order_org_refids: [], detail: [{ order_org_refid: null }] })
  await company.forget()
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  const orderThere = (await inAct(company, 'DH1'))!
  expect(await company.writes()).toEqual({ [saves]: 2 })
  expect(await inAct(company)).toMatchObject({
    order_org_refids: [orderThere.org_refid],
    detail: [{ order_org_refid: orderThere.org_refid }],
  })
})

it('IR1 C7 in the first sync requests go behind the orders that they name; drafts stay', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.create('crm', 'InvoiceRequests', invoiceRequest('DN1', 'KH1', 'VT1', 'DH1', { status: 'Đã đề nghị' }))
  await company.create('crm', 'InvoiceRequests', invoiceRequest('DN2', 'KH1', 'VT1', 'DH1'))
  await company.connect()
  await company.settle()
  const orderThere = (await inAct(company, 'DH1'))!
  expect(await inAct(company)).toMatchObject({ order_org_refids: [orderThere.org_refid] })
  expect(await inAct(company, 'DN2')).toBeUndefined()
  expect(await company.writes()).not.toHaveProperty(back)
})

it('D4 a push about one document is read by its own entity only, though three kinds share the table', async () => {
  const company = await sent()
  await company.act('accounting', 'approveInvoiceRequest', { key: 'DN1' })
  await company.settle()
  const { 'POST /apir/sync/actopen/get_voucher_state': states } = await company.requests()
  expect(states).toBe(1)
  const known = await company.store.links.counts('quote')
  expect(known.only).toEqual({})
})
