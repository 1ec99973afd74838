import type { Call } from './exchange.ts'

/** What `empty` and `short` leave of a list (§5.5). `cut` = the answer hides its totals and ends the paging. */
export function leaveRows<T>(call: Call, rows: T[], isList = true): { rows: T[]; cut: boolean } {
  if (call.fault?.kind === 'empty') return { rows: [], cut: true }
  if (call.fault?.kind === 'short' && isList) {
    return { rows: rows.slice(0, Number(call.fault.params['rows'] ?? 1)), cut: true }
  }
  return { rows, cut: false }
}

/** The moment a stale read speaks of; undefined = now. */
export function staleMoment(kind: string | undefined, ms: unknown, now: number): number | undefined {
  return kind === 'staleRead' ? now - Number(ms ?? 5000) : undefined
}

/** Which rows of a batch a `partialBatch` makes fail: one draw per row. */
export function failingRows(call: Call, count: number): Set<number> {
  const failing = new Set<number>()
  if (call.fault?.kind !== 'partialBatch') return failing
  const fraction = Number(call.fault.params['fraction'] ?? 0.5)
  for (let i = 0; i < count; i += 1) if (call.fault.draw() < fraction) failing.add(i)
  return failing
}
