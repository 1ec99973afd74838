import { expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, order, product, quote } from './records.ts'

/** A live company with one customer that Accounting does not know, and two products that it does. */
async function withCustomer(options: AnyRow = {}): Promise<Company> {
  const company = await openLiveCompany(options)
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create(
    'crm',
    'Products',
    product('VT1', { conversion_units: [{ usage_unit: 'Hộp', ratio: 12, operator: '*' }] }),
  )
  await company.create('crm', 'Products', product('DV1', { usage_unit: 'Giờ', product_properties: 'Dịch vụ' }))
  await company.settle()
  await company.forget()
  return company
}

const inAct = (company: Company, number = 'BG1') => company.find('accounting', 'Vouchers', number)

const saves = 'POST /apir/sync/actopen/save'
const dictionaries = 'POST /apir/sync/actopen/save_dictionary'

it('QU1 a quote goes to ACT on creation, with all its information, customer and products first', async () => {
  const company = await withCustomer()
  await company.create(
    'crm',
    'Quotes',
    quote('BG1', 'KH1', 'VT1', {
      valid_until: '2026-12-31',
      description: 'Giao tại kho',
      currency_type: 'USD',
      exchange_rate: 25000,
      quote_product_mappings: [
        {
          product_code: 'VT1',
          unit: 'Hộp',
          ratio: 12,
          operator: '*',
          amount: 5,
          price_oc: 10,
          discount_percent: 10,
          tax_percent: '8%',
        },
        { product_code: 'DV1', amount: 1.5, price_oc: 4, tax_percent: 'KCT' },
      ],
    }),
  )
  await company.settle()
  expect(await company.writes()).toEqual({ [dictionaries]: 1, [saves]: 1 })
  const voucher = (await inAct(company))!
  expect(voucher).toMatchObject({
    voucher_type: 121,
    reftype: 9510,
    refdate: '2026-11-20',
    valid_until: '2026-12-31',
    quote_status: 'Bản nháp',
    account_object_code: 'KH1',
    journal_memo: 'Giao tại kho',
    currency_id: 'USD',
    exchange_rate: 25000,
    total_sale_amount_oc: 56,
    total_discount_amount_oc: 5,
    total_vat_amount_oc: 3.6,
    total_amount_oc: 54.6,
    total_amount: 1365000,
  })
  expect(voucher.detail).toMatchObject([
    { inventory_item_code: 'VT1', unit_name: 'Hộp', quantity: 5, main_quantity: 60, unit_price: 10, vat_rate: 8 },
    { inventory_item_code: 'DV1', unit_name: 'Giờ', quantity: 1.5, unit_price: 4, vat_rate: -1 },
  ])
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
})

it.each(['Bản nháp', 'Đã gửi', 'Chấp nhận', 'Từ chối'])(
  'QU1 a quote goes when it is made, though its status is %s',
  async (status) => {
    const company = await withCustomer()
    await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1', { status }))
    await company.settle()
    expect(await company.writesInOrder()).toEqual([dictionaries, saves])
    expect(await inAct(company)).toMatchObject({ voucher_type: 121, quote_status: status, account_object_code: 'KH1' })
  },
)

it('QU1 each edit goes, in any status; nothing comes back, and nothing is said twice', async () => {
  const company = await withCustomer()
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.settle()
  const created = (await inAct(company))!
  for (const [index, changes] of [
    { status: 'Đã gửi' },
    { status: 'Từ chối', description: 'Khách đổi ý' },
    { valid_until: '2027-01-31' },
  ].entries()) {
    await company.forget()
    await company.update('crm', 'Quotes', 'BG1', changes)
    await company.settle()
    expect(await company.writes(), `edit ${index + 1}`).toEqual({ [saves]: 1 })
  }
  const { org_refid, refno, detail } = (await inAct(company))!
  expect({ org_refid, refno }).toEqual({ org_refid: created.org_refid, refno: created.refno })
  expect(await inAct(company)).toMatchObject({
    quote_status: 'Từ chối',
    journal_memo: 'Khách đổi ý',
    valid_until: '2027-01-31',
  })
  expect(detail.map((line: AnyRow) => line.ref_detail_id)).toEqual(
    created.detail.map((line: AnyRow) => line.ref_detail_id),
  )
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect((await company.find('crm', 'Quotes', 'BG1'))!.modified_by).toBe('user')
})

it('QU1 a quote that ACT deletes stays away until it is edited; one that CRM deletes stays in ACT (D9)', async () => {
  const company = await withCustomer()
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.create('crm', 'Quotes', quote('BG2', 'KH1', 'VT1'))
  await company.settle()
  await company.act('accounting', 'deleteDocument', { key: 'BG1' })
  await company.act('crm', 'delete', { entity: 'Quotes', key: 'BG2' })
  await company.settle()
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
  expect(await inAct(company)).toBeUndefined()
  expect(await inAct(company, 'BG2')).toBeDefined()
  await company.update('crm', 'Quotes', 'BG1', { description: 'Gửi lại' })
  await company.settle()
  expect(await inAct(company)).toMatchObject({ voucher_type: 121, journal_memo: 'Gửi lại' })
})

it('QU1 the quotes of a first sync go, too, and are no news afterwards', async () => {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.connect()
  await company.settle()
  expect(await inAct(company)).toMatchObject({ voucher_type: 121 })
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
})

it('SO15 an order made from a quote keeps that reference in ACT; one without a quote has none', async () => {
  const company = await withCustomer()
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.settle()
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { quote_no: 'BG1' }))
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.act('crm', 'requestRevenue', { key: 'DH2' })
  await company.settle()
  const made = (await inAct(company))!
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: made.org_refid, quote_refid: made.refid })
  expect(await inAct(company, 'DH2')).toMatchObject({ quote_org_refid: null })
  await company.forget()
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Giao sáng' })
  await company.settle()
  expect(await company.writes()).toEqual({ [saves]: 1 })
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: made.org_refid, journal_memo: 'Giao sáng' })
})

it('SO15 where quotes are not synced the order goes without the reference', async () => {
  const company = await withCustomer({
    tenant: { entities: { quote: { enabled: false } } },
  })
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { quote_no: 'BG1' }))
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  expect(await inAct(company)).toBeUndefined()
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: null })
})

it('SO15 an order that was sent before its quote names it as soon as the quote is in ACT, by itself and once', async () => {
  const company = await withCustomer({ deliveries: false })
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.create(
    'crm',
    'SaleOrders',
    order('DH1', 'KH1', 'VT1', { quote_no: 'BG1', revenue_status: 'Đề nghị ghi' }),
  )
  await company.deliverTo(company.runner.url)
  await company.engine.desk('request', { entity: 'sales-order', from: 'crm', keys: ['DH1'] })
  await company.settle()
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: null })
  expect(await inAct(company)).toBeUndefined()
  await company.forget()
  await company.engine.desk('request', { entity: 'quote', from: 'crm', keys: ['BG1'] })
  await company.settle()
  const made = (await inAct(company))!
  expect(await company.writes()).toEqual({ [saves]: 2 })
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: made.org_refid })
  await company.forget()
  await company.update('crm', 'Quotes', 'BG1', { description: 'Sửa' })
  await company.poll()
  expect((await company.writes())[saves]).toBe(1)
})

it('SO15 an order that is locked when its quote arrives stays as it is, without a failure, until it is free again', async () => {
  const company = await withCustomer({ deliveries: false })
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.create(
    'crm',
    'SaleOrders',
    order('DH1', 'KH1', 'VT1', { quote_no: 'BG1', revenue_status: 'Đề nghị ghi' }),
  )
  await company.deliverTo(company.runner.url)
  await company.engine.desk('request', { entity: 'sales-order', from: 'crm', keys: ['DH1'] })
  await company.settle()
  await company.act('accounting', 'receive', { key: 'DH1', amount: 1000 })
  await company.settle()
  await company.forget()
  await company.engine.desk('request', { entity: 'quote', from: 'crm', keys: ['BG1'] })
  await company.settle()
  expect(await company.writes()).toEqual({ [saves]: 1 })
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: null })
  expect(await company.store.work.counts()).toEqual([])
  const [link] = await company.store.links.findByKey('sales-order', 'crm', ['DH1'])
  expect(link!.trail.at(-1)).toMatchObject({ what: 'hold', why: 'NOT_JOINED' })
  await company.act('accounting', 'undoVouchers', { key: 'DH1' })
  await company.settle()
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: (await inAct(company))!.org_refid })
})

it('SO15 what an order lacks is remembered over a restart', async () => {
  const company = await withCustomer({ deliveries: false })
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1'))
  await company.create(
    'crm',
    'SaleOrders',
    order('DH1', 'KH1', 'VT1', { quote_no: 'BG1', revenue_status: 'Đề nghị ghi' }),
  )
  await company.deliverTo(company.runner.url)
  await company.engine.desk('request', { entity: 'sales-order', from: 'crm', keys: ['DH1'] })
  await company.settle()
  await company.restart()
  await company.deliverTo(company.runner.url)
  await company.poll()
  expect(await inAct(company, 'DH1')).toMatchObject({ quote_org_refid: (await inAct(company))!.org_refid })
})

it('QU1 CU3 a contact of a company goes along as a customer only where it is the only buyer of a document', async () => {
  const company = await withCustomer()
  await company.create('crm', 'Contacts', { contact_code: 'LH1', contact_name: 'Lê An', account_number: 'KH1' })
  await company.create('crm', 'Contacts', { contact_code: 'LH2', contact_name: 'Trần Bình', account_number: 'KH1' })
  await company.create('crm', 'Quotes', quote('BG1', 'KH1', 'VT1', { contact_code: 'LH2' }))
  await company.create('crm', 'Quotes', quote('BG2', 'KH1', 'VT1', { account_number: null, contact_code: 'LH1' }))
  await company.settle()
  expect(await inAct(company)).toMatchObject({ account_object_code: 'KH1' })
  expect(await inAct(company, 'BG2')).toMatchObject({ account_object_code: 'LH1' })
  expect(await company.find('accounting', 'AccountObjects', 'LH1')).toMatchObject({
    account_object_name: 'Lê An',
    account_object_type: 1,
    is_customer: true,
  })
  expect(await company.find('accounting', 'AccountObjects', 'LH2')).toBeUndefined()
  await company.update('crm', 'Contacts', 'LH1', { mobile: '0912345678' })
  await company.update('crm', 'Contacts', 'LH2', { mobile: '0912345679' })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'LH1')).toMatchObject({ mobile: '0912345678' })
  await company.poll()
  expect(await company.find('accounting', 'AccountObjects', 'LH2')).toBeUndefined()
  expect(await company.store.work.counts()).toEqual([])
})
