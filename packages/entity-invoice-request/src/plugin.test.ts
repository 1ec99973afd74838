import { type Canonical, type Row, decide, decodeColumns, encodeColumns, mapValuesAt } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { backPaths } from './fields.ts'
import { plugin } from './plugin.ts'

const lineId = 'a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41'
const orderId = '7f1b3c52-0c1e-5d6a-9b5e-2a4f6c8d0e11'

const crmRow: Row = {
  id: 5,
  request_no: 'DNHD0005',
  request_date: '2026-11-21',
  account_number: 'KH000017',
  contact_code: null,
  owner_code: 'NV001',
  description: 'Xuất gộp',
  sale_order_nos: ['DH1', 'DH2'],
  buyer_name: 'Công ty TNHH An Phát',
  buyer_tax_code: '0100109106',
  buyer_address: 'Hà Nội',
  buyer_email: 'ketoan@anphat.vn',
  status: 'Đã đề nghị',
  refusal_reason: null,
  request_seq: 1,
  invoices: [],
  currency_type: 'VND',
  exchange_rate: 1,
  to_currency_summary: 200000,
  discount_summary: 0,
  tax_summary: 16000,
  total_summary: 216000,
  invoice_request_product_mappings: [
    {
      line_id: 9,
      product_code: 'VT1',
      unit: 'Cái',
      amount: 2,
      price: 100000,
      tax_percent: '8%',
      tax: 16000,
      to_currency: 200000,
      total: 216000,
      sale_order_no: 'DH1',
      sort_order: 1,
    },
  ],
}

const voucher: Row = {
  voucher_type: 122,
  reftype: 9550,
  org_refno: 'DNHD0005',
  refdate: '2026-11-21',
  account_object_code: 'KH000017',
  employee_code: 'NV001',
  journal_memo: 'Xuất gộp',
  order_org_refids: [orderId],
  order_nos: ['DH1', 'DH2'],
  buyer_name: 'Công ty TNHH An Phát',
  buyer_tax_code: '0100109106',
  buyer_address: 'Hà Nội',
  buyer_email: 'ketoan@anphat.vn',
  request_seq: 1,
  currency_id: 'VND',
  exchange_rate: 1,
  discount_type: 0,
  total_sale_amount: 200000,
  total_discount_amount: 0,
  total_vat_amount: 16000,
  total_amount: 216000,
  detail: [
    {
      ref_detail_id: lineId,
      inventory_item_code: 'VT1',
      unit_name: 'Cái',
      quantity: 2,
      unit_price: 100000,
      amount: 200000,
      vat_rate: 8,
      vat_amount: 16000,
      sort_order: 1,
      order_org_refid: orderId,
    },
  ],
}

const state = (invoice_request: Row | null, change: Row = {}): Row => ({
  org_refid: 'b2d1f8e3-4c65-5071-9b22-1c7e3d0f5a42',
  exists: true,
  queued: false,
  org_refno: 'DNHD0005',
  voucher_type: 122,
  status: 0,
  detail: [{ ref_detail_id: lineId, quantity_delivered_sa: 0, quantity_delivered_in: 0 }],
  invoice_request,
  request_seq: 1,
  state_version: 2,
  ...change,
})

const crm = plugin.wire.crm!.resources[0]!
const accounting = plugin.wire.accounting!.resources[0]!
const readCrm = (change: Row = {}): Canonical => decodeColumns(crm.columns, { ...crmRow, ...change })

/** What the engine sees of a state. */
function back(invoice_request: Row | null, change: Row = {}, other: Canonical = readCrm()): Canonical {
  const raw = decodeColumns(accounting.columns, state(invoice_request, change))
  return plugin.handler!.derive!('accounting', raw, { settings: {}, other })
}

describePlugin(plugin, {
  rows: [
    {
      side: 'crm',
      resource: 'InvoiceRequests',
      row: crmRow,
      record: { number: 'DNHD0005', status: 'requested', orders: ['DH1', 'DH2'], requestSeq: 1, invoices: [] },
    },
    {
      side: 'accounting',
      resource: 'Vouchers',
      row: state({ decision: 2, reason: 'Thiếu hợp đồng', invoices: [] }),
      record: { status: 'refused:1', refusalReason: 'Thiếu hợp đồng', invoices: [] },
      partial: true,
    },
  ],
  values: {
    status: ['draft', 'requested', 'approved', 'refused', 'invoiced'],
    invoices: [
      [
        { key: 'HD1', number: 'HD1', date: '2026-11-22', amount: '0.3' },
        { key: 'HD1#2', number: 'HD1', date: null, amount: '1' },
      ],
      [],
    ],
  },
  lossy: ['accounting.requestSeq'],
})

describe('invoice-request', () => {
  const ask = (from: string, link: 'unlinked' | 'linked', record: Canonical, more: string[] = []) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set([...plugin.handler!.triggers!(from, record, { settings: {} }), ...more]),
      pulledBy: new Set(),
    }).action

  it('IR1 the whole request becomes voucher 122, column by column', () => {
    const ids = new Map([['DH1', orderId]])
    let record = mapValuesAt(readCrm(), 'lines[].key', () => lineId)
    for (const path of ['orders', 'lines[].order']) record = mapValuesAt(record, path, (number) => ids.get(number))
    expect({ ...encodeColumns(accounting.columns, record), ...accounting.constants!.create }).toEqual(voucher)
    expect(accounting.constants!.update).toEqual({ voucher_type: 122, reftype: 9550 })
  })

  it.each([
    ['Bản nháp', 'ignore', 'ignore'],
    ['Đã đề nghị', 'create', 'update'],
    ['Đã duyệt', 'ignore', 'ignore'],
    ['Từ chối', 'ignore', 'ignore'],
    ['Đã xuất hóa đơn', 'ignore', 'ignore'],
  ])('IR1 %s: %s when new, %s when sent before', (status, created, updated) => {
    const record = readCrm({ status: status.normalize('NFD') })
    expect(ask('crm', 'unlinked', record)).toBe(created)
    expect(ask('crm', 'linked', record)).toBe(updated)
  })

  it('IR2 by hand a request goes, a draft does not', () => {
    expect(ask('crm', 'unlinked', readCrm(), ['manual'])).toBe('create')
    expect(ask('crm', 'unlinked', readCrm({ status: 'Bản nháp' }), ['manual'])).toBe('ignore')
  })

  it('IR1 customer and products go along; orders that Accounting lacks are left out', () => {
    expect(plugin.references.map(({ path, missing }) => [path, missing])).toEqual([
      ['customer', 'pull'],
      ['owner', 'omit'],
      ['orders', 'omit'],
      ['lines[].product', 'pull'],
      ['lines[].warehouse', 'omit'],
      ['lines[].order', 'omit'],
    ])
    for (const reference of plugin.references.filter(({ entity }) => entity === 'sales-order'))
      expect(reference.spelled).toEqual({ crm: 'key', accounting: 'id' })
  })

  it('D3 exactly the way back can be written in the CRM', () => {
    expect(backPaths).toEqual([
      'status',
      'refusalReason',
      'invoices',
      'invoices[].key',
      'invoices[].number',
      'invoices[].date',
      'invoices[].amount',
    ])
    expect(plugin.policy.directions.find(({ from }) => from === 'accounting')?.writeBack).toBe(backPaths)
    const names = Object.values(crm.columns).flatMap(({ encode }) => (encode ? Object.keys(encode(null)) : []))
    expect(names.sort()).toEqual(['invoices', 'refusal_reason', 'status'])
    expect(ask('accounting', 'unlinked', {})).toBe('ignore')
  })

  it.each([
    [1, 'approved:1', 'Đã duyệt'],
    [2, 'refused:1', 'Từ chối'],
    [3, 'invoiced:1', 'Đã xuất hóa đơn'],
  ])('IR4 decision %s → %s', (decision, status, text) => {
    const seen = back({ decision, reason: 'Sai thuế suất', invoices: [] })
    const refusalReason = decision === 2 ? 'Sai thuế suất' : null
    expect(seen).toEqual({ status, refusalReason, invoices: [] })
    expect(encodeColumns(crm.columns, seen)).toEqual({ status: text, refusal_reason: refusalReason, invoices: [] })
    expect(readCrm({ status: text }).status).toBe(status)
  })

  it('IR4 pending writes nothing; an unknown decision is held', () => {
    expect(back({ decision: 0, reason: null, invoices: [] })).toEqual({ invoices: [] })
    expect(back(null)).toEqual({})
    expect(() => back({ decision: 7, reason: null, invoices: [] })).toThrow('invoice_request.decision: unknown value')
  })

  it('IR4 a decision about an older request is no news, a second refusal is', () => {
    const refused = { decision: 2, reason: 'Sai thuế suất', invoices: [] }
    const again = readCrm({ request_seq: 2 })
    expect(back(refused, {}, again)).toEqual({ invoices: [] })
    expect(back(refused, { request_seq: 2 }, again).status).toBe('refused:2')
  })

  it('IR5 drafts do not count; invoices come back with number, date and amount', () => {
    const invoices = [
      { invoice_no: null, invoice_date: '2026-11-22', amount: 100000, is_draft: true },
      { invoice_no: 'HD0000001', invoice_date: '2026-11-22', amount: 216000, is_draft: false },
    ]
    expect(back({ decision: 1, reason: null, invoices: invoices.slice(0, 1) })).toMatchObject({ invoices: [] })
    const seen = back({ decision: 3, reason: null, invoices })
    expect(encodeColumns(crm.columns, { invoices: seen.invoices! })).toEqual({
      invoices: [{ invoice_no: 'HD0000001', invoice_date: '2026-11-22', amount: 216000 }],
    })
  })

  it('D4 the state as Accounting makes it of a new request is no news', () => {
    const known = plugin.wire.accounting!.afterCreate!(readCrm(), { settings: {} })
    expect(known).toEqual(back({ decision: 0, reason: null, invoices: [] }))
  })

  it.each([{ exists: false, voucher_type: null }, { queued: true }])('a state with %o says nothing', (change) =>
    expect(back({ decision: 1, reason: null, invoices: [] }, change)).toEqual({}),
  )

  it('holds what the contract does not cover', () => {
    expect(plugin.handler!.hold!('crm', readCrm({ tax_overall: 10 }), { settings: {} })?.code).toBe('NOT_IN_CONTRACT')
    expect(() => readCrm({ status: 'Chờ' })).toThrow('status: unknown value')
  })
})
