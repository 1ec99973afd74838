import { type AnyRow, type Company, openLiveCompany } from './company.ts'
import { customer, invoiceRequest, order, product } from './records.ts'

export const saves = 'POST /apir/sync/actopen/save'
export const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
export const back = 'PUT /api/v2/InvoiceRequests'

/** A live company with the draft request DN1 over the order DH1; nobody needed the customer before. */
export async function withDraft(options: AnyRow = {}): Promise<Company> {
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
export async function sent(options: AnyRow = {}): Promise<Company> {
  const company = await withDraft(options)
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  await company.act('crm', 'sendInvoiceRequest', { key: 'DN1' })
  await company.settle()
  await company.forget()
  return company
}

export const inAct = (company: Company, number = 'DN1') => company.find('accounting', 'Vouchers', number)
export const inCrm = async (company: Company, number = 'DN1') => (await company.find('crm', 'InvoiceRequests', number))!
