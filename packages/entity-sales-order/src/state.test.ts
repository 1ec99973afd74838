import { type Canonical, type Row, decodeColumns, mapValuesAt } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'
import { crmRow, lineIds, state } from './worked-example.fixture.ts'

const crm = plugin.wire.crm!.resources[0]!
const accounting = plugin.wire.accounting!
const keysOf = Object.fromEntries(Object.entries(lineIds).map(([key, id]) => [id, key]))
const order = (change: Row = {}): Canonical => decodeColumns(crm.columns, { ...crmRow, ...change })

/** What the engine sees of a state. */
function back(change: Row = {}, other: Canonical | undefined = order(), settings: object = {}): Canonical {
  const raw = decodeColumns(accounting.resources[0]!.columns, { ...state, ...change })
  const record = mapValuesAt(raw, 'lines[].key', (id) => keysOf[id])
  return plugin.handler!.derive!('accounting', record, {
    settings: settings as Record<string, unknown>,
    ...(other ? { other } : {}),
  })
}

describe('the way back', () => {
  it.each([
    [{ status: 0 }, 'notStarted'],
    [{ status: 1 }, 'inProgress'],
    [{ status: 2, delivered_status: 2, receivable_remaining: 1 }, 'deliveredInFull'],
    [{ status: 2, delivered_status: 2, receivable_remaining: 0 }, 'done'],
    [{ status: 2, delivered_status: 1, receivable_remaining: 1 }, 'done'],
    [{ status: 3 }, 'cancelled'],
  ])('SO5 %o → %s', (change, status) => expect(back(change).status).toBe(status))

  it('an unknown status number is held, not guessed', () =>
    expect(() => back({ status: 7 })).toThrow('status: unknown value'))

  it('SO6 recorded clears the reason, refused gives it, pending says nothing', () => {
    expect(back()).toMatchObject({ revenueStatus: 'recorded:1', revenueRefusalReason: null })
    const refused = { revenue_status: 0, revenue_refused: true, revenue_refusal_reason: 'Sai giá' }
    expect(back(refused)).toMatchObject({ revenueStatus: 'refused:1', revenueRefusalReason: 'Sai giá' })
    const pending = back({ revenue_status: 0 })
    expect(pending).not.toHaveProperty('revenueStatus')
    expect(pending).not.toHaveProperty('revenueRefusalReason')
  })

  it('SO13 a second refusal is news; a decision about an older request is none', () => {
    const refused = { revenue_status: 0, revenue_refused: true, revenue_refusal_reason: 'Sai giá' }
    const again = order({ revenue_request_seq: 2 })
    expect(back(refused, again)).not.toHaveProperty('revenueStatus')
    expect(back({ ...refused, request_seq: 2 }, again).revenueStatus).toBe('refused:2')
    expect(order({ revenue_status: 'Từ chối ghi', revenue_request_seq: 2 }).revenueStatus).toBe('refused:2')
    expect(back({ ...refused, request_seq: null }, order({ revenue_request_seq: undefined })).revenueStatus).toBe(
      'refused',
    )
  })

  it.each([
    [0, 'none'],
    [1, 'delivering'],
    [2, 'delivered'],
  ])('SO7 delivered_status %s → %s', (delivered_status, name) =>
    expect(back({ delivered_status }).deliveryStatus).toBe(name),
  )

  it('SO4 SO17 delivered quantity by line and in total, from sales vouchers or stock issues', () => {
    const detail = [
      { ref_detail_id: lineIds['41'], quantity_delivered_sa: 0.1, quantity_delivered_in: 5 },
      { ref_detail_id: lineIds['42'], quantity_delivered_sa: 0.2, quantity_delivered_in: null },
    ]
    expect(back({ detail })).toMatchObject({
      deliveredTotal: '0.3',
      lines: [
        { key: '41', delivered: '0.1' },
        { key: '42', delivered: '0.2' },
      ],
    })
    expect(back({ detail }, order(), { deliveredFrom: 'stock' })).toMatchObject({
      deliveredTotal: '5',
      lines: [
        { key: '41', delivered: '5' },
        { key: '42', delivered: '0' },
      ],
    })
  })

  it.each([
    [0, [], 'unpaid', null],
    [-1, [], 'unpaid', null],
    [1316399, [{ receipt_no: 'PT1', receipt_date: '2026-11-22', amount: 1316399 }], 'partly', null],
    [
      1316400,
      [
        { receipt_no: 'PT1', receipt_date: '2026-11-22', amount: 1000000 },
        { receipt_no: 'PT1', receipt_date: '2026-11-23', amount: 316400 },
        { receipt_no: 'PT2', receipt_date: '2026-11-24', amount: 0 },
      ],
      'paid',
      '2026-11-23',
    ],
    [1400000, [], 'paid', null],
  ])('SO8 received %s', (total_receipted_amount, receipts, payStatus, paidDate) => {
    expect(back({ total_receipted_amount, receipts })).toMatchObject({ payStatus, paidDate })
  })

  it('SO8 two receipts of one number stay two', () => {
    const receipt = { receipt_no: 'PT1', receipt_date: '2026-11-22', amount: 1 }
    const { receipts } = back({ receipts: [receipt, receipt] })
    expect((receipts as readonly Canonical[]).map(({ key }) => key)).toEqual(['PT1', 'PT1#2'])
  })

  it("SO9 SO10 SO11 still to collect, invoiced, invoiced value; not invoiced stands on the CRM's liquidation value", () => {
    expect(back({}, order({ liquidate_amount: 1000000 }))).toMatchObject({
      remaining: '816400',
      invoiced: true,
      invoicedAmount: '600000',
      uninvoicedAmount: '400000',
    })
    expect(back({}, undefined).uninvoicedAmount).toBe('716400')
  })

  it.each([{ exists: false, status: null }, { exists: false }, { queued: true }])('%o says nothing', (change) => {
    expect(back(change)).toEqual({})
  })
})

describe('right after creation', () => {
  const shown = (change: Row) => accounting.afterCreate!(order(change), { settings: {} })

  it('D4 a state as ACT makes it of a new document is what we expect: no news', () => {
    const fresh = {
      status: 0,
      revenue_status: 0,
      delivered_status: 0,
      total_receipted_amount: 0,
      receipts: [],
      receivable_remaining: 1316400,
      is_invoiced: false,
      total_invoice_amount: 0,
      detail: (state.detail as readonly Row[]).map((line) => ({ ...line, quantity_delivered_sa: 0 })),
    }
    const { lines: expected, ...known } = shown({})
    const { lines, ...seen } = back(fresh)
    expect(known).toEqual(seen)
    expect(expected).toMatchObject(lines as object)
  })

  it('old orders of a first sync: the status as sent stands, money does not', () => {
    const old = {
      status: 'Đã thực hiện',
      revenue_status: 'Đã ghi',
      delivery_status: 'Đã giao hàng',
      total_receipted_amount: 1316400,
      pay_status: 'Đã thanh toán',
    }
    expect(shown(old)).toMatchObject({
      status: 'deliveredInFull',
      revenueStatus: 'recorded:1',
      deliveryStatus: 'delivered',
      received: '0',
      payStatus: 'unpaid',
      remaining: '1316400',
    })
  })
})
