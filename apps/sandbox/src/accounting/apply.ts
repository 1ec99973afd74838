import type { JsonObject } from '../model/json.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { applyDictionaryRow } from './dictionary-write.ts'
import { sendCallback, sendHints, type Change } from './callbacks.ts'
import { refusedWith, type Outcome } from './outcomes.ts'
import type { QueuedCall } from './queue.ts'
import { applyDeletion, applyVoucher } from './voucher-write.ts'

/** Applies an accepted call and sends its callbacks: type 3, then 1 or 2, then hints (§2.3.1, §2.5). */
export function applyCall(tenant: Tenant, call: QueuedCall): void {
  const failing = new Set(call.failing)
  const changes: Change[] = []
  const dictionary = call.dictionary.map((row, i) => {
    const result = failing.has(i)
      ? { outcome: refusedWith(call.failCode), code: codeOf(row), id: null, change: null }
      : applyDictionaryRow(tenant, row)
    if (result.change) changes.push(result.change)
    return {
      org_refid: typeof row['org_refid'] === 'string' ? row['org_refid'] : null,
      dictionary_type: row['dictionary_type'],
      code: result.code,
      id: result.id,
      ...result.outcome,
      session_id: call.sessionId,
    }
  })
  const vouchers = call.vouchers.map((row, i) => {
    const outcome = failing.has(call.dictionary.length + i) ? refusedWith(call.failCode) : applyOne(tenant, call, row)
    return {
      org_refid: row['org_refid'],
      voucher_type: row['voucher_type'],
      ...outcome,
      session_id: call.sessionId,
      error_call_back_message: null,
    }
  })
  report(tenant, call, 3, dictionary)
  report(tenant, call, call.kind === 'save' ? 1 : 2, vouchers)
  sendHints(tenant, changes)
}

function applyOne(tenant: Tenant, call: QueuedCall, row: JsonObject): Outcome {
  return call.kind === 'save' ? applyVoucher(tenant, row) : applyDeletion(tenant, row)
}

function report(tenant: Tenant, call: QueuedCall, dataType: number, rows: { readonly success: boolean }[]): void {
  if (rows.length === 0) return
  if (call.reversed) rows.reverse()
  sendCallback(
    tenant,
    dataType,
    rows,
    rows.every((row) => row.success),
  )
}

function codeOf(row: JsonObject): string | null {
  const found = Object.entries(row).find(([name]) => /_code$|^unit_name$/.test(name))
  return typeof found?.[1] === 'string' ? found[1] : null
}
