import { expect } from 'vitest'
import { guid, type Driver, type Loose, type Receiver } from './driver.ts'

/** Saves and gives the outcomes of that call by callback type. */
export async function outcomesOf(
  d: Driver,
  r: Receiver,
  body: object,
  name = 'save',
): Promise<Record<number, Loose[]>> {
  const answer = await d.acc(name, body)
  expect(answer).toMatchObject({ Success: true, ErrorCode: null })
  await d.flush()
  const mine = r.arrived.map((each) => each.json).filter((json) => [1, 2, 3].includes(json.data_type))
  const session = answer.data.session_id
  const all = mine
    .map((json) => [json.data_type, JSON.parse(json.data)])
    .filter(([, rows]) => rows[0].session_id === session)
  return Object.fromEntries(all)
}

/** Outcomes as `ok` or code and field. */
export const brief = (rows: Loose[] | undefined) =>
  rows?.map((row) => (row.success ? 'ok' : [row.error_code, row.error_field]))

/** Dictionary rows that the worked example of §4.14 needs. */
export const BASE = [
  { dictionary_type: 6, unit_name: 'Hộp' },
  { dictionary_type: 6, unit_name: 'Cái' },
  { dictionary_type: 6, unit_name: 'Giờ' },
  { dictionary_type: 1, account_object_code: 'KH000017', account_object_name: 'An Phát', is_customer: true },
  { dictionary_type: 3, inventory_item_code: 'VT000007', inventory_item_name: 'Bút', unit_name: 'Cái' },
  { dictionary_type: 3, inventory_item_code: 'DV000001', inventory_item_name: 'Công', unit_name: 'Giờ' },
]
/** The document of §4.14 as `save` sends it. */
export const voucher = (n = 1, change: object = {}): Loose => ({
  voucher_type: 20,
  reftype: 3520,
  org_refid: guid(n),
  org_refno: `DH${n}`,
  refdate: '2026-11-20',
  is_get_new_id: false,
  account_object_code: 'KH000017',
  currency_id: 'VND',
  exchange_rate: 1,
  discount_type: 1,
  request_seq: 1,
  total_sale_amount: 1_350_000,
  total_discount_amount: 120_000,
  total_vat_amount: 86_400,
  total_amount: 1_316_400,
  liquidate_amount: 1_316_400,
  detail: [
    {
      ref_detail_id: guid(101),
      inventory_item_code: 'VT000007',
      unit_name: 'Hộp',
      quantity: 5,
      main_unit_name: 'Cái',
      main_convert_rate: 12,
      exchange_rate_operator: '*',
      main_quantity: 60,
      unit_price: 240_000,
      amount: 1_200_000,
      discount_rate: 10,
      discount_amount: 120_000,
      vat_rate: 8,
      vat_amount: 86_400,
      sort_order: 1,
    },
    {
      ref_detail_id: guid(102),
      inventory_item_code: 'DV000001',
      unit_name: 'Giờ',
      quantity: 1.5,
      unit_price: 100_000,
      amount: 150_000,
      vat_rate: -1,
      sort_order: 2,
    },
  ],
  ...change,
})
