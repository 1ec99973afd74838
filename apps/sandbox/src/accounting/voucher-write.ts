import { ALL_ON } from '../model/emitters.ts'
import { asText, sameJson, type JsonObject } from '../model/json.ts'
import type { RowDraft } from '../model/row.ts'
import { isGuid, pad } from '../model/text.ts'
import { wholeSecond } from '../model/time.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { newGuid } from '../model/guid.ts'
import { DONE, refusedFor, refusedWith, type Outcome } from './outcomes.ts'
import { readVoucher, type VoucherContent } from './voucher-content.ts'
import { asVoucher, type Voucher } from './voucher.ts'

/** Applies one document of a `save` (§2.3.4). */
export function applyVoucher(tenant: Tenant, input: JsonObject): Outcome {
  const { accounting } = tenant.tables
  if (!isGuid(input['org_refid'])) return refusedWith('InvalidParam', 'org_refid')
  const orgRefid = input['org_refid'].toLowerCase()
  const table = accounting.table('Vouchers')
  const last = table.get(orgRefid)
  const before = last && last.deleted_at === undefined ? asVoucher(last) : undefined
  if (before && before.voucher_type !== input['voucher_type']) return refusedWith('InvalidParam', 'voucher_type')
  const { content, faults } = readVoucher(input, accounting.world(ALL_ON))
  if (before && isSame(before, content)) return DONE
  if (before && isLocked(before)) return refusedWith('IsCreatedVoucher')
  if (faults.length > 0) return refusedFor(faults)
  const now = wholeSecond(tenant.clock.at('accounting'))
  if (before)
    table.replace(before, {
      ...before,
      ...parts(content, before),
      ...requested(content, before),
      modified_date: now,
      modified_by: 'API',
    })
  else table.insert(creation(tenant, content, now, last && asVoucher(last)), orgRefid)
  return DONE
}

/** Applies one row of a `delete` (§2.3.4). */
export function applyDeletion(tenant: Tenant, input: JsonObject): Outcome {
  const table = tenant.tables.accounting.table('Vouchers')
  const row = table.get(asText(input['org_refid'] ?? '').toLowerCase())
  if (!row || row.deleted_at !== undefined || asVoucher(row).voucher_type !== input['voucher_type']) {
    return refusedWith('VoucherNotFound', 'org_refid')
  }
  const voucher = asVoucher(row)
  if (isLocked(voucher)) return refusedWith('IsCreatedVoucher', 'org_refid', lockReason(voucher))
  if (voucher.revenue_status === 1) {
    return refusedWith(
      'IsCreatedVoucher',
      'org_refid',
      'Chứng từ đã được ghi doanh số, cần bỏ ghi trên phần mềm kế toán trước khi xóa',
    )
  }
  table.remove(row, { deleted_by: 'api', state_version: voucher.state_version + 1 })
  return DONE
}

/** Locked for saving: vouchers were made from it, or an invoice request was approved or invoiced. */
function isLocked(voucher: Voucher): boolean {
  return (
    voucher.has_created_voucher === true ||
    (voucher.voucher_type === 122 && (voucher.decision === 1 || voucher.decision === 3))
  )
}

function lockReason(voucher: Voucher): string {
  if (voucher.voucher_type === 122) return 'Đề nghị đã được duyệt hoặc đã xuất hóa đơn, không thể xóa'
  return 'Đơn hàng đã phát sinh chứng từ giao hàng, thu tiền hoặc hóa đơn, không thể xóa'
}

function isSame(before: Voucher, content: VoucherContent): boolean {
  return (
    sameJson(before.header, content.header) &&
    sameJson(before.detail, content.detail) &&
    Number(content.given['request_seq'] ?? 0) <= (before.request_seq ?? 0)
  )
}

/** The columns that a save replaces as a whole. */
function parts(content: VoucherContent, before?: Voucher): JsonObject {
  const own = content.header['is_get_new_id'] === true
  const keep = own && before?.detail_ids.length === content.detail.length
  return {
    voucher_type: content.header['voucher_type'],
    org_refno: content.header['org_refno'],
    header: content.header,
    detail: content.detail,
    refid: own ? (before?.refid ?? newGuid()) : content.header['refid'],
    detail_ids: keep ? before.detail_ids : content.detail.map((line) => (own ? newGuid() : line['ref_detail_id'])),
    delivered_sa: undefined,
    delivered_in: undefined,
    state_version: (before?.state_version ?? 0) + 1,
  }
}

/** A request counter that rose is stored and lifts an earlier refusal. */
function requested(content: VoucherContent, before: Voucher): JsonObject {
  const seq = content.given['request_seq']
  if (typeof seq !== 'number' || seq <= (before.request_seq ?? Number.NEGATIVE_INFINITY)) return {}
  if (before.voucher_type === 121) return { request_seq: seq }
  if (before.voucher_type !== 122)
    return { request_seq: seq, revenue_refused: false, revenue_refusal_reason: undefined }
  return before.decision === 2 ? { request_seq: seq, decision: 0, decision_reason: undefined } : { request_seq: seq }
}

function creation(tenant: Tenant, content: VoucherContent, now: number, last: Voucher | undefined): RowDraft {
  const { given } = content
  const state = Number(content.header['voucher_type']) < 121
  return {
    created_date: now,
    modified_date: now,
    created_by: 'API',
    modified_by: 'API',
    ...parts(content),
    refno: `DDH${pad(tenant.counters.next('accounting.refno'), 6)}`,
    request_seq: given['request_seq'],
    state_version: (last?.state_version ?? 0) + 1,
    ...(state && {
      revenue_status: given['revenue_status'],
      initial_status: given['status'],
      initial_delivered: given['delivered_status'],
    }),
  }
}
