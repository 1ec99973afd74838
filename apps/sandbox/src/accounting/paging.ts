import type { JsonObject } from '../model/json.ts'
import { actTime, parseMoment, wholeSecond } from '../model/time.ts'
import type { Answer, Call } from '../server/exchange.ts'
import { leaveRows } from '../server/list-faults.ts'
import type { Table } from '../model/table.ts'
import { ActFailure, success } from './envelope.ts'

const MAX_TAKE = 100

function whole(body: JsonObject, name: string, fallback: number, least: number): number {
  const value = body[name] ?? fallback
  if (!Number.isSafeInteger(value) || (value as number) < least) throw new ActFailure('InvalidParam', name)
  return value as number
}

/** `skip` and `take` (§2.2.1): more than 100 is treated as 100. */
export function pageOf(body: JsonObject): { skip: number; take: number } {
  return { skip: whole(body, 'skip', 0, 0), take: Math.min(whole(body, 'take', MAX_TAKE, 1), MAX_TAKE) }
}

/** A `ts` of the body in whole seconds; null if absent. */
export function momentOf(body: JsonObject, name: string): number | null {
  const value = body[name] ?? null
  if (value === null || value === '') return null
  const ms = typeof value === 'string' ? parseMoment(value, true) : null
  if (ms === null) throw new ActFailure('InvalidParam', name)
  return wholeSecond(ms)
}

/** A list in the envelope, with the watermark for the next read. */
export function listAnswer(call: Call, rows: readonly string[], listed?: Table): Answer {
  const left = leaveRows(call, [...rows]).rows
  const custom = JSON.stringify({ LastSyncTime: actTime(call.reader.asOf ?? call.now) })
  return { ...success(`[${left.join(',')}]`, custom), ...(listed && { listed }) }
}
