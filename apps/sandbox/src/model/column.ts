import type { Fault } from './fault.ts'
import type { Json, JsonObject } from './json.ts'
import type { Row } from './row.ts'
import type { Table } from './table.ts'

/** Rows of one system as a reader sees them, now or at an earlier moment. */
export interface Reader {
  /** The version of a row, live or deleted. */
  row(table: string, id: Json): Row | undefined
  /** The live row with that code. */
  byCode(table: string, code: string): Row | undefined
  /** The rows of a table that share a group key. */
  group(table: string, key: string): Row[]
  /** The moment that the answer speaks of; absent = now. */
  readonly asOf?: number
}

/** What a writer needs to see of its system. */
export interface World {
  table(name: string): Table
  /** False where a capability of §6.1 is switched off. */
  on(flag: string): boolean
  readonly reader: Reader
  /** `crm` and `system` want offsets in a `ts`; ACT does not. Only the CRM takes `dd/MM/yyyy`. */
  readonly dates: { readonly lenient: boolean; readonly slashes: boolean }
}

/** Where a column exists: only with a capability, or only without it. */
export interface Presence {
  readonly flag?: string
  readonly without?: string
}

/** JSON types of plain columns. `carried` takes any scalar. */
export type ScalarKind = 'code' | 'text' | 'carried' | 'int' | 'num' | 'bool' | 'date' | 'ts' | 'guid' | 'enum' | 'vat'

/** A plain value. */
export interface Scalar extends Presence {
  readonly kind: ScalarKind
  readonly name: string
  /** Key in the stored row, if it is not the name. */
  readonly store?: string
  readonly required?: true
  /** Set by the server: given in answers, ignored in writes. */
  readonly readonly?: true
  readonly default?: Json
  /** Allowed values of an `enum`, texts or numbers. */
  readonly values?: readonly (string | number)[]
  readonly min?: number
  /** The value must be greater than this. */
  readonly above?: number
  /** Shown while nothing was ever written. */
  readonly fallback?: (row: Row, reader: Reader) => Json
}

/** A pointer to another row, kept by id. */
export interface Reference extends Presence {
  readonly kind: 'reference'
  /** Column that is written with the code (or id) and read as `shows`. */
  readonly name: string
  readonly store: string
  readonly table: string
  /** Column of the target that `name` shows; `id` for pointers by id. */
  readonly shows: string
  /** Companion column that carries the code both ways (§1.4). */
  readonly companion?: { readonly name: string; readonly shows: string; readonly flag: string }
  /** Column that a person may give instead, with the code (§5.4, System). */
  readonly alias?: string
  readonly required?: true
  /** Targets that do not pass count as not found. */
  readonly accepts?: (target: Row) => boolean
  /** The rows of this table form a tree by this column. */
  readonly tree?: true
  /** The target cannot be deleted while a live row points to it. */
  readonly guards?: true
}

/** Codes of other rows, kept as received; a renamed code is replaced. */
export interface Codes extends Presence {
  readonly kind: 'codes'
  readonly name: string
  /** `"A;B"` text, or a JSON array. */
  readonly form: 'text' | 'array'
  readonly tables: readonly string[]
  readonly guards?: true
}

/** A list of objects, replaced as a whole. */
export interface Items extends Presence {
  readonly kind: 'items'
  readonly name: string
  readonly columns: readonly Column[]
  readonly required?: true
  /** Written by rules of its own (lines of documents). */
  readonly readonly?: true
  readonly check?: (item: JsonObject, path: string) => Fault[]
}

/** Computed when read. */
export interface Derived extends Presence {
  readonly kind: 'derived'
  readonly name: string
  readonly value: (row: Row, reader: Reader) => Json
}

/** One column of a resource, as data. */
export type Column = Scalar | Reference | Codes | Items | Derived

type Extra<T> = Partial<Omit<T, 'kind' | 'name'>>

const scalars =
  (kind: ScalarKind) =>
  (names: string, extra: Extra<Scalar> = {}): Scalar[] =>
    names.split(/[\s,]+/).map((name) => ({ kind, name, ...extra }))

/** Codes of 1–50 characters. Like all builders here it takes names separated by spaces or commas. */
export const code = scalars('code')
/** Free text, up to 2,000 characters. */
export const text = scalars('text')
/** Any JSON scalar, given back without meaning. */
export const carried = scalars('carried')
/** Whole numbers. */
export const int = scalars('int')
/** Numbers, kept as sent. */
export const num = scalars('num')
/** True or false. */
export const bool = scalars('bool')
/** Business dates. */
export const date = scalars('date')
/** Moments, stored in ms. */
export const ts = scalars('ts')
/** Guids, kept in lower case. */
export const guid = scalars('guid')
/** VAT texts of §4.0. */
export const vat = scalars('vat')

/** A column that takes one of some values; the first is the default unless said otherwise. */
export function oneOf(name: string, values: readonly (string | number)[], extra: Extra<Scalar> = {}): Scalar {
  return { kind: 'enum', name, values, default: values[0], ...extra }
}

/** Columns marked ₫: `x` and its twin `x_oc` (§1.5.1). */
export function money(names: string, extra: Extra<Scalar> = {}): Scalar[] {
  return names.split(/[\s,]+/).flatMap((name) => [...num(name, extra), ...num(`${name}_oc`, extra)])
}

/** `custom_field1 … n`. */
export function customFields(count: number): Scalar[] {
  return Array.from({ length: count }, (_, i) => ({ kind: 'carried', name: `custom_field${i + 1}` }))
}

/** A column computed on read. */
export function derived(name: string, value: Derived['value'], presence: Presence = {}): Derived {
  return { kind: 'derived', name, value, ...presence }
}

/** True if the column exists with these capabilities. */
export function isPresent(column: Presence, on: (flag: string) => boolean): boolean {
  return (!column.flag || on(column.flag)) && (!column.without || !on(column.without))
}

/** Key of a column in the stored row. */
export function storeOf(column: Column): string {
  return 'store' in column && column.store ? column.store : column.name
}
