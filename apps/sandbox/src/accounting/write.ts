import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import type { Answer, Call } from '../server/exchange.ts'
import { failingRows } from '../server/list-faults.ts'
import { dictionaryToWrite } from './dictionaries.ts'
import { ActFailure, success } from './envelope.ts'
import { newGuid } from '../model/guid.ts'
import { VOUCHER_TYPES } from './voucher-columns.ts'

const MAX_DICTIONARY = 200
const MAX_VOUCHERS = 100
const MAX_LINES = 500

/** `save_dictionary` */
export function saveDictionary(call: Call, body: JsonObject): Answer {
  const dictionary = rowsOf(body, 'dictionary')
  if (!dictionary) throw new ActFailure('InvalidParam', 'dictionary')
  return accept(call, 'save', [], checkDictionary(call, dictionary))
}

/** `save` */
export function save(call: Call, body: JsonObject): Answer {
  const vouchers = rowsOf(body, 'voucher') ?? []
  const dictionary = rowsOf(body, 'dictionary') ?? []
  if (vouchers.length + dictionary.length === 0) throw new ActFailure('InvalidParam', 'voucher')
  const checked = checkDictionary(call, dictionary)
  return accept(call, 'save', checkVouchers(call, vouchers), checked)
}

/** `delete` */
export function remove(call: Call, body: JsonObject): Answer {
  const vouchers = rowsOf(body, 'voucher')
  if (!vouchers) throw new ActFailure('InvalidParam', 'voucher')
  return accept(call, 'delete', checkVouchers(call, vouchers), [])
}

function rowsOf(body: JsonObject, name: string): readonly Json[] | undefined {
  const value = body[name] ?? undefined
  if (value !== undefined && !Array.isArray(value)) throw new ActFailure('InvalidParam', name)
  return value as readonly Json[] | undefined
}

function checkDictionary(call: Call, rows: readonly Json[]): JsonObject[] {
  if (rows.length > MAX_DICTIONARY) throw new ActFailure('TooMany', 'dictionary')
  return rows.map((row, i) => {
    if (!isObject(row) || !dictionaryToWrite(row['dictionary_type'], call.on)) {
      throw new ActFailure('InvalidParam', `dictionary[${i}].dictionary_type`)
    }
    return row
  })
}

function checkVouchers(call: Call, rows: readonly Json[]): JsonObject[] {
  if (rows.length > MAX_VOUCHERS) throw new ActFailure('TooMany', 'voucher')
  const checked = rows.map((row, i) => {
    const kind =
      isObject(row) && typeof row['voucher_type'] === 'number' ? VOUCHER_TYPES[row['voucher_type']] : undefined
    if (!isObject(row) || !kind || (kind.flag && !call.on(kind.flag)))
      throw new ActFailure('InvalidParam', `voucher[${i}].voucher_type`)
    if (typeof row['org_refid'] !== 'string' || row['org_refid'] === '')
      throw new ActFailure('InvalidParam', `voucher[${i}].org_refid`)
    return row
  })
  if (checked.some((row) => Array.isArray(row['detail']) && row['detail'].length > MAX_LINES))
    throw new ActFailure('TooMany', 'detail')
  return checked
}

/** Puts a checked call into the queue: success means queued, not applied (§2.3.1). */
function accept(call: Call, kind: 'save' | 'delete', vouchers: JsonObject[], dictionary: JsonObject[]): Answer {
  const sessionId = newGuid()
  const { clock, delivery, queue, ticker } = call.tenant
  queue.add({
    sessionId,
    kind,
    vouchers,
    dictionary,
    due: clock.now() + delivery.value.applyDelayMs,
    failing: [...failingRows(call, dictionary.length + vouchers.length)],
    failCode: asText(call.fault?.params['code'] ?? 'Exception'),
    reversed: call.fault?.kind === 'reorderResults',
  })
  ticker.wake()
  return success(JSON.stringify({ session_id: sessionId, voucher: vouchers.length, dictionary: dictionary.length }))
}
