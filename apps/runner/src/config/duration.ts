const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** `500ms`, `60s`, `5m`, `1h`. */
export const durationPattern = /^([1-9]\d*)(ms|s|m|h)$/

/** Milliseconds of a duration text; throws `TypeError` when it is none. */
export function toMilliseconds(text: string): number {
  const match = durationPattern.exec(text)
  if (!match) throw new TypeError(`"${text}" is no duration`)
  return Number(match[1]) * units[match[2] as keyof typeof units]
}
