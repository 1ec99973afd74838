import { expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, order, product } from './records.ts'

const save = 'POST /apir/sync/actopen/save'

/** A live company with one customer, two products and a draft order DH1 of 5 boxes and 1.5 hours. */
async function withDraft(options: AnyRow = {}): Promise<Company> {
  const company = await openLiveCompany(options)
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create(
    'crm',
    'Products',
    product('VT1', { conversion_units: [{ usage_unit: 'Hộp', ratio: 12, operator: '*' }] }),
  )
  await company.create('crm', 'Products', product('DV1', { usage_unit: 'Giờ', product_properties: 'Dịch vụ' }))
  await company.create(
    'crm',
    'SaleOrders',
    order('DH1', 'KH1', 'VT1', {
      sale_order_product_mappings: [
        {
          product_code: 'VT1',
          unit: 'Hộp',
          ratio: 12,
          operator: '*',
          amount: 5,
          price: 240000,
          discount_percent: 10,
          tax_percent: '8%',
        },
        { product_code: 'DV1', amount: 1.5, price: 100000, tax_percent: 'KCT' },
      ],
    }),
  )
  await company.settle()
  await company.forget()
  return company
}

async function requested(options: AnyRow = {}): Promise<Company> {
  const company = await withDraft(options)
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  return company
}

const inAct = (company: Company) => company.find('accounting', 'Vouchers', 'DH1')
const inCrm = async (company: Company) => (await company.find('crm', 'SaleOrders', 'DH1'))!

it('SO1 a CRM order is recorded as an order or as a contract, by the tenant’s setting', async () => {
  const asOrder = await requested()
  expect(await inAct(asOrder)).toMatchObject({ voucher_type: 20, reftype: 3520, account_object_code: 'KH1' })
  const asContract = await requested({ tenant: { salesOrders: { recordAs: 'contract' } } })
  expect(await inAct(asContract)).toMatchObject({ voucher_type: 120, reftype: 9520, account_object_code: 'KH1' })
  for (const company of [asOrder, asContract]) expect(await company.rows('accounting', 'Vouchers')).toHaveLength(1)
})

it.each(['webhooks', 'polls'])(
  'SO2 a draft does not go, however it is edited, nor does its customer, heard of by %s',
  async (by) => {
    const company = await withDraft()
    if (by === 'polls') await company.hearByPollsOnly()
    for (const changes of [{ description: 'Còn nháp' }, { status: 'Đang thực hiện' }, { account_number: 'KH1' }]) {
      await company.update('crm', 'SaleOrders', 'DH1', changes)
      await company.poll()
    }
    expect(await company.writes()).toEqual({})
    expect(await company.rows('accounting', 'Vouchers')).toEqual([])
    expect(await company.rows('accounting', 'AccountObjects')).toEqual([])
  },
)

it('SO2 the order goes when revenue recording is requested, with customer and products, and no other order does', async () => {
  const company = await withDraft()
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  await company.settle()
  expect(await company.writes()).toEqual({})
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  expect(await company.writesInOrder()).toEqual(['POST /apir/sync/actopen/save_dictionary', save])
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(1)
  const voucher = (await inAct(company))!
  expect(voucher).toMatchObject({
    org_refno: 'DH1',
    refdate: '2026-11-20',
    currency_id: 'VND',
    exchange_rate: 1,
    request_seq: 1,
    discount_type: 1,
    total_sale_amount: 1350000,
    total_discount_amount: 120000,
    total_vat_amount: 86400,
    total_amount: 1316400,
  })
  expect(voucher.detail).toMatchObject([
    {
      inventory_item_code: 'VT1',
      unit_name: 'Hộp',
      quantity: 5,
      unit_price: 240000,
      main_unit_name: 'Cái',
      main_convert_rate: 12,
      main_quantity: 60,
      amount: 1200000,
      discount_amount: 120000,
      vat_rate: 8,
      vat_amount: 86400,
    },
    { inventory_item_code: 'DV1', unit_name: 'Giờ', quantity: 1.5, unit_price: 100000, vat_rate: -1, vat_amount: 0 },
  ])
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
  expect(await company.find('accounting', 'InventoryItems', 'DV1')).toMatchObject({ inventory_item_type: 2 })
})

it('SO3 an order that was not sent automatically is sent by hand; a draft is not, even so', async () => {
  const company = await withDraft({ deliveries: false })
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  await company.settle()
  expect(await inAct(company)).toBeUndefined()
  await company.deliverTo(company.runner.url)
  await company.engine.desk('request', { entity: 'sales-order', from: 'crm', keys: ['DH1', 'DH2'] })
  await company.settle()
  expect(await inAct(company)).toBeDefined()
  expect(await company.find('accounting', 'Vouchers', 'DH2')).toBeUndefined()
  expect((await company.writes())[save]).toBe(1)
})

it('SO6 revenue recording comes back as recorded, or refused with its reason', async () => {
  const company = await requested()
  await company.act('accounting', 'refuseRevenue', { key: 'DH1', reason: 'Thiếu hợp đồng' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({
    revenue_status: 'Từ chối ghi',
    revenue_refusal_reason: 'Thiếu hợp đồng',
  })
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  expect(await inAct(company)).toMatchObject({ request_seq: 2, state: { revenue_refused: false } })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await company.settle()
  expect(await inCrm(company)).toMatchObject({ revenue_status: 'Đã ghi', revenue_refusal_reason: null })
})

it('SO14 switching the mode changes only documents sent afterwards', async () => {
  const company = await requested()
  expect(await inAct(company)).toMatchObject({ voucher_type: 20 })
  await company.restart({ salesOrders: { recordAs: 'contract' } })
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  await company.act('crm', 'requestRevenue', { key: 'DH2' })
  await company.update('crm', 'SaleOrders', 'DH1', { description: 'Giao trước 10 giờ' })
  await company.settle()
  expect(await company.find('accounting', 'Vouchers', 'DH2')).toMatchObject({ voucher_type: 120 })
  expect(await inAct(company)).toMatchObject({ voucher_type: 20, journal_memo: 'Giao trước 10 giờ' })
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(2)
})

it('SO16 what was edited while the order was refused waits, and goes with the next request', async () => {
  const company = await requested()
  await company.act('accounting', 'refuseRevenue', { key: 'DH1', reason: 'Sai địa chỉ' })
  await company.settle()
  await company.forget()
  await company.update('crm', 'SaleOrders', 'DH1', { shipping_address: '12 Hàng Bài' })
  await company.settle()
  expect(await company.writes()).toEqual({})
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await company.settle()
  expect(await company.writes()).toEqual({ [save]: 1 })
  expect(await inAct(company)).toMatchObject({ request_seq: 2, shipping_address: '12 Hàng Bài' })
})

it('SO17 delivered quantity is read from stock issues where the tenant says so', async () => {
  const company = await requested({ tenant: { salesOrders: { deliveredFrom: 'stock' } } })
  await company.act('accounting', 'deliver', { key: 'DH1', via: 'sales', lines: [{ sort_order: 1, quantity: 4 }] })
  await company.act('accounting', 'deliver', { key: 'DH1', via: 'stock', lines: [{ sort_order: 1, quantity: 2 }] })
  await company.settle()
  expect((await inCrm(company)).sale_order_product_mappings).toMatchObject([
    { shipping_amount: 2 },
    { shipping_amount: 0 },
  ])
})

it('C7 old orders of a first sync keep what ACT is told at creation, and nothing of it comes back', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'Products', product('VT1'))
  const old = { revenue_status: 'Đã ghi', status: 'Đã thực hiện', delivery_status: 'Đã giao hàng' }
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', old))
  await company.connect()
  await company.settle()
  expect((await inAct(company))!.state).toMatchObject({ status: 2, revenue_status: 1, delivered_status: 2 })
  expect(await inCrm(company)).toMatchObject(old)
  expect(await company.writes()).not.toHaveProperty('PUT /api/v2/SaleOrders')
})
