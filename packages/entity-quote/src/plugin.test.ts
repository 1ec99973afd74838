import { type Canonical, type Row, decide, decodeColumns, encodeColumns, mapValuesAt } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const row: Row = {
  id: 7,
  quote_no: 'BG000007',
  quote_date: '2026-11-20',
  valid_until: '2026-12-31',
  status: 'Đã gửi',
  account_name: 'Công ty TNHH An Phát',
  account_number: 'KH000017',
  contact_code: null,
  owner_code: 'NV001',
  description: 'Giao tại kho',
  currency_type: 'USD',
  exchange_rate: 25000,
  to_currency_summary: 1250000,
  to_currency_summary_oc: 50,
  discount_summary: 0,
  discount_summary_oc: 0,
  tax_summary: 100000,
  tax_summary_oc: 4,
  total_summary: 1350000,
  total_summary_oc: 54,
  quote_product_mappings: [
    {
      line_id: 3,
      product_code: 'VT1',
      unit: 'Hộp',
      usage_unit: 'Cái',
      ratio: 12,
      operator: 'Nhân',
      amount: 5,
      usage_unit_amount: 60,
      price: 250000,
      price_oc: 10,
      discount_percent: 0,
      discount: 0,
      discount_oc: 0,
      tax_percent: '8%',
      tax: 100000,
      tax_oc: 4,
      to_currency: 1250000,
      to_currency_oc: 50,
      total: 1350000,
      total_oc: 54,
      sort_order: 1,
      is_promotion: false,
      description: 'Hàng 1',
      stock_code: 'KHO1',
    },
  ],
}

const voucher: Row = {
  voucher_type: 121,
  reftype: 9510,
  org_refno: 'BG000007',
  refdate: '2026-11-20',
  valid_until: '2026-12-31',
  quote_status: 'Đã gửi',
  account_object_code: 'KH000017',
  employee_code: 'NV001',
  journal_memo: 'Giao tại kho',
  currency_id: 'USD',
  exchange_rate: 25000,
  discount_type: 0,
  total_sale_amount: 1250000,
  total_sale_amount_oc: 50,
  total_discount_amount: 0,
  total_discount_amount_oc: 0,
  total_vat_amount: 100000,
  total_vat_amount_oc: 4,
  total_amount: 1350000,
  total_amount_oc: 54,
  detail: [
    {
      ref_detail_id: 'a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41',
      inventory_item_code: 'VT1',
      description: 'Hàng 1',
      sort_order: 1,
      is_promotion: false,
      stock_code: 'KHO1',
      unit_name: 'Hộp',
      quantity: 5,
      main_unit_name: 'Cái',
      main_convert_rate: 12,
      exchange_rate_operator: '*',
      main_quantity: 60,
      unit_price: 10,
      amount: 1250000,
      amount_oc: 50,
      discount_rate: 0,
      discount_amount: 0,
      discount_amount_oc: 0,
      vat_rate: 8,
      vat_amount: 100000,
      vat_amount_oc: 4,
    },
  ],
}

const crm = plugin.wire.crm!.resources[0]!
const accounting = plugin.wire.accounting!.resources[0]!
const readCrm = (change: Row = {}): Canonical => decodeColumns(crm.columns, { ...row, ...change })

describePlugin(plugin, {
  rows: [
    {
      side: 'crm',
      resource: 'Quotes',
      row,
      record: { number: 'BG000007', validUntil: '2026-12-31', status: 'sent', customer: 'KH000017', beyond: [] },
    },
    {
      side: 'accounting',
      resource: 'Vouchers',
      row: { org_refid: 'a', voucher_type: 121, status: 0, exists: true },
      record: {},
      partial: true,
    },
  ],
})

describe('quote', () => {
  const ask = (from: string, link: 'unlinked' | 'linked', event: 'seen' | 'deleted' = 'seen') =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event,
      triggers: new Set(),
      pulledBy: new Set(),
    }).action

  it('QU1 the whole quote becomes voucher 121, column by column', () => {
    const record = mapValuesAt(readCrm(), 'lines[].key', () => 'a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41')
    expect({ ...encodeColumns(accounting.columns, record), ...accounting.constants!.create }).toEqual(voucher)
    expect(accounting.constants!.update).toEqual({ voucher_type: 121, reftype: 9510 })
  })

  it('QU1 goes on creation and on every edit, in any status', () => {
    for (const status of ['Bản nháp', 'Đã gửi', 'Chấp nhận', 'Từ chối']) {
      const record = readCrm({ status: status.normalize('NFD') })
      expect(encodeColumns(accounting.columns, record).quote_status).toBe(status)
      expect(plugin.handler!.hold!('crm', record, { settings: {} })).toBeUndefined()
    }
    expect(ask('crm', 'unlinked')).toBe('create')
    expect(ask('crm', 'linked')).toBe('update')
  })

  it('QU1 customer and products go along', () => {
    const pulled = plugin.references.filter(({ missing }) => missing === 'pull').map(({ entity }) => entity)
    expect(pulled).toEqual(['customer', 'product'])
    expect(plugin.references.find(({ path }) => path === 'owner')?.missing).toBe('omit')
  })

  it('D3 nothing comes back: no column of the CRM can be written, and no rule leads there', () => {
    expect(Object.entries(crm.columns).filter(([, { encode }]) => encode)).toEqual([])
    expect(plugin.wire.crm!.write).toBe('none')
    expect([ask('accounting', 'unlinked'), ask('accounting', 'linked')]).toEqual(['ignore', 'ignore'])
    expect(Object.entries(accounting.columns).filter(([, { decode }]) => decode)).toEqual([])
  })

  it('D9 a quote that is deleted on one side does nothing to the other', () => {
    expect([ask('crm', 'linked', 'deleted'), ask('accounting', 'linked', 'deleted')]).toEqual(['ignore', 'ignore'])
  })

  it('holds what the contract does not cover, and an unknown status', () => {
    const record = readCrm({ discount_overall: 5000 })
    expect(plugin.handler!.hold!('crm', record, { settings: {} })?.code).toBe('NOT_IN_CONTRACT')
    expect(() => readCrm({ status: 'Hết hạn' })).toThrow('status: unknown value')
  })

  it('takes only its own kind of document from the table', () => {
    expect([121, 20, 120, 122].map((voucher_type) => accounting.accepts!({ voucher_type }))).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})
