import type { Fault } from '../model/fault.ts'
import { faultMessage } from '../model/fault.ts'
import { actMessage } from './envelope.ts'

/** What became of one row of a queued call. */
export interface Outcome {
  readonly success: boolean
  readonly error_code: string | null
  readonly error_message: string | null
  readonly error_field: string | null
}

/** Done, or nothing to do. */
export const DONE: Outcome = { success: true, error_code: null, error_message: null, error_field: null }

/** Refused with one of ACT's codes. */
export function refusedWith(code: string, field: string | null = null, message = actMessage(code)): Outcome {
  return { success: false, error_code: code, error_message: message, error_field: field }
}

/** Refused for the first of some reasons: `DuplicateCode`, else `InvalidParam` (§2.3.2). */
export function refusedFor(faults: readonly Fault[]): Outcome {
  const duplicate = faults.find((each) => each.code === 'duplicate' && !each.field.startsWith('detail'))
  if (duplicate) return refusedWith('DuplicateCode', duplicate.field)
  const [first] = faults
  return refusedWith('InvalidParam', first?.field ?? null, faultMessage(first?.code ?? 'invalid', first?.field ?? ''))
}
