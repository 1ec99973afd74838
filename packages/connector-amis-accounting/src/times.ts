const vietnamOffsetMs = 7 * 3_600_000

/** Milliseconds since 1970 as ACT's `ts`: `2026-11-24 08:25:01`, +07:00, rounded down (contract §0.2). */
export function toActTime(ms: number): string {
  return new Date(Math.floor(ms / 1_000) * 1_000 + vietnamOffsetMs).toISOString().slice(0, 19).replace('T', ' ')
}
