import { expect, it } from 'vitest'
import { type AnyRow, openCompany } from './company.ts'
import { customer, invoiceRequest, order, product } from './records.ts'
import { saves, back, withDraft, sent, inAct, inCrm } from './requested.ts'

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
