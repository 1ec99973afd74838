/** Vietnam is UTC+7 all year (§0.2). */
const OFFSET = 7 * 3_600_000
/** One day in milliseconds. */
export const DAY = 86_400_000

const local = (ms: number): string => new Date(ms + OFFSET).toISOString()

let lastMs = Number.NaN
let lastText = ''

/** `ts` of CRM and System: `2026-11-24T08:25:01.123+07:00`. */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = `${local(ms).slice(0, 23)}+07:00`
    lastMs = ms
  }
  return lastText
}

let lastActSecond = Number.NaN
let lastActText = ''

/** `ts` of ACT: `2026-11-24 08:25:01`, whole seconds, rounded down. */
export function actTime(ms: number): string {
  const second = wholeSecond(ms)
  if (second !== lastActSecond) {
    lastActText = local(second).slice(0, 19).replace('T', ' ')
    lastActSecond = second
  }
  return lastActText
}

/** Rounded down to whole seconds. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

/** Business date in +07:00 of a moment. */
export function dateOf(ms: number): string {
  return local(ms).slice(0, 10)
}

/** Start of the fixed window of `length` ms that holds `ms`, aligned to the wall clock of +07:00. */
export function windowStart(ms: number, length: number): number {
  return Math.floor((ms + OFFSET) / length) * length - OFFSET
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i

/**
 * A moment in ms, or null if the text is none. Without `lenient` (CRM, System) an offset is demanded; with it (ACT) a
 * missing offset means +07:00 and a bare date its midnight.
 */
export function parseMoment(text: string, lenient: boolean): number | null {
  const match = MOMENT.exec(text.trim())
  if (!match) return null
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = '', zone] = match
  if (!zone && !lenient) return null
  if (!isCalendarDate(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const utc = Date.parse(`${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  return utc - offsetOf(zone)
}

/** A business date `YYYY-MM-DD`, or null. `dd/MM/yyyy` only where `slashes` (CRM). Any `ts` gives its date in +07:00. */
export function parseDate(text: string, slashes: boolean): string | null {
  const trimmed = text.trim()
  const vietnamese = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(trimmed)
  if (vietnamese) {
    const [, day = '', month = '', year = ''] = vietnamese
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    return slashes && isCalendarDate(date) ? date : null
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return isCalendarDate(trimmed) ? trimmed : null
  const moment = parseMoment(trimmed, true)
  return moment === null ? null : dateOf(moment)
}

function isCalendarDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === date
}

function offsetOf(zone: string | undefined): number {
  if (!zone) return OFFSET
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000
}
