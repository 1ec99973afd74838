import type { Row } from '@amis-sync/core'
import { refusalError, unreadableError } from './errors.ts'
import type { Refusal } from './errors.ts'

/** An answer of ACT, opened (contract §2.1). `data` and `custom` are parsed; null when empty. */
export interface Envelope extends Refusal {
  readonly success: boolean
  readonly data: unknown
  readonly custom: Row
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * `Data`, `CustomData` and a callback's `data`: JSON inside a string, an object, an array, or text encoded twice. Null and empty text
 * are null. Throws `SyntaxError` when a text is no JSON.
 */
export function decodeNested(value: unknown): unknown {
  let current = value
  for (let depth = 0; depth < 3 && typeof current === 'string'; depth++) {
    if (current.trim() === '') return null
    current = JSON.parse(current) as unknown
  }
  return current ?? null
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase()

/** A member by name, exact or without case and underscore. */
function member(row: Row, name: string): unknown {
  if (name in row) return row[name]
  const key = Object.keys(row).find((one) => plain(one) === plain(name))
  return key === undefined ? undefined : row[key]
}

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

/**
 * Opens an answer. A refusal (`Success:false`) is returned, not thrown: the caller may know better. Throws
 * `ACCOUNTING_ANSWER_UNREADABLE` (kind `inDoubt` for a call that must not be repeated) when it is no envelope.
 */
export function openEnvelope(name: string, body: unknown, status: number, repeatable: boolean): Envelope {
  const success = isRow(body) ? member(body, 'Success') : undefined
  if (!isRow(body) || typeof success !== 'boolean') throw unreadableError(name, repeatable)
  const refusal = {
    errorCode: textOrNull(member(body, 'ErrorCode')),
    errorMessage: textOrNull(member(body, 'ErrorMessage')),
    status,
  }
  if (!success) return { success, ...refusal, data: null, custom: {} }
  try {
    const custom = decodeNested(member(body, 'CustomData'))
    return { success, ...refusal, data: decodeNested(member(body, 'Data')), custom: isRow(custom) ? custom : {} }
  } catch (cause) {
    throw unreadableError(name, repeatable, cause)
  }
}

/** The rows of a list answer. A refusal is an error, never an empty list (contract §2.1). */
export function listRows(name: string, envelope: Envelope): readonly Row[] {
  if (!envelope.success) throw refusalError(name, envelope)
  if (envelope.data === null) return []
  if (!Array.isArray(envelope.data) || !envelope.data.every(isRow)) throw unreadableError(name, true)
  return envelope.data
}

/** What the server answers to a callback (contract §2.5): taken, or "send it again". */
export function callbackAnswer(ok: boolean): Row {
  return ok
    ? { Success: true, ErrorCode: null, ErrorMessage: null, Data: null }
    : { Success: false, ErrorCode: 'Exception', ErrorMessage: 'Chưa nhận được dữ liệu, vui lòng gửi lại', Data: null }
}
