import { expect, it } from 'vitest'
import { invoiceRequest, order } from './records.ts'
import { saves, dictionaries, back, withDraft, sent, inAct, inCrm } from './requested.ts'

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
