/** After this many failed attempts an item is parked and a person is told. */
export const mostAttempts = 8

/** 1, 2, 4 … 300 s with up to a quarter of jitter (`random` in [0, 1)). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(1000 * 2 ** Math.max(0, attempt - 1), 300_000)
  return Math.round(base * (1 + random / 4))
}
