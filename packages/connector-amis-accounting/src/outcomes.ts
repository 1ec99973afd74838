import type { ChangeHint, LateOutcome, Row } from '@amis-sync/core'
import { isRow } from './envelope.ts'
import { rowFailure } from './errors.ts'
import { resourceRead, resourceWritten, vouchers } from './resources.ts'
import { idOf, textOf } from './rows.ts'

/** `data_type` of callbacks (contract §2.5). All others are taken and ignored. */
export const callbackTypes = { saved: 1, deleted: 2, dictionary: 3, pushed: 22, hints: 23 } as const

const optional = <K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<K, string>>

/** A code 99, or a message about "callback", speaks of the delivery, not of the document (contract §2.5). */
function isAboutDelivery(row: Row): boolean {
  if (row['success'] === true) return false
  const code = textOf(row['error_code'])
  const message = textOf(row['error_message'])
  if (code === '99' || /call[_\s]?back/i.test(message ?? '')) return true
  return code === undefined && message === undefined && textOf(row['error_call_back_message']) !== undefined
}

type Result = Pick<LateOutcome, 'status' | 'failure'>

function resultOf(row: Row): Result {
  if (row['success'] === true) return { status: 'applied' }
  const errorCode = textOf(row['error_code']) ?? null
  const errorMessage = textOf(row['error_message']) ?? null
  const failure = rowFailure({ errorCode, errorMessage }, textOf(row['error_field']))
  const status = errorCode === 'VoucherNotFound' ? 'missing' : errorCode === 'DuplicateCode' ? 'duplicate' : 'rejected'
  return { status, failure }
}

function voucherOutcome(row: Row, operation: 'save' | 'delete'): LateOutcome | undefined {
  const id = idOf(row['org_refid'])
  if (id === undefined || isAboutDelivery(row)) return undefined
  return { resource: vouchers.name, id, operation, ...optional('session', textOf(row['session_id'])), ...resultOf(row) }
}

function dictionaryOutcome(row: Row): LateOutcome | undefined {
  const resource = resourceWritten(Number(row['dictionary_type'] ?? Number.NaN))
  if (resource === undefined || isAboutDelivery(row)) return undefined
  return {
    ...optional('opId', idOf(row['org_refid'])),
    resource: resource.name,
    ...optional('id', idOf(row['id'])),
    ...optional('key', textOf(row['code'])),
    ...optional('session', textOf(row['session_id'])),
    ...resultOf(row),
  }
}

/** Outcomes in a callback's parsed `data`. `undefined`: the data has not the form of its type. Other types have none. */
export function outcomesIn(type: number, data: unknown): readonly LateOutcome[] | undefined {
  const { saved, deleted, dictionary } = callbackTypes
  if (type !== saved && type !== deleted && type !== dictionary) return []
  if (!Array.isArray(data)) return undefined
  const read = (row: Row) =>
    type === dictionary ? dictionaryOutcome(row) : voucherOutcome(row, type === deleted ? 'delete' : 'save')
  return data.filter(isRow).flatMap((row) => read(row) ?? [])
}

function voucherHint(row: Row): ChangeHint | undefined {
  const id = idOf(row['org_refid'])
  return id === undefined ? undefined : { resource: vouchers.name, id, ...optional('key', textOf(row['org_refno'])) }
}

function dictionaryHint(row: Row): ChangeHint | undefined {
  const resource = resourceRead(Number(row['data_type'] ?? Number.NaN))
  if (resource === undefined) return undefined
  return {
    resource: resource.name,
    ...optional('id', idOf(row['id'])),
    ...optional('key', textOf(row['code'])),
    ...(row['change'] === 'deleted' ? { deleted: true } : {}),
  }
}

/** Hints in a callback's parsed `data`: names only, never values. `undefined` as for {@link outcomesIn}. */
export function hintsIn(type: number, data: unknown): readonly ChangeHint[] | undefined {
  const { pushed, hints } = callbackTypes
  if (type !== pushed && type !== hints) return []
  const list = isRow(data) ? data[type === pushed ? 'voucher' : 'dictionary'] : undefined
  if (!Array.isArray(list)) return undefined
  return list.filter(isRow).flatMap((row) => (type === pushed ? voucherHint : dictionaryHint)(row) ?? [])
}
