import { sendCallback } from '../accounting/callbacks.ts'
import { asVoucher, stateOf, type Voucher } from '../accounting/voucher.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { codeKey } from '../model/text.ts'
import { dateOf, parseDate, wholeSecond } from '../model/time.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { AdminError } from './admin-error.ts'
import { resourceOf, shownRow } from './state.ts'

/** What a push says happened to a document (§2.5 type 22). */
export const MODEL_STATE = { edited: 2, deleted: 3, posted: 7, unposted: 8 } as const

/** The live document with that `org_refid`, or the only one with that `org_refno`. */
export function documentOf(tenant: Tenant, key: Json): Voucher {
  if (typeof key !== 'string') throw new AdminError('required', 'key is needed')
  const table = tenant.tables.accounting.table('Vouchers')
  const byId = table.get(codeKey(key))
  if (byId && byId.deleted_at === undefined) return asVoucher(byId)
  const byNumber = table.rows.filter((row) => codeKey(asVoucher(row).org_refno) === codeKey(key))
  const live = byNumber.filter((row) => row.deleted_at === undefined)
  if (live.length > 1) throw new AdminError('invalid', `several documents have the number ${key}`)
  const [found] = live
  if (found) return asVoucher(found)
  throw new AdminError(byId || byNumber.length > 0 ? 'deleted' : 'not_found', `no document ${key}`)
}

/** Refuses unless the document is of one of these kinds. */
export function requireKind(voucher: Voucher, kinds: readonly number[]): void {
  if (!kinds.includes(voucher.voucher_type))
    throw new AdminError('invalid_state', `not possible for a document of type ${voucher.voucher_type}`)
}

/** Makes the next version of a document after a person's action, and pushes its state. */
export function changeDocument(
  tenant: Tenant,
  voucher: Voucher,
  changes: Partial<Voucher>,
  modelState: number = MODEL_STATE.edited,
): Voucher {
  const table = tenant.tables.accounting.table('Vouchers')
  const next = {
    ...voucher,
    initial_status: undefined,
    initial_delivered: undefined,
    ...changes,
    state_version: voucher.state_version + 1,
    modified_date: wholeSecond(tenant.clock.at('accounting')),
    modified_by: 'user',
  } as Voucher
  table.replace(voucher, next)
  push(tenant, next, modelState)
  return next
}

/** A callback of type 22, if pushes are on. */
export function push(tenant: Tenant, voucher: Voucher, modelState: number): void {
  if (!tenant.capabilities.of('accounting')('pushes')) return
  const state = stateOf(voucher.id, voucher, tenant.queue.holds(voucher.id))
  sendCallback(tenant, 22, { voucher: [state], custom_param: { ModelState: modelState } })
}

/** A document as the answer to a command. */
export function shownDocument(tenant: Tenant, voucher: Voucher): object {
  return shownRow(tenant, 'accounting', resourceOf(tenant, 'accounting', 'Vouchers'), voucher)
}

/** An optional business date of a command; default today. */
export function dayOf(tenant: Tenant, command: JsonObject, name: string): string {
  const value = command[name] ?? undefined
  if (value === undefined) return dateOf(tenant.clock.at('accounting'))
  const day = typeof value === 'string' ? parseDate(value, false) : null
  if (day === null) throw new AdminError('invalid', `${name} must be a date`)
  return day
}

/** An amount of a command in VND, with a fallback or required. */
export function amountOf(command: JsonObject, name: string, fallback?: number): number {
  const value = command[name] ?? fallback
  if (value === undefined) throw new AdminError('required', `${name} is needed`)
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new AdminError('invalid', `${name} must be a number`)
  return value
}

/** An amount that must be greater than 0, as `receive` wants it. */
export function positiveAmountOf(command: JsonObject, name: string): number {
  const value = amountOf(command, name)
  if (value <= 0) throw new AdminError('invalid', `${name} must be greater than 0`)
  return value
}

/** An optional text of a command. */
export function textOf(command: JsonObject, name: string): string | undefined {
  const value = command[name] ?? undefined
  if (value !== undefined && typeof value !== 'string') throw new AdminError('invalid', `${name} must be text`)
  return value === '' ? undefined : value
}

/** The reason of a refusal. */
export function reasonOf(command: JsonObject): string {
  const reason = textOf(command, 'reason')
  if (reason === undefined) throw new AdminError('required', 'reason is needed')
  return reason
}
