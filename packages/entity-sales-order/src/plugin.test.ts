import { type Canonical, type Row, decide, decodeColumns, encodeColumns, mapValuesAt } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { backPaths } from './fields.ts'
import { plugin } from './plugin.ts'
import { crmPut, crmRow, lineIds, state, voucher } from './worked-example.fixture.ts'

const crm = plugin.wire.crm!.resources[0]!
const accounting = plugin.wire.accounting!.resources[0]!
const settings = { recordAs: 'order', deliveredFrom: 'sales' }
const keysOf = Object.fromEntries(Object.entries(lineIds).map(([key, id]) => [id, key]))
const readCrm = (change: Row = {}): Canonical => decodeColumns(crm.columns, { ...crmRow, ...change })
const [box, hour] = crmRow.sale_order_product_mappings as readonly Row[]
const withLine = (change: Row) => readCrm({ sale_order_product_mappings: [{ ...box, ...change }, hour] })

describePlugin(plugin, {
  rows: [
    {
      side: 'crm',
      resource: 'SaleOrders',
      row: crmRow,
      record: {
        number: 'DH000123',
        customer: 'KH000017',
        revenueStatus: 'requested',
        requestSeq: 1,
        beyond: [],
        liquidation: '1316400',
      },
    },
    {
      side: 'accounting',
      resource: 'Vouchers',
      row: state,
      record: { status: 'inProgress', revenueStatus: 'recorded:1', received: '500000', deliveredTotal: '3' },
      partial: true,
    },
  ],
  values: {
    status: ['notStarted', 'inProgress', 'done', 'cancelled', 'deliveredInFull'],
    revenueStatus: ['draft', 'requested', 'recorded', 'refused'],
    deliveryStatus: ['none', 'delivering', 'delivered'],
    payStatus: ['unpaid', 'partly', 'paid'],
    lines: [[{ key: '41', sortOrder: 1, delivered: '1.5' }], []],
    receipts: [
      [
        { key: 'PT1', number: 'PT1', date: '2026-11-22', amount: '0.3' },
        { key: 'PT1#2', number: 'PT1', date: null, amount: '1' },
      ],
      [],
    ],
  },
  lossy: ['status', 'revenueStatus', 'deliveryStatus', 'lines', 'liquidation', 'requestSeq'].map(
    (name) => `accounting.${name}`,
  ),
})

describe('worked example of the contract, §4.14', () => {
  it('CRM row → voucher, column by column', () => {
    const record = mapValuesAt(readCrm(), 'lines[].key', (key) => lineIds[key])
    const sent = { ...encodeColumns(accounting.columns, record), ...accounting.modes!.order }
    const { org_refid: _id, is_get_new_id: _new, ...mapped } = voucher
    expect(sent).toEqual({ ...mapped, revenue_status: 0 })
  })

  it('a twin is sent when the CRM gives it, for sums and lines alike', () => {
    const sent = encodeColumns(accounting.columns, {
      ...readCrm({ total_summary_oc: 51.37 }),
      lines: withLine({ tax_oc: 3.37 }).lines!,
    })
    expect(sent).toMatchObject({
      total_amount: 1316400,
      total_amount_oc: 51.37,
      detail: [{ vat_amount: 86400, vat_amount_oc: 3.37 }, {}],
    })
  })

  it('state → CRM PUT, column by column', () => {
    const raw = mapValuesAt(decodeColumns(accounting.columns, state), 'lines[].key', (id) => keysOf[id])
    const back = plugin.handler!.derive!('accounting', raw, { settings, other: readCrm() })
    const known = plugin.wire.accounting!.afterCreate!(readCrm(), { settings })
    const before = new Map((known.lines as readonly Canonical[]).map((line) => [line.key, line.delivered]))
    const lines = (back.lines as readonly Canonical[]).filter((line) => line.delivered !== before.get(line.key))
    expect(Object.keys(back).every((name) => name === 'lines' || backPaths.includes(name))).toBe(true)
    expect({ id: 812, ...encodeColumns(crm.columns, { ...back, lines }) }).toEqual(crmPut)
  })
})

describe('sales-order', () => {
  const ask = (from: string, link: 'unlinked' | 'candidate' | 'linked', record: Canonical, more: string[] = []) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set([...plugin.handler!.triggers!(from, record, { settings }), ...more]),
      pulledBy: new Set(),
    }).action

  it('SO12 a withdrawal is a way of its own: nothing else of the order travels, and CRM is told exactly the contract’s columns', () => {
    const record = readCrm({ revenue_withdraw_requested: true })
    expect([ask('crm', 'linked', record), ask('crm', 'unlinked', record)]).toEqual(['remove', 'remove'])
    const told = (refusal?: string) => encodeColumns(crm.columns, plugin.handler!.answer!('crm', refusal))
    expect(told()).toEqual({
      revenue_status: 'Bản nháp',
      revenue_withdraw_requested: false,
      revenue_withdraw_refusal: null,
    })
    expect(told('Đã ghi sổ')).toEqual({ revenue_withdraw_requested: false, revenue_withdraw_refusal: 'Đã ghi sổ' })
  })

  it('SO16 vouchers lock it', () => {
    expect(accounting.locked!({ has_created_voucher: true })?.code).toBe('DOCUMENT_LOCKED')
    expect(accounting.locked!({ has_created_voucher: false })).toBeUndefined()
  })

  it("SO1 recorded as order or contract by the tenant's setting", () => {
    expect(plugin.settings!.schema.parse({})).toEqual({ recordAs: 'order', deliveredFrom: 'sales' })
    expect(plugin.handler!.mode!({ settings: { recordAs: 'contract' } })).toBe('contract')
    expect(accounting.modes).toEqual({
      order: { voucher_type: 20, reftype: 3520 },
      contract: { voucher_type: 120, reftype: 9520 },
    })
  })

  it.each([
    ['Bản nháp', 'ignore', 'ignore'],
    ['Đề nghị ghi', 'create', 'update'],
    ['Đã ghi', 'create', 'update'],
    ['Từ chối ghi', 'ignore', 'ignore'],
  ])('SO2 %s: %s when new, %s when sent before', (revenue_status, created, updated) => {
    const record = readCrm({ revenue_status: revenue_status.normalize('NFD') })
    expect(ask('crm', 'unlinked', record)).toBe(created)
    expect(ask('crm', 'linked', record)).toBe(updated)
    expect(ask('crm', 'unlinked', record, ['manual'])).toBe(created)
  })

  it('SO2 customer and products go along', () => {
    const pulled = plugin.references.filter(({ missing }) => missing === 'pull').map(({ entity }) => entity)
    expect(pulled).toEqual(['customer', 'product'])
  })

  it('D3 nothing is created from Accounting, and only the way back can be written in the CRM', () => {
    expect(ask('accounting', 'unlinked', {})).toBe('ignore')
    expect(ask('accounting', 'linked', {})).toBe('update')
    const { id: _id, ...contract } = crmPut
    const names = Object.values(crm.columns).flatMap(({ encode }) => (encode ? Object.keys(encode(null)) : []))
    const answer = ['revenue_withdraw_requested', 'revenue_withdraw_refusal']
    expect(names.sort()).toEqual([...Object.keys(contract), ...answer].sort())
    expect(backPaths.filter((path) => path.startsWith('withdraw'))).toEqual([])
    const whole = encodeColumns(crm.columns, { lines: readCrm().lines! })
    expect(whole.sale_order_product_mappings).toEqual([
      { line_id: 41, shipping_amount: 0 },
      { line_id: 42, shipping_amount: 0 },
    ])
  })

  it('SO15 a quote travels as the id of its document, if it is there', () => {
    expect(plugin.references.find(({ path }) => path === 'quote')).toMatchObject({
      missing: 'omit',
      spelled: { accounting: 'id' },
    })
    expect(encodeColumns(accounting.columns, { quote: lineIds['41']! })).toEqual({ quote_org_refid: lineIds['41'] })
  })

  it('SO15 the quote is read by its number, and left out where Accounting lacks it', () => {
    const record = readCrm({ quote_no: 'BG000007', quote_name: 'BG000007' })
    const sent = (id: string | undefined) =>
      encodeColumns(
        accounting.columns,
        mapValuesAt(record, 'quote', () => id),
      )
    expect(record.quote).toBe('BG000007')
    expect(sent(lineIds['41'])).toMatchObject({ quote_org_refid: lineIds['41'] })
    expect(sent(undefined)).not.toHaveProperty('quote_org_refid')
  })

  it('a parent order never travels, and says why', () => {
    const record = readCrm({ is_parent_sale_order: true })
    expect(ask('crm', 'unlinked', record)).toBe('ignore')
    expect(plugin.handler!.hold!('crm', record, { settings })?.code).toBe('PARENT_ORDER')
  })

  it.each([
    ['whole-order discount', readCrm({ discount_overall: 5000 })],
    ['serial numbers', withLine({ serial_number: 'SN1' })],
    ['combos', withLine({ combo_code: 'CB1' })],
    ['returns', withLine({ amount: -1 })],
  ])('holds a document with %s', (_what, record) => {
    expect(plugin.handler!.hold!('crm', record, { settings })?.code).toBe('NOT_IN_CONTRACT')
  })

  it('does not hold what is empty, and never the way back', () => {
    const record = readCrm({ discount_overall: 0, tax_overall: null, receipts: [] })
    expect(plugin.handler!.hold!('crm', record, { settings })).toBeUndefined()
    expect(plugin.handler!.hold!('accounting', { parentOrder: true }, { settings })).toBeUndefined()
  })

  it.each([
    [{ status: 'Tạm dừng' }, 'status: unknown value'],
    [{ revenue_status: 'Chờ' }, 'revenue_status: unknown value'],
    [{ currency_type: 'THB' }, 'currency_type: unknown value'],
    [{ sale_order_date: '31/02/2026' }, 'sale_order_date: not a date'],
  ])('holds an unknown value: %o', (change, problem) => expect(() => readCrm(change)).toThrow(problem))

  it('the buyer is the account, else the contact', () => {
    expect(readCrm({ account_number: null, contact_code: 'LH-03' }).customer).toBe('LH-03')
    expect(readCrm({ contact_code: 'LH-03' }).customer).toBe('KH000017')
    expect(readCrm({ account_number: null, contact_code: null }).customer).toBeNull()
    expect(plugin.schema.safeParse(readCrm({ account_number: null })).success).toBe(false)
  })

  it('a price in VND never stands for one in another currency', () => {
    expect((readCrm().lines as readonly Canonical[])[0]!.unitPrice).toBe('240000')
    expect((readCrm({ currency_type: 'USD' }).lines as readonly Canonical[])[0]!.unitPrice).toBeUndefined()
    expect((withLine({ price_oc: 9.5 }).lines as readonly Canonical[])[0]!.unitPrice).toBe('9.5')
  })

  it('VAT of lines: named, other, empty', () => {
    const rates = (tax_percent: string | null) =>
      (encodeColumns(accounting.columns, withLine({ tax_percent })).detail as readonly Row[])[0]
    expect(rates('Không kê khai')).toMatchObject({ vat_rate: -2 })
    expect(rates('5.263%')).toMatchObject({ vat_rate: -3, other_vat_rate: 5.263 })
    expect(rates(null)).toMatchObject({ vat_rate: -1 })
    expect(() => rates('mười')).toThrow('tax_percent: unknown VAT')
  })

  it('discount_type is 0 without any discount', () => {
    const record = withLine({ discount: 0, discount_percent: 0 })
    expect(encodeColumns(accounting.columns, record)).toMatchObject({ discount_type: 0 })
  })

  it('shipping_amount is a quantity, amount another one: they never mix', () => {
    const record = withLine({ shipping_amount: 3, amount: 5 })
    const [line] = encodeColumns(accounting.columns, record).detail as readonly Row[]
    expect(line).toMatchObject({ quantity: 5 })
    expect(Object.keys(line!).filter((name) => name.startsWith('quantity_delivered'))).toEqual([])
  })

  it('without line ids a line is named by product, unit and position', () => {
    const { line_id: _id, ...line } = box!
    const record = readCrm({ sale_order_product_mappings: [{ ...line, sort_order: 1 }] })
    const [{ key }] = record.lines as readonly [Canonical]
    expect(encodeColumns(crm.columns, { lines: [{ key: key!, delivered: '2' }] })).toEqual({
      sale_order_product_mappings: [{ product_code: 'VT000007', unit: 'Hộp', sort_order: 1, shipping_amount: 2 }],
    })
  })
})
