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
  await d.admin('PUT', 'delivery', { accountingCallback: { url: r.url } })
  await outcomesOf(d, r, { dictionary: BASE }, 'save_dictionary')
})

const act = (action: string, more: object = {}) => d.act({ system: 'accounting', action, key: guid(1), ...more })
const pushed = (): Loose[] =>
  r.arrived.filter((each) => each.json.data_type === 22).map((each) => JSON.parse(each.json.data))

describe('§2.5 pushes and hints', () => {
  it('§5.4 each action of a person pushes the state with its ModelState', async () => {
    await outcomesOf(d, r, { voucher: [voucher()] })
    expect(pushed()).toEqual([])
    await act('refuseRevenue', { reason: 'a' })
    await act('recordRevenue')
    await act('refuseRevenue', { reason: 'b' })
    await act('receive', { amount: 1 })
    await act('undoVouchers')
    await act('deleteDocument')
    await d.flush()
    expect(pushed().map((push) => push.custom_param.ModelState)).toEqual([2, 7, 8, 2, 2, 3])
    expect(pushed().map((push) => push.voucher[0].state_version)).toEqual([2, 3, 4, 5, 6, 7])
    expect((await act('refuseRevenue')).code).toBe('deleted')
  })

  it('§6.1 pushes and hints can be off', async () => {
    await d.admin('PUT', 'capabilities', { accounting: { pushes: false, hints: false } })
    await outcomesOf(d, r, { voucher: [voucher()], dictionary: [{ dictionary_type: 6, unit_name: 'Mới' }] })
    r.arrived.length = 0
    await act('receive', { amount: 1 })
    await d.act({ system: 'accounting', action: 'delete', entity: 'Units', key: 'Mới' })
    await d.flush()
    expect(r.arrived).toEqual([])
  })

  it('§2.5 hints name reading numbers for changes by persons and by the API', async () => {
    await d.flush()
    const hints = r.arrived
      .filter((each) => each.json.data_type === 23)
      .map((each) => JSON.parse(each.json.data).dictionary)
    expect(hints[0]?.map((row: Loose) => [row.data_type, row.code, row.change])).toEqual([
      [4, 'Hộp', 'created'],
      [4, 'Cái', 'created'],
      [4, 'Giờ', 'created'],
      [1, 'KH000017', 'created'],
      [2, 'VT000007', 'created'],
      [2, 'DV000001', 'created'],
    ])
  })
})

describe('§2.3.3 less common documents', () => {
  it('§2.3.3 amounts in another currency: twins and the tolerance of 0.01', async () => {
    const usd = (n: number, amount: number) =>
      voucher(n, {
        currency_id: 'USD',
        exchange_rate: 25e3,
        liquidate_amount: undefined,
        total_sale_amount: undefined,
        total_discount_amount: 0,
        total_vat_amount: 0,
        total_amount: undefined,
        total_sale_amount_oc: amount,
        total_amount_oc: amount,
        detail: [
          {
            ref_detail_id: guid(n),
            inventory_item_code: 'DV000001',
            unit_name: 'Giờ',
            quantity: 3,
            unit_price: 1.11,
            amount_oc: amount,
          },
        ],
      })
    const outcome = await outcomesOf(d, r, { voucher: [usd(1, 3.33), usd(2, 3.34), usd(3, 3.35)] })
    expect(brief(outcome[1])).toEqual(['ok', 'ok', ['InvalidParam', 'detail[0].amount']])
    const [row] = await d.state('accounting', 'Vouchers', guid(1))
    expect(row).toMatchObject({ total_amount: 83_250, total_amount_oc: 3.33, liquidate_amount_oc: 3.33 })
    expect(row.detail[0]).toMatchObject({ amount: 83_250, vat_rate: -1, main_unit_name: 'Giờ' })
  })

  it('§2.3.3 is_get_new_id makes ids of ACT’s own; contracts need their capability', async () => {
    await outcomesOf(d, r, { voucher: [voucher(1, { is_get_new_id: true })] })
    await outcomesOf(d, r, { voucher: [voucher(1, { is_get_new_id: true })] })
    const [row] = await d.state('accounting', 'Vouchers', 'DH1')
    expect([row.refid === guid(1), row.detail[0].ref_detail_id === guid(101), row.state.state_version]).toEqual([
      false,
      false,
      1,
    ])
    expect(brief((await outcomesOf(d, r, { voucher: [voucher(2, { voucher_type: 120, reftype: 9520 })] }))[1])).toEqual(
      ['ok'],
    )
    await d.admin('PUT', 'capabilities', { accounting: { contracts: false } })
    expect((await d.acc('save', { voucher: [voucher(3, { voucher_type: 120, reftype: 9520 })] })).ErrorCode).toBe(
      'InvalidParam',
    )
  })

  it('§1.2 a hundred long codes fit into one request', async () => {
    const codes = Array.from(
      { length: 100 },
      (_, i) => `code=${encodeURIComponent(`${'Đ'.repeat(47)}${String(i).padStart(3, '0')}`)}`,
    )
    expect((await d.crmRaw('GET', `Customers/code?${codes.join('&')}`)).json.data).toEqual([])
  })
})
