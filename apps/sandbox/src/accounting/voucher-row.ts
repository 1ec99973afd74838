import type { Reader } from '../model/column.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { actTime } from '../model/time.ts'
import { DETAIL, LISTS_OF_122 } from './voucher-columns.ts'
import { headerColumns } from './voucher-content.ts'
import { asVoucher, stateOf, type Voucher } from './voucher.ts'

/** A document as `GET /state` shows it: header and lines as last applied, its state, and whether it is deleted. */
export function voucherRow(voucher: Voucher, reader: Reader, queued: boolean): JsonObject {
  const shown = (columns: readonly { readonly name: string }[], source: JsonObject): Record<string, Json> =>
    Object.fromEntries(columns.map(({ name }) => [name, source[name] ?? null]))
  const quote =
    voucher.header['quote_org_refid'] === undefined
      ? undefined
      : reader.row('Vouchers', voucher.header['quote_org_refid'])
  const lists = voucher.voucher_type === 122 ? LISTS_OF_122.map((name) => [name, voucher.header[name] ?? []]) : []
  const state = stateOf(voucher.id, voucher, queued)
  return {
    ...shown(headerColumns(voucher.voucher_type), voucher.header),
    ...Object.fromEntries(lists),
    refid: voucher.refid,
    refno: voucher.refno,
    quote_refid: quote && quote.deleted_at === undefined ? asVoucher(quote).refid : null,
    request_seq: voucher.request_seq ?? null,
    status: state['status'],
    delivered_status: state['delivered_status'],
    revenue_status: state['revenue_status'],
    created_date: actTime(voucher.created_date),
    modified_date: actTime(voucher.modified_date),
    created_by: voucher.created_by,
    modified_by: voucher.modified_by,
    detail: voucher.detail.map((line, i) => ({
      ...shown(DETAIL, line),
      ref_detail_id: voucher.detail_ids[i],
      quantity_delivered_sa: voucher.delivered_sa?.[i] ?? 0,
      quantity_delivered_in: voucher.delivered_in?.[i] ?? 0,
    })),
    state,
    ...(voucher.deleted_at !== undefined && { deleted: true, deletedBy: voucher.deleted_by ?? 'user' }),
  }
}
