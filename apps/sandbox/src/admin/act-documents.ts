import type { Voucher } from '../accounting/voucher.ts'
import { compare, decimal, minus, plus, toNumber, ZERO } from '../model/decimal.ts'
import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import { codeKey, pad } from '../model/text.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { Action } from './act.ts'
import { AdminError, badRequest } from './admin-error.ts'
import {
  changeDocument,
  dayOf,
  documentOf,
  MODEL_STATE,
  positiveAmountOf,
  push,
  reasonOf,
  requireKind,
  shownDocument,
  textOf,
} from './documents.ts'

const ORDERS = [20, 120]

/** An action on one order or contract that changes it and pushes its state. */
function onOrder(
  change: (tenant: Tenant, voucher: Voucher, command: JsonObject) => Partial<Voucher>,
  modelState?: (before: Voucher) => number,
): Action {
  return (tenant, command) => {
    const voucher = documentOf(tenant, command['key'])
    requireKind(voucher, ORDERS)
    return shownDocument(
      tenant,
      changeDocument(tenant, voucher, change(tenant, voucher, command), modelState?.(voucher)),
    )
  }
}

function deliver(_tenant: Tenant, voucher: Voucher, command: JsonObject): Partial<Voucher> {
  const via = command['via'] ?? 'sales'
  if (via !== 'sales' && via !== 'stock') return badRequest('via must be sales or stock')
  const column = via === 'sales' ? 'delivered_sa' : 'delivered_in'
  const delivered = voucher.detail.map((_, i) => voucher[column]?.[i] ?? 0)
  for (const { index, quantity } of deliveriesOf(voucher, command, delivered)) {
    const total = plus(decimal(delivered[index] ?? 0), decimal(quantity))
    delivered[index] = toNumber(compare(total, ZERO) < 0 ? ZERO : total)
  }
  return { [column]: delivered, has_created_voucher: true }
}

function deliveriesOf(
  voucher: Voucher,
  command: JsonObject,
  delivered: readonly number[],
): { index: number; quantity: number }[] {
  const lines = command['lines'] ?? undefined
  if (lines === undefined) {
    return voucher.detail.map((line, index) => {
      const rest = toNumber(minus(decimal(line['quantity'] as number), decimal(delivered[index] ?? 0)))
      return { index, quantity: Math.max(0, rest) }
    })
  }
  if (!Array.isArray(lines)) return badRequest('lines must be an array')
  return (lines as readonly Json[]).map((line) => {
    if (!isObject(line)) return badRequest('a line must be an object')
    const quantity = line['quantity']
    if (typeof quantity !== 'number' || !Number.isFinite(quantity))
      throw new AdminError('required', 'quantity is needed')
    const index = voucher.detail.findIndex((candidate, i) => isLine(candidate, voucher.detail_ids[i], line))
    if (index < 0) throw new AdminError('not_found', 'no such line')
    return { index, quantity }
  })
}

function isLine(candidate: JsonObject, id: string | undefined, wanted: JsonObject): boolean {
  if (wanted['ref_detail_id'] !== undefined) return id === asText(wanted['ref_detail_id']).toLowerCase()
  if (wanted['sort_order'] !== undefined) return candidate['sort_order'] === wanted['sort_order']
  return codeKey(asText(candidate['inventory_item_code'])) === codeKey(asText(wanted['inventory_item_code']))
}

function receive(tenant: Tenant, voucher: Voucher, command: JsonObject): Partial<Voucher> {
  const amount = positiveAmountOf(command, 'amount')
  const receipt_date = dayOf(tenant, command, 'receipt_date')
  const receipt_no = textOf(command, 'receipt_no') ?? `PT${pad(tenant.counters.next('accounting.receipt'), 4)}`
  return { receipts: [...(voucher.receipts ?? []), { receipt_no, receipt_date, amount }], has_created_voucher: true }
}

function setStatus(_tenant: Tenant, _voucher: Voucher, command: JsonObject): Partial<Voucher> {
  const status = command['status']
  if (status === null) return { fixed_status: undefined }
  if (status === undefined) throw new AdminError('required', 'status is needed')
  if (typeof status !== 'number' || ![0, 1, 2, 3].includes(status))
    throw new AdminError('invalid', 'status must be 0 to 3 or null')
  return { fixed_status: status }
}

function removeDocument(silently: boolean): Action {
  return (tenant, command) => {
    const voucher = documentOf(tenant, command['key'])
    if (voucher.has_created_voucher) throw new AdminError('invalid_state', 'the document has vouchers')
    const table = tenant.tables.accounting.table('Vouchers')
    const gone = table.remove(voucher, { deleted_by: 'user', state_version: voucher.state_version + 1 }) as Voucher
    if (!silently) push(tenant, gone, MODEL_STATE.deleted)
    return shownDocument(tenant, gone)
  }
}

const NO_REASON = { revenue_refused: false, revenue_refusal_reason: undefined } as Partial<Voucher>

/** Actions on one document (§5.4). */
export const DOCUMENT_ACTIONS: Readonly<Record<string, Action>> = {
  recordRevenue: onOrder(
    () => ({ revenue_status: 1, ...NO_REASON }),
    () => MODEL_STATE.posted,
  ),
  refuseRevenue: onOrder(
    (_tenant, _voucher, command) => ({
      revenue_status: 0,
      revenue_refused: true,
      revenue_refusal_reason: reasonOf(command),
    }),
    (before) => (before.revenue_status === 1 ? MODEL_STATE.unposted : MODEL_STATE.edited),
  ),
  setStatus: onOrder(setStatus),
  deliver: onOrder(deliver),
  receive: onOrder(receive),
  undoVouchers: (tenant, command) => {
    const voucher = documentOf(tenant, command['key'])
    const nothing = {
      delivered_sa: undefined,
      delivered_in: undefined,
      receipts: undefined,
      invoices: undefined,
      has_created_voucher: false,
      ...(voucher.decision === 3 && { decision: 1 }),
    } as Partial<Voucher>
    return shownDocument(tenant, changeDocument(tenant, voucher, nothing))
  },
  deleteRequest: removeDocument(true),
  deleteDocument: removeDocument(false),
}
