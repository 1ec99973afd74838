import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BASE, brief, outcomesOf, voucher } from './example.ts'
import { guid, openDriver, openReceiver, type Driver, type Loose, type Receiver } from './driver.ts'

let d: Driver
let r: Receiver
beforeAll(async () => {
  d = await openDriver()
  r = await openReceiver()
})
afterAll(async () => {
  await d.close()
  await r.close()
})
beforeEach(async () => {
  await d.reset()
  r.arrived.length = 0
  await d.admin('PUT', 'delivery', { accountingCallback: { url: `${r.url}/cb` } })
})

const save = (body: object, name?: string) => outcomesOf(d, r, body, name)
const state = async (n = 1): Promise<Loose> => (await d.acc('get_voucher_state', { list_org_refid: [guid(n)] })).data[0]
const act = (action: string, more: object = {}) => d.act({ system: 'accounting', action, key: guid(1), ...more })

describe('§2.3.3 to §2.4 documents', () => {
  beforeEach(async () => {
    await save({ dictionary: BASE }, 'save_dictionary')
  })

  it('§2.3.3 the worked example is taken; wrong documents name the field', async () => {
    const [line] = voucher().detail
    const outcome = await save({
      voucher: [
        voucher(1),
        voucher(2, { reftype: 1 }),
        voucher(3, { account_object_code: 'ZZ' }),
        voucher(4, { currency_id: 'XXX' }),
        voucher(5, { total_amount: 1_316_500 }),
        voucher(6, { detail: [{ ...line, unit_name: 'Thùng' }] }),
        voucher(7, { detail: [line, line] }),
        voucher(8, { detail: [] }),
        voucher(9, { detail: [{ ...line, main_quantity: 61 }, voucher().detail[1]] }),
        voucher(10, { total_sale_amount: undefined }),
      ],
    })
    expect(brief(outcome[1])).toEqual([
      'ok',
      ['InvalidParam', 'reftype'],
      ['InvalidParam', 'account_object_code'],
      ['InvalidParam', 'currency_id'],
      ['InvalidParam', 'total_amount'],
      ['InvalidParam', 'detail[0].unit_name'],
      ['InvalidParam', 'detail[1].ref_detail_id'],
      ['InvalidParam', 'detail'],
      ['InvalidParam', 'detail[0].main_quantity'],
      ['InvalidParam', 'total_sale_amount'],
    ])
    const [row] = await d.state('accounting', 'Vouchers', 'DH1')
    expect(row).toMatchObject({
      org_refno: 'DH1',
      refid: guid(1),
      total_amount_oc: 1_316_400,
      refno: expect.any(String),
    })
    expect(row.detail[1]).toMatchObject({
      main_unit_name: 'Giờ',
      main_quantity: 1.5,
      discount_amount: 0,
      vat_amount: 0,
      quantity_delivered_sa: 0,
    })
    expect(row.state).toMatchObject({ exists: true, state_version: 1, receivable_remaining: 1_316_400 })
  })

  it('§2.3.4 idempotency, replacement, locks and deletion', async () => {
    await save({ voucher: [voucher()] })
    await save({ voucher: [voucher()] })
    expect((await state()).state_version).toBe(1)
    expect(brief((await save({ voucher: [voucher(1, { voucher_type: 120, reftype: 9520 })] }))[1])).toEqual([
      ['InvalidParam', 'voucher_type'],
    ])
    await save({ voucher: [voucher(1, { journal_memo: 'đổi' })] })
    expect((await state()).state_version).toBe(2)
    await act('recordRevenue')
    expect(brief((await save({ voucher: [{ voucher_type: 20, org_refid: guid(1) }] }, 'delete'))[2])).toEqual([
      ['IsCreatedVoucher', 'org_refid'],
    ])
    await act('deliver', { lines: [{ sort_order: 1, quantity: 3 }] })
    expect(brief((await save({ voucher: [voucher()] }))[1])).toEqual([['IsCreatedVoucher', null]])
    expect(brief((await save({ voucher: [voucher(1, { journal_memo: 'đổi' })] }))[1])).toEqual(['ok'])
    await act('undoVouchers')
    await act('refuseRevenue', { reason: 'Sai' })
    expect(
      brief(
        (
          await save(
            {
              voucher: [
                { voucher_type: 20, org_refid: guid(1) },
                { voucher_type: 20, org_refid: guid(2) },
              ],
            },
            'delete',
          )
        )[2],
      ),
    ).toEqual(['ok', ['VoucherNotFound', 'org_refid']])
    const gone = await state()
    expect(gone).toMatchObject({ exists: false, queued: false, status: null, detail: null })
    await save({ voucher: [voucher()] })
    expect((await state()).state_version).toBe(gone.state_version + 1)
  })

  it('§2.3.4 a greater request_seq lifts a refusal, an equal one does not', async () => {
    await save({ voucher: [voucher()] })
    await act('refuseRevenue', { reason: 'Thiếu hồ sơ' })
    await save({ voucher: [voucher(1, { journal_memo: 'sửa' })] })
    expect(await state()).toMatchObject({
      revenue_refused: true,
      revenue_refusal_reason: 'Thiếu hồ sơ',
      request_seq: 1,
    })
    await save({ voucher: [voucher(1, { request_seq: 2 })] })
    expect(await state()).toMatchObject({ revenue_refused: false, revenue_refusal_reason: null, request_seq: 2 })
  })

  it('§2.4 derived figures after deliveries, receipts and invoices', async () => {
    await save({ voucher: [voucher()] })
    expect((await state()).status).toBe(0)
    await act('recordRevenue')
    await act('deliver', { lines: [{ inventory_item_code: 'vt000007', quantity: 3 }], via: 'sales' })
    await act('receive', { amount: 500_000, receipt_date: '2026-11-22' })
    await act('invoice', { amount: 600_000 })
    expect(await state()).toMatchObject({
      status: 1,
      revenue_status: 1,
      delivered_status: 1,
      has_created_voucher: true,
      receipts: [{ receipt_no: 'PT0001', receipt_date: '2026-11-22', amount: 500_000 }],
      receivable_remaining: 816_400,
      is_invoiced: true,
      total_invoice_amount: 600_000,
      invoices: [{ invoice_no: 'HD0000001', amount: 600_000, is_draft: false }],
      state_version: 5,
    })
    await act('deliver')
    expect(await state()).toMatchObject({ status: 2, delivered_status: 2 })
    await act('setStatus', { status: 3 })
    await act('deliver', { lines: [{ sort_order: 1, quantity: -9 }] })
    expect(await state()).toMatchObject({ status: 3, delivered_status: 1 })
    await act('setStatus', { status: null })
    expect((await state()).status).toBe(1)
    expect((await act('deleteRequest')).code).toBe('invalid_state')
    await act('undoVouchers')
    expect(await state()).toMatchObject({ status: 0, has_created_voucher: false, receipts: [], invoices: [] })
  })

  it('§2.3.3 status fields count at creation only and stand until a person acts', async () => {
    await save({ voucher: [voucher(1, { status: 2, delivered_status: 2, revenue_status: 1 })] })
    expect(await state()).toMatchObject({ status: 2, delivered_status: 2, revenue_status: 1 })
    await save({ voucher: [voucher(1, { status: 0, journal_memo: 'x' })] })
    expect((await state()).status).toBe(2)
    await act('receive', { amount: 1 })
    expect(await state()).toMatchObject({ status: 1, delivered_status: 0, revenue_status: 1 })
  })

  it('§2.4 state by watermark, queued documents, and 500 ids', async () => {
    await d.admin('PUT', 'clock', { freezeAt: '2030-01-01T00:00:00.000+07:00' })
    await d.login()
    await d.acc('save', { voucher: [voucher()] })
    expect(await state()).toMatchObject({ exists: false, queued: true, state_version: 0 })
    await d.admin('PUT', 'clock', { advanceMs: 50 })
    expect(await state()).toMatchObject({ exists: true, queued: false })
    const list = await d.acc('get_voucher_state', { last_sync_time: null })
    expect([list.data.length, list.custom.LastSyncTime]).toEqual([1, '2030-01-01 00:00:00'])
    expect((await d.acc('get_voucher_state', { last_sync_time: '2030-01-01 00:00:01' })).data).toEqual([])
  })

  it('§5.4 silent and loud deletion by the accountant', async () => {
    await save({ voucher: [voucher(), voucher(2)] })
    await d.flush()
    r.arrived.length = 0
    expect((await act('deleteRequest')).record).toMatchObject({ deleted: true, deletedBy: 'user' })
    await d.flush()
    expect(r.arrived).toEqual([])
    await act('deleteDocument', { key: 'DH2' })
    await d.flush()
    expect(JSON.parse(r.arrived[0]?.json.data)).toMatchObject({
      voucher: [{ org_refid: guid(2), exists: false }],
      custom_param: { ModelState: 3 },
    })
    expect((await act('recordRevenue')).code).toBe('deleted')
    expect((await act('recordRevenue', { key: guid(9) })).code).toBe('not_found')
  })

  it('§5.4 one invoice over several requests, as a draft first', async () => {
    const request = (n: number, amount: number) => ({
      ...voucher(n),
      voucher_type: 122,
      reftype: 9550,
      order_org_refids: [guid(1)],
      order_nos: ['DH1'],
      total_sale_amount: amount,
      total_discount_amount: 0,
      total_vat_amount: 0,
      total_amount: amount,
      liquidate_amount: amount,
      detail: [
        {
          ref_detail_id: guid(n),
          inventory_item_code: 'DV000001',
          unit_name: 'Giờ',
          quantity: 1,
          unit_price: amount,
          amount,
        },
      ],
    })
    expect(brief((await save({ voucher: [voucher(), request(11, 100), request(12, 50)] }))[1])).toEqual([
      'ok',
      'ok',
      'ok',
    ])
    await act('invoiceRequests', { keys: [guid(11), guid(12)], is_draft: true })
    expect((await state(11)).invoice_request).toMatchObject({
      decision: 1,
      invoices: [{ invoice_no: null, amount: 100, is_draft: true }],
    })
    expect(await state(1)).toMatchObject({
      is_invoiced: false,
      has_created_voucher: true,
      invoices: [{ amount: 150, is_draft: true }],
    })
    expect((await act('refuseInvoiceRequest', { key: guid(11), reason: 'x' })).code).toBe('invalid_state')
    await act('issueInvoice', { key: guid(12) })
    expect((await state(11)).invoice_request).toMatchObject({
      decision: 3,
      invoices: [{ invoice_no: 'HD0000001', is_draft: false }],
    })
    expect(await state(1)).toMatchObject({ is_invoiced: true, total_invoice_amount: 150 })
    await act('undoVouchers', { key: guid(11) })
    expect((await state(11)).invoice_request).toMatchObject({ decision: 1, invoices: [] })
  })

  it('§2.2.2 balances, debts and request_data', async () => {
    await save(
      {
        dictionary: [
          {
            dictionary_type: 106,
            organization_unit_code: 'HN',
            organization_unit_name: 'Hà Nội',
            organization_unit_type_id: 2,
          },
          { dictionary_type: 5, stock_code: 'K1', stock_name: 'Kho', organization_unit_code: 'HN' },
        ],
      },
      'save_dictionary',
    )
    expect(
      (await act('setBalance', { inventory_item_code: 'VT000007', stock_code: 'K1', quantity: 7.5 })).record,
    ).toMatchObject({ quantity_balance: 7.5, unit_name: 'Cái', organization_unit_code: 'HN' })
    await act('setDebt', { account_object_code: 'KH000017', organization_unit_code: 'HN', amount: 5 })
    expect((await d.acc('get_list_acc_obj_debt', { data_type: 0 })).data).toMatchObject([
      { account_object_code: 'KH000017', debt_amount: 5, organization_unit_name: 'Hà Nội' },
    ])
    expect((await d.acc('get_list_acc_obj_debt', { data_type: 1 })).data).toEqual([])
    expect((await d.acc('get_list_inventory_balance', { last_sync_time: '2999-01-01 00:00:00' })).data).toHaveLength(1)
    expect((await d.state('accounting', 'AccountObjects', 'KH000017'))[0].receiptable_debt_amount).toBe(5)
    await save({ voucher: [voucher()] })
    await act('receive', { amount: 400 })
    const { data } = await d.acc('request_data', { data_type: 1, list_org_refid: [guid(1), guid(5)] })
    await d.flush()
    const answer = r.arrived.map((each) => each.json).find((json) => json.data_type === 24)
    expect(JSON.parse(answer.data)).toMatchObject({
      request_id: data.request_id,
      data: [{ org_refid: guid(1), total_receipted_amount: 400 }],
    })
  })
})
