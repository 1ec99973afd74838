import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDriver, type Driver, type Loose } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())

const reasons = (result: Loose) => result.validate_infos?.map((info: Loose) => [info.field_name, info.error_code])

beforeEach(async () => {
  await d.reset()
  await d.crm('POST', 'Customers', [{ account_number: 'KH000017', account_name: 'Công ty TNHH An Phát' }])
  await d.crm('POST', 'Products', [
    { product_code: 'VT000007', product_name: 'Bút', usage_unit: 'Cái', unit_price: 20_000, tax: '8%' },
    { product_code: 'DV000001', product_name: 'Công', usage_unit: 'Giờ', unit_price: 100_000, tax: 'KCT' },
  ])
})

const LINES = [
  { product_code: 'VT000007', unit: 'Hộp', ratio: 12, amount: 5, price: 240_000, discount_percent: 10 },
  { product_code: 'DV000001', amount: 1.5 },
]
const create = async (row: object = {}): Promise<Loose> =>
  (
    await d.crm('POST', 'SaleOrders', [
      {
        sale_order_no: 'DH1',
        sale_order_date: '2026-11-20',
        account_number: 'KH000017',
        sale_order_product_mappings: LINES,
        ...row,
      },
    ])
  ).results[0]
const read = async (): Promise<Loose> => (await d.state('crm', 'SaleOrders'))[0]

describe('§1.5.1 amounts, lines and the fill rule', () => {
  it('§4.14 the worked example comes out of the fill rule', async () => {
    expect(await create({ revenue_status: 'Đề nghị ghi' })).toMatchObject({ success: true })
    expect(await read()).toMatchObject({
      to_currency_summary: 1_350_000,
      discount_summary: 120_000,
      tax_summary: 86_400,
      total_summary: 1_316_400,
      liquidate_amount: 1_316_400,
      sale_order_amount: 1_316_400,
      balance_receipt_amount: 1_316_400,
      un_invoiced_amount: 1_316_400,
      amount_summary: 6.5,
      usage_unit_amount_summary: 61.5,
      revenue_request_seq: 1,
      status: 'Chưa thực hiện',
      sale_order_product_mappings: [
        {
          line_id: 1,
          unit: 'Hộp',
          usage_unit: 'Cái',
          usage_unit_amount: 60,
          to_currency: 1_200_000,
          discount: 120_000,
          tax: 86_400,
          total: 1_166_400,
          tax_percent: '8%',
          shipping_amount: 0,
          sort_order: 1,
          description: 'Bút',
        },
        {
          line_id: 2,
          unit: 'Giờ',
          usage_unit_amount: 1.5,
          price: 100_000,
          to_currency: 150_000,
          tax: 0,
          total: 150_000,
          tax_percent: 'KCT',
          sort_order: 2,
        },
      ],
    })
  })

  it('§4.14 the write-back is stored as sent and computes nothing', async () => {
    await create({ revenue_status: 'Đề nghị ghi' })
    const put = {
      id: 1,
      status: 'Đang thực hiện',
      revenue_status: 'Đã ghi',
      revenue_refusal_reason: null,
      delivery_status: 'Đang giao hàng',
      shipping_amount_summary: 3,
      total_receipted_amount: 500_000,
      receipts: [{ receipt_no: 'PT0001', receipt_date: '2026-11-22', amount: 500_000 }],
      pay_status: 'Đã thanh toán một phần',
      paid_date: null,
      balance_receipt_amount: 816_400,
      is_invoiced: true,
      invoiced_amount: 600_000,
      un_invoiced_amount: 716_400,
      sale_order_product_mappings: [{ line_id: 1, shipping_amount: 3 }],
    }
    expect((await d.crm('PUT', 'SaleOrders', [put])).success).toBe(true)
    const after = await read()
    const { sale_order_product_mappings: lines, ...header } = put
    expect(after).toMatchObject(header)
    expect(after).toMatchObject({ total_receipted_amount_oc: 500_000, total_summary: 1_316_400 })
    expect(lines[0]).toEqual({ line_id: 1, shipping_amount: after.sale_order_product_mappings[0].shipping_amount })
    await d.crm('PUT', 'SaleOrders', [put])
    expect((await read()).modified_date).toBe(after.modified_date)
  })

  it('§1.5.1 fills twins in both directions, halves away from zero', async () => {
    await create({
      currency_type: 'USD',
      exchange_rate: 25_000.5,
      sale_order_product_mappings: [
        { product_code: 'DV000001', amount: 3, price_oc: 1.115, discount: 12_500, tax_percent: '10%' },
      ],
      liquidate_amount_oc: 2,
    })
    const row = await read()
    const [line] = row.sale_order_product_mappings
    expect([line.price, line.price_oc]).toEqual([27_876, 1.115])
    expect([line.to_currency_oc, line.to_currency]).toEqual([3.35, 83_752])
    expect([line.discount_oc, line.discount]).toEqual([0.5, 12_500])
    expect([line.tax_oc, line.total_oc]).toEqual([0.29, 3.14])
    expect([row.liquidate_amount, row.balance_receipt_amount_oc]).toEqual([50_001, 2])
  })

  it('§1.5.1 given values are kept even if they do not add up', async () => {
    await create({
      total_summary: 7,
      sale_order_product_mappings: [{ product_code: 'DV000001', amount: 1, to_currency: 5 }],
    })
    expect(await read()).toMatchObject({ total_summary: 7, to_currency_summary: 5, sale_order_amount: 7 })
  })

  it('§1.5.1 lines: unknown ids fail, rows without id are added behind, order holds', async () => {
    await create()
    expect(
      reasons(
        (await d.crm('PUT', 'SaleOrders', [{ id: 1, sale_order_product_mappings: [{ line_id: 99, amount: 1 }] }]))
          .results[0],
      ),
    ).toEqual([['sale_order_product_mappings[0].line_id', 'not_found']])
    await d.crm('PUT', 'SaleOrders', [
      {
        id: 1,
        sale_order_product_mappings: [
          { product_code: 'DV000001', amount: 2 },
          { line_id: 2, sort_order: 0 },
        ],
      },
    ])
    const row = await read()
    expect(
      row.sale_order_product_mappings.map((line: Loose) => [line.line_id, line.sort_order, line.to_currency]),
    ).toEqual([
      [2, 0, 150_000],
      [1, 1, 1_200_000],
      [3, 3, null],
    ])
    expect(row.total_summary).toBe(1_316_400)
  })

  it('§1.5.6 refuses what is missing or wrong', async () => {
    expect(reasons(await create({ account_number: null }))).toEqual([['account_name', 'required']])
    expect(reasons(await create({ sale_order_product_mappings: [] }))).toEqual([
      ['sale_order_product_mappings', 'required'],
    ])
    expect(
      reasons(await create({ sale_order_product_mappings: [{ product_code: 'Z', ratio: 0, tax_percent: '10' }] })),
    ).toEqual([
      ['sale_order_product_mappings[0].product_code', 'not_found'],
      ['sale_order_product_mappings[0].ratio', 'invalid'],
      ['sale_order_product_mappings[0].amount', 'required'],
      ['sale_order_product_mappings[0].tax_percent', 'invalid'],
    ])
    expect(reasons(await create({ status: 'đang thực hiện', currency_type: 'VND', exchange_rate: 2 }))).toEqual([
      ['status', 'invalid'],
    ])
  })

  it('§1.5.1 a person’s update recomputes what it does not name', async () => {
    await create()
    await d.act({
      system: 'crm',
      action: 'update',
      entity: 'SaleOrders',
      key: 'DH1',
      changes: { total_receipted_amount: 400_000 },
    })
    expect(await read()).toMatchObject({ balance_receipt_amount: 916_400, liquidate_amount: 1_316_400 })
    await d.act({
      system: 'crm',
      action: 'update',
      entity: 'SaleOrders',
      key: 'DH1',
      changes: { sale_order_product_mappings: [{ line_id: 1, amount: 10 }] },
    })
    expect(await read()).toMatchObject({
      to_currency_summary: 2_550_000,
      total_summary: 2_482_800,
      liquidate_amount: 2_482_800,
      sale_order_amount: 2_482_800,
      balance_receipt_amount: 2_082_800,
    })
    await d.act({
      system: 'crm',
      action: 'update',
      entity: 'SaleOrders',
      key: 'DH1',
      changes: { liquidate_amount: 1_000_000 },
      removeLines: [2],
    })
    expect(await read()).toMatchObject({
      total_summary: 2_332_800,
      liquidate_amount: 1_000_000,
      un_invoiced_amount: 1_000_000,
    })
    expect((await read()).sale_order_product_mappings).toHaveLength(1)
  })

  it('§1.6.2 counts every change to Đề nghị ghi and clears reasons', async () => {
    await create()
    const act = (action: string) => d.act({ system: 'crm', action, key: 'DH1' })
    expect((await act('withdrawRevenue')).code).toBe('invalid_state')
    expect((await act('requestRevenue')).record).toMatchObject({
      revenue_status: 'Đề nghị ghi',
      revenue_request_seq: 1,
      modified_by: 'user',
    })
    expect((await act('requestRevenue')).code).toBe('invalid_state')
    expect((await act('withdrawRevenue')).record.revenue_withdraw_requested).toBe(true)
    expect((await act('withdrawRevenue')).code).toBe('invalid_state')
    await d.crm('PUT', 'SaleOrders', [{ id: 1, revenue_status: 'Từ chối ghi', revenue_refusal_reason: 'Sai giá' }])
    expect((await act('requestRevenue')).record).toMatchObject({
      revenue_refusal_reason: null,
      revenue_withdraw_requested: false,
      revenue_request_seq: 2,
    })
    await d.crm('PUT', 'SaleOrders', [{ id: 1, revenue_refusal_reason: 'x' }])
    await d.crm('PUT', 'SaleOrders', [{ id: 1, revenue_status: 'Đã ghi' }])
    expect(await read()).toMatchObject({ revenue_refusal_reason: null, revenue_request_seq: 2 })
  })

  it('§1.5.7 invoice requests default the buyer and date the request', async () => {
    await create()
    const answer = await d.crm('POST', 'InvoiceRequests', [
      {
        request_no: 'R1',
        request_date: '2026-11-21',
        account_number: 'KH000017',
        sale_order_nos: ['dh1'],
        invoice_request_product_mappings: [{ product_code: 'VT000007', amount: 1, sale_order_no: 'DH1' }],
      },
      {
        request_no: 'R2',
        request_date: '2026-11-21',
        account_number: 'KH000017',
        sale_order_nos: ['DH9'],
        invoice_request_product_mappings: [{ product_code: 'VT000007', amount: 1 }],
      },
    ])
    expect(reasons(answer.results[1])).toEqual([['sale_order_nos', 'not_found']])
    const sent = await d.act({ system: 'crm', action: 'sendInvoiceRequest', key: 'R1' })
    expect(sent.record).toMatchObject({
      status: 'Đã đề nghị',
      request_seq: 1,
      buyer_name: 'Công ty TNHH An Phát',
      requested_date: expect.stringMatching(/\+07:00$/),
    })
    expect(sent.record.invoice_request_product_mappings[0]).toMatchObject({ sale_order_no: 'DH1', price: 20_000 })
  })
})
