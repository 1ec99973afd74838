import { expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, order, product } from './records.ts'

/** A live company whose systems lack something, with an order of KH1 at Đề nghị ghi that is in ACT. */
async function withOrder(capabilities: AnyRow, tenant: AnyRow = {}): Promise<Company> {
  const company = await openCompany({ tenant })
  await company.admin('PUT', '/capabilities', capabilities)
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'SaleOrders', order('DH0', 'KH1', 'VT1'))
  await company.connect()
  await company.settle()
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1'))
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  return company
}

const crmOrder = async (company: Company) => (await company.find('crm', 'SaleOrders', 'DH1'))!
const voucher = async (company: Company) => (await company.find('accounting', 'Vouchers', 'DH1'))!

it('C12 crm.productWrite off: the CRM side of products and their groups is read only, and says so', async () => {
  const company = await openLiveCompany({ tenant: { connections: { crm: { capabilities: { productWrite: false } } } } })
  await company.admin('PUT', '/capabilities', { crm: { productWrite: false } })
  await company.create('crm', 'Products', product('VT1'))
  await company.settle()
  await company.forget()
  await company.update('accounting', 'InventoryItems', 'VT1', { inventory_item_name: 'Sửa ở kế toán' })
  await company.create('accounting', 'InventoryItems', {
    inventory_item_code: 'KT1',
    inventory_item_name: 'Chỉ có ở kế toán',
    unit_name: 'Cái',
  })
  await company.create('accounting', 'Categories', {
    inventory_item_category_code: 'NH1',
    inventory_item_category_name: 'Nhóm ở kế toán',
  })
  await company.settle()
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await company.store.work.counts()).toEqual([])
  const { readOnly = {} } = (await company.store.state())!
  expect(Object.keys(readOnly).toSorted()).toEqual(['product-group|crm', 'product|crm'])
  expect(readOnly['product|crm']).toMatchObject({ code: 'READ_ONLY', vi: expect.stringContaining('productWrite') })
  await company.update('crm', 'Products', 'VT1', { unit_price: 120000 })
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
    sale_price1: 120000,
    inventory_item_name: 'Sửa ở kế toán',
  })
})

it('C12 accounting.quotes and invoiceRequests off by the file: the entities are off with the reason, orders go on', async () => {
  const off = { quotes: false, invoiceRequests: false, contracts: false }
  const company = await withOrder({ accounting: off }, { connections: { accounting: { capabilities: off } } })
  expect(Object.keys((await company.store.state())!.off ?? {}).toSorted()).toEqual(['invoice-request', 'quote'])
  expect((await voucher(company)).voucher_type).toBe(20)
})

it('C12 accounting.contracts off: mode contract is refused when the file is checked, with the place and the way out', async () => {
  const tenant = {
    salesOrders: { recordAs: 'contract' },
    connections: { accounting: { capabilities: { contracts: false } } },
  }
  await expect(openCompany({ tenant })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    text: { en: expect.stringMatching(/contracts.*Choose another value for recordAs/s) },
  })
})

it('C12 crm.revenueWithdrawal off: requests are counted by the product, so a new one clears ACT’s refusal', async () => {
  const company = await withOrder({ crm: { revenueWithdrawal: false } })
  expect(await crmOrder(company)).toMatchObject({ revenue_status: 'Đề nghị ghi' })
  await company.act('accounting', 'refuseRevenue', { key: 'DH1', reason: 'Thiếu hợp đồng' })
  await company.settle()
  expect(await crmOrder(company)).toMatchObject({ revenue_status: 'Từ chối ghi' })
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  expect((await voucher(company)).state).toMatchObject({ revenue_refused: false, request_seq: 2 })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await company.settle()
  expect(await crmOrder(company)).toMatchObject({ revenue_status: 'Đã ghi' })
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
})

it('C12 crm.receiptList off: the total is written back, the list is kept by the product', async () => {
  const company = await withOrder({ crm: { receiptList: false } })
  await company.act('accounting', 'receive', { key: 'DH1', amount: 50000 })
  await company.settle()
  expect(await crmOrder(company)).toMatchObject({ total_receipted_amount: 50000 })
  const [link] = await company.store.links.findByKey('sales-order', 'crm', ['DH1'])
  expect(JSON.stringify({ ...link!.base, ...link!.sides.accounting?.known })).toContain('PT0001')
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
})

it('C12 crm.lineIds off: lines are told apart by product, unit and place; delivered quantities still come back', async () => {
  const company = await withOrder({ crm: { lineIds: false } })
  await company.act('accounting', 'deliver', { key: 'DH1', via: 'sales' })
  await company.settle()
  const { sale_order_product_mappings: lines } = await crmOrder(company)
  expect(lines).toMatchObject([{ product_code: 'VT1', shipping_amount: 2 }])
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Vẫn là một dòng' })
  await company.settle()
  expect((await voucher(company)).detail).toHaveLength(1)
})

it('C12 crm.rowErrorCodes off: a refused row is told by its place and its text, the others go on', async () => {
  const company = await openLiveCompany()
  await company.admin('PUT', '/capabilities', { crm: { rowErrorCodes: false } })
  const item = (code: string) => ({ inventory_item_code: code, inventory_item_name: code, unit_name: 'Cái' })
  await company.create('accounting', 'InventoryItems', item('TOT'))
  await company.create('accounting', 'InventoryItems', {
    ...item('XAU'),
    inventory_item_name: 'x'.repeat(2_001).slice(0, 2_000),
  })
  await company.create('crm', 'Products', product('TRUNG'))
  await company.settle()
  expect(await company.find('crm', 'Products', 'TOT')).toBeDefined()
  expect(await company.find('accounting', 'InventoryItems', 'TRUNG')).toBeDefined()
  expect((await company.store.links.counts('product')).linked).toBe(3)
})

it('C12 crm.referenceCodes off: names are resolved through our own links, one candidate only; else a person decides', async () => {
  const company = await openCompany()
  await company.admin('PUT', '/capabilities', { crm: { referenceCodes: false } })
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'Customers', customer('KH1', { account_name: 'An Phát' }))
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Trùng Tên' }))
  await company.create('crm', 'Customers', customer('KH3', { account_name: 'Trùng Tên' }))
  await company.connect()
  await company.settle()
  for (const [number, account] of [
    ['DH1', 'KH1'],
    ['DH2', 'KH2'],
  ] as const) {
    await company.create('crm', 'SaleOrders', order(number, account, 'VT1'))
    await company.act('crm', 'requestRevenue', { key: number })
  }
  await company.settle()
  expect(await company.find('accounting', 'Vouchers', 'DH1')).toMatchObject({ account_object_code: 'KH1' })
  expect(await company.find('accounting', 'Vouchers', 'DH2')).toBeUndefined()
  const held = await company.store.work.page({ entity: 'sales-order' }, { limit: 10 })
  expect(held.map(({ state, failure }) => [state, failure?.code])).toEqual([['blocked', 'NAME_AMBIGUOUS']])
})
