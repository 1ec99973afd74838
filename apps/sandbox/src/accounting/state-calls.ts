import type { Json, JsonObject } from '../model/json.ts'
import type { Row } from '../model/row.ts'
import { isGuid } from '../model/text.ts'
import { newGuid } from '../model/guid.ts'
import type { Answer, Call } from '../server/exchange.ts'
import { leaveRows } from '../server/list-faults.ts'
import { ActFailure, success } from './envelope.ts'
import { sendCallback } from './callbacks.ts'
import { listAnswer, momentOf, pageOf } from './paging.ts'
import { asVoucher, stateOf } from './voucher.ts'

const MAX_IDS = 500

function idsOf(body: JsonObject): string[] {
  const ids = body['list_org_refid']
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw new ActFailure('InvalidParam', 'list_org_refid')
  if (ids.length > MAX_IDS) throw new ActFailure('TooMany', 'list_org_refid')
  return ids.map((id) => (isGuid(id) ? id.toLowerCase() : id))
}

function stateText(call: Call, id: string, row: Row | undefined): string {
  return JSON.stringify(stateOf(id, row && asVoucher(row), call.tenant.queue.holds(id)))
}

/** `get_voucher_state`: by ids, or what changed since a moment (§2.4). */
export function voucherState(call: Call, body: JsonObject): Answer {
  if (body['list_org_refid'] !== undefined && body['list_org_refid'] !== null) {
    const states = idsOf(body).map((id) => stateText(call, id, call.reader.row('Vouchers', id)))
    return success(`[${leaveRows(call, states, false).rows.join(',')}]`)
  }
  if (['last_sync_time', 'skip', 'take'].every((name) => body[name] === undefined))
    throw new ActFailure('InvalidParam', 'list_org_refid')
  const from = momentOf(body, 'last_sync_time') ?? undefined
  const table = call.tenant.tables.accounting.table('Vouchers')
  const { rows } = table.select({ order: 'modified', from, ...pageOf(body), asOf: call.reader.asOf })
  return listAnswer(
    call,
    rows.map((row) => stateText(call, String(row.id), row)),
    table,
  )
}

/** `request_data`: receipts by callback (type 24). */
export function requestData(call: Call, body: JsonObject): Answer {
  if (body['data_type'] !== 1) throw new ActFailure('InvalidParam', 'data_type')
  const requestId = newGuid()
  const data = idsOf(body).flatMap((id): JsonObject[] => {
    const row = call.tenant.tables.accounting.table('Vouchers').get(id)
    if (!row || row.deleted_at !== undefined) return []
    const state = stateOf(id, asVoucher(row), false)
    const figures: Json = {
      total_receipted_amount: state['total_receipted_amount'],
      receivable_remaining: state['receivable_remaining'],
    }
    return [{ org_refid: id, ...figures, receipts: state['receipts'] }]
  })
  sendCallback(call.tenant, 24, { request_id: requestId, data })
  return success(JSON.stringify({ request_id: requestId }))
}
