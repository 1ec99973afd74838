/** A business date without zone: `2026-11-24`. */
export type BusinessDate = string

const iso = /^(\d{4})-(\d{2})-(\d{2})$/
const vietnamese = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/
const stamp = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/
const vietnamOffsetMs = 7 * 3_600_000

function real(year: string, month: string, day: string): BusinessDate | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : text
}

/**
 * A time stamp of any of the three systems as milliseconds since 1970 UTC (contract §0.2): ISO 8601 with an offset, or
 * `2026-11-24 08:25:01` without one = +07:00. `undefined` when it is none.
 */
export function toInstant(value: string): number | undefined {
  const match = stamp.exec(value.trim())
  if (!match) return undefined
  const time = Date.parse(`${match[1]}T${match[2]}${match[3] ?? '+07:00'}`)
  return Number.isNaN(time) ? undefined : time
}

/** Milliseconds since 1970 as CRM and System write time stamps: `2026-11-24T08:25:01.123+07:00` (contract §0.2). */
export function toTimeStamp(ms: number): string {
  return `${new Date(ms + vietnamOffsetMs).toISOString().slice(0, -1)}+07:00`
}

/** `2026-11-24`, `24/11/2026`, or any time stamp (its date in +07:00). `undefined` when it is no date. Contract §0.2. */
export function toBusinessDate(value: string): BusinessDate | undefined {
  const text = value.trim()
  const plain = iso.exec(text)
  if (plain) return real(plain[1]!, plain[2]!, plain[3]!)
  const local = vietnamese.exec(text)
  if (local) return real(local[3]!, local[2]!, local[1]!)
  const instant = toInstant(text)
  return instant === undefined ? undefined : new Date(instant + vietnamOffsetMs).toISOString().slice(0, 10)
}
