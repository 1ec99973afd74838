import type { Scalar } from './column.ts'
import type { Json } from './json.ts'
import { characters, isGuid } from './text.ts'
import { parseDate, parseMoment } from './time.ts'

/** Returned for a value that the column cannot take. */
export const INVALID = Symbol('invalid')

/** How dates are written in a system. */
export interface DateForms {
  readonly lenient: boolean
  readonly slashes: boolean
}

const VAT = /^(KCT|KKKNT|\d{1,9}(\.\d{1,6})?%)$/
const MAX_CODE = 50
/** Longest text that is no code (§0.2). */
export const MAX_TEXT = 2000

/**
 * The stored form of a JSON value, undefined for null and `""`, or INVALID. Types are never coerced (§0.2); dates come
 * in the accepted forms and are kept as `YYYY-MM-DD`, moments as ms, guids in lower case, enumerations as listed.
 */
export function toStored(column: Scalar, value: Json, dates: DateForms): Json | typeof INVALID {
  if (value === null || value === undefined) return undefined
  if (column.kind === 'bool') return typeof value === 'boolean' ? value : INVALID
  if (column.kind === 'int' || column.kind === 'num') return toStoredNumber(column, value)
  if (column.kind === 'enum') return toStoredChoice(column, value)
  if (column.kind === 'carried' && (typeof value === 'boolean' || Number.isFinite(value))) return value
  if (typeof value !== 'string') return INVALID
  if (value === '') return undefined
  return toStoredText(column, value, dates)
}

function toStoredText(column: Scalar, value: string, dates: DateForms): Json | typeof INVALID {
  switch (column.kind) {
    case 'code': {
      const length = characters(value.trim())
      return length >= 1 && length <= MAX_CODE ? value : INVALID
    }
    case 'guid':
      return isGuid(value) ? value.toLowerCase() : INVALID
    case 'date':
      return parseDate(value, dates.slashes) ?? INVALID
    case 'ts':
      return parseMoment(value, dates.lenient) ?? INVALID
    case 'vat':
      return VAT.test(value) ? value : INVALID
    default:
      return value.length <= MAX_TEXT || characters(value) <= MAX_TEXT ? value : INVALID
  }
}

function toStoredNumber(column: Scalar, value: Json): number | typeof INVALID {
  if (typeof value !== 'number' || !Number.isFinite(value)) return INVALID
  if (column.kind === 'int' && !Number.isSafeInteger(value)) return INVALID
  if (column.min !== undefined && value < column.min) return INVALID
  if (column.above !== undefined && value <= column.above) return INVALID
  if (column.values && !column.values.includes(value)) return INVALID
  return value
}

function toStoredChoice(column: Scalar, value: Json): Json | typeof INVALID {
  const values = column.values ?? []
  if (typeof value === 'string' && typeof values[0] === 'string') {
    if (value === '') return undefined
    const wanted = value.normalize('NFC').trim()
    return values.find((known) => known === wanted) ?? INVALID
  }
  return typeof value === 'number' ? (values.find((known) => known === value) ?? INVALID) : INVALID
}
