import { z } from 'zod'
import { SyncError } from '../errors/sync-error.ts'
import { type Decimal, fitsWire, roundDecimal, toDecimal, toWireNumber } from '../values/decimal.ts'
import { toBusinessDate, toInstant, toTimeStamp } from '../values/date.ts'
import { codeKey, normaliseEmail, normaliseTaxCode, normaliseText, splitCodes } from '../values/text.ts'
import { type Vat, vatFromRates, vatFromText, vatToRates, vatToText } from '../values/vat.ts'
import type { Row, Value } from './record.ts'

/**
 * How one canonical field stands in one system's row. `decode` gives `undefined` when the row does not carry the field; either half may
 * be missing: a field that is only read, or only written.
 */
export interface Column {
  /** The wire columns it touches, for docs and for requests that name columns. */
  readonly names: readonly string[]
  readonly decode?: (row: Row) => Value | undefined
  readonly encode?: (value: Value) => Row
  /** For lists: a write may name single items and single columns of them. Otherwise a write gives the whole list. */
  readonly patch?: boolean
}

export type Columns = Readonly<Record<string, Column>>

/** A value that the wire may not have: the record is held and a person is told which column. */
export class ColumnProblem extends Error {
  readonly column: string
  constructor(column: string, why: string) {
    super(`${column}: ${why}`)
    this.column = column
  }
}

/** A {@link ColumnProblem} as the error of a record. */
export function toColumnError(problem: ColumnProblem, record: string): SyncError {
  return new SyncError({
    code: 'VALUE_NOT_UNDERSTOOD',
    kind: 'recordRejected',
    message: {
      vi: `${record}: giá trị của cột ${problem.message} không hiểu được. Hãy sửa bản ghi ở hệ thống nguồn.`,
      en: `${record}: the value of column ${problem.message} is not understood. Mend the record at its source.`,
    },
  })
}

/** One wire column with a zod codec between its wire form and its canonical form; null = empty on both sides. */
export function column<W extends z.ZodType, C extends z.ZodType>(name: string, codec: z.ZodCodec<W, C>): Column {
  return {
    names: [name],
    decode(row) {
      const wire = row[name]
      if (wire === undefined) return undefined
      if (wire === null) return null
      const result = z.safeDecode(codec, wire as never)
      if (!result.success) throw new ColumnProblem(name, result.error.issues[0]?.message ?? 'invalid')
      return result.data as Value
    },
    encode(value) {
      if (value === null) return { [name]: null }
      const result = z.safeEncode(codec, value as never)
      if (!result.success) throw new ColumnProblem(name, result.error.issues[0]?.message ?? 'invalid')
      return { [name]: result.data }
    },
  }
}

const scalar = z.union([z.string(), z.number(), z.boolean()])
const nullableText = z.string().nullable()

function problem(ctx: z.core.ParsePayload, message: string): typeof z.NEVER {
  ctx.issues.push({ code: 'custom', message, input: ctx.value })
  return z.NEVER
}

function textCodec(normalise: (text: string) => string | null): z.ZodCodec<typeof scalar, typeof nullableText> {
  return z.codec(scalar, nullableText, { decode: (wire) => normalise(String(wire)), encode: (text) => text ?? '' })
}

const plainText = textCodec(normaliseText)
const taxCodeText = textCodec(normaliseTaxCode)
const emailText = textCodec(normaliseEmail)
const guidText = textCodec((text) => normaliseText(text)?.toLowerCase() ?? null)

const numberOrText = z.union([z.number(), z.string()])
/** What is read is rounded to `scale` decimals: longer fractions are no difference (§4.0, num), nor is the noise of somebody's float. */
function decimalCodec(scale: number): z.ZodCodec<typeof numberOrText, z.ZodString> {
  return z.codec(numberOrText, z.string(), {
    decode: (wire, ctx): Decimal => {
      const value = toDecimal(wire)
      return value === undefined ? problem(ctx, `not a number: ${String(wire)}`) : roundDecimal(value, scale)
    },
    encode: (value, ctx) => (fitsWire(value) ? toWireNumber(value) : problem(ctx, `more than 15 digits: ${value}`)),
  })
}
const integerCodec = z.codec(numberOrText, z.int(), {
  decode: (wire, ctx) => {
    const value = Number(toDecimal(wire) ?? Number.NaN)
    return Number.isSafeInteger(value) ? value : problem(ctx, `not a whole number: ${String(wire)}`)
  },
  encode: (value) => value,
})
const dateCodec = z.codec(z.string(), z.iso.date(), {
  decode: (wire, ctx) => toBusinessDate(wire) ?? problem(ctx, `not a date: ${wire}`),
  encode: (value) => value,
})
/** A moment, written as CRM and System do; what is read may be a time of any of the three systems. */
const timeCodec = z.codec(z.string(), z.string(), {
  decode: (wire, ctx) => {
    const instant = toInstant(wire)
    return instant === undefined ? problem(ctx, `not a time: ${wire}`) : toTimeStamp(instant)
  },
  encode: (value) => value,
})

const flagCodec = z.codec(z.boolean(), z.boolean(), { decode: (wire) => wire, encode: (value) => value })
const negatedCodec = z.codec(z.boolean(), z.boolean(), { decode: (wire) => !wire, encode: (value) => !value })
const codesCodec = z.codec(z.string(), z.array(z.string()), {
  decode: (wire) => splitCodes(wire),
  encode: (codes) => codes.join(';'),
})
const codeArrayCodec = z.codec(z.array(z.string()), z.array(z.string()), {
  decode: (wire) => wire.map((code) => normaliseText(code)).filter((code) => code !== null),
  encode: (codes) => [...codes],
})
const vatTextCodec = z.codec(z.string(), z.string(), {
  decode: (wire, ctx): Vat => vatFromText(wire) ?? problem(ctx, `unknown VAT: ${wire}`),
  encode: (vat) => vatToText(vat),
})

const operators = new Map([
  ['*', '*'],
  ['multiply', '*'],
  ['nhân', '*'],
  ['/', '/'],
  ['divide', '/'],
  ['chia', '/'],
])
const operatorCodec = z.codec(z.string(), z.string(), {
  decode: (wire, ctx) => operators.get(codeKey(wire)) ?? problem(ctx, `neither "*" nor "/": ${wire}`),
  encode: (value, ctx) => operators.get(value) ?? problem(ctx, `neither "*" nor "/": ${value}`),
})

/** Maps wire texts or numbers to canonical names; an unknown one is a {@link ColumnProblem}. Texts are compared after NFC and trim. */
function enumCodec(names: Readonly<Record<string, string | number>>): z.ZodCodec<typeof numberOrText, z.ZodString> {
  const byWire = new Map(Object.entries(names).map(([name, wire]) => [String(wire).normalize('NFC'), name]))
  return z.codec(numberOrText, z.string(), {
    decode: (wire, ctx) =>
      byWire.get(String(wire).normalize('NFC').trim()) ?? problem(ctx, `unknown value: ${String(wire)}`),
    encode: (name, ctx) => names[name] ?? problem(ctx, `unknown name: ${name}`),
  })
}

/** VAT as Accounting has it: a rate, and the percent of "other" (−3) beside it. */
function vatRates(rateName: string, otherName: string): Column {
  return {
    names: [rateName, otherName],
    decode(row) {
      const rate = row[rateName]
      if (rate === undefined || rate === null) return rate
      const vat = vatFromRates(Number(rate), row[otherName] as number | string | null | undefined)
      if (vat === undefined) throw new ColumnProblem(rateName, `unknown VAT rate: ${JSON.stringify(rate)}`)
      return vat
    },
    encode(value) {
      if (value === null) return { [rateName]: null, [otherName]: null }
      const { rate, other } = vatToRates(value as Vat)
      return { [rateName]: rate, [otherName]: other }
    },
  }
}

interface ListOptions {
  /** A write may name single items (contract §1.5.1, lines). */
  readonly patch?: boolean
}

/** A list of objects with columns of their own. A list that is null on the wire is empty. */
function list(name: string, columns: Columns, options: ListOptions = {}): Column {
  const entries = Object.entries(columns)
  return {
    names: [name],
    ...(options.patch ? { patch: true } : {}),
    decode(row) {
      const wire = row[name]
      if (wire === undefined) return undefined
      if (wire === null) return []
      if (!Array.isArray(wire)) throw new ColumnProblem(name, 'not a list')
      return wire.map((item: unknown, index) => {
        if (typeof item !== 'object' || item === null) throw new ColumnProblem(`${name}[${index}]`, 'not an object')
        const result: Record<string, Value | undefined> = {}
        for (const [fieldName, one] of entries) {
          const value = one.decode?.(item as Row)
          if (value !== undefined) result[fieldName] = value
        }
        return result
      })
    },
    encode(value) {
      const items = (value ?? []) as readonly Readonly<Record<string, Value | undefined>>[]
      return { [name]: items.map((item) => encodeColumns(columns, item)) }
    },
  }
}

/** The wire columns of the given canonical fields; fields without a column, or absent, are left out. */
export function encodeColumns(columns: Columns, record: Readonly<Record<string, Value | undefined>>): Row {
  const row: Record<string, unknown> = {}
  for (const name in record) {
    const value = record[name]
    const encode = columns[name]?.encode
    if (value !== undefined && encode) Object.assign(row, encode(value))
  }
  return row
}

/** The canonical fields that a row carries. Throws {@link ColumnProblem}. */
export function decodeColumns(columns: Columns, row: Row): Record<string, Value> {
  const record: Record<string, Value> = {}
  for (const name in columns) {
    const value = columns[name]!.decode?.(row)
    if (value !== undefined) record[name] = value
  }
  return record
}

/** Column builders, one a wire type of contract §0.2. */
export const columns = {
  text: (name: string) => column(name, plainText),
  code: (name: string) => column(name, plainText),
  taxCode: (name: string) => column(name, taxCodeText),
  email: (name: string) => column(name, emailText),
  phone: (name: string) => column(name, plainText),
  /** Lower case; compared without case (§0.2). */
  guid: (name: string) => column(name, guidText),
  /** `scale`: decimals that count: 4 for money of catalogues, else 6, what the wire allows (§0.2). */
  decimal: (name: string, scale = 6) => column(name, decimalCodec(scale)),
  integer: (name: string) => column(name, integerCodec),
  date: (name: string) => column(name, dateCodec),
  time: (name: string) => column(name, timeCodec),
  flag: (name: string) => column(name, flagCodec),
  /** The wire says the opposite: `inactive` for `active`. */
  negated: (name: string) => column(name, negatedCodec),
  /** `"A;B"` on the wire. */
  codeList: (name: string) => column(name, codesCodec),
  /** `["A","B"]` on the wire. */
  codeArray: (name: string) => column(name, codeArrayCodec),
  /** How a main quantity is made of a quantity: `"*"` or `"/"`; readers also accept the words (§1.5.1). */
  operator: (name: string) => column(name, operatorCodec),
  vatText: (name: string) => column(name, vatTextCodec),
  vatRates,
  /** Canonical name → wire value. */
  choice: (name: string, names: Readonly<Record<string, string | number>>) => column(name, enumCodec(names)),
  list,
  /** Any number of columns, by hand. */
  custom: (names: readonly string[], both: Omit<Column, 'names'>): Column => ({ names, ...both }),
  readOnly: ({ encode: _encode, ...rest }: Column): Column => rest,
  writeOnly: ({ decode: _decode, ...rest }: Column): Column => rest,
}
