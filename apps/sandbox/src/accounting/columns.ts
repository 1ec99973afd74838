import { bool, derived, text, ts, type Codes, type Column, type Reader, type Reference } from '../model/column.ts'
import { asText, type Json } from '../model/json.ts'
import type { Row } from '../model/row.ts'
import { codeKey, splitCodes } from '../model/text.ts'
import { wholeSecond } from '../model/time.ts'

/** Columns that every dictionary row has. */
export const common = (dictionaryType: number): Column[] => [
  ...ts('created_date modified_date', { readonly: true }),
  ...text('created_by modified_by', { readonly: true }),
  ...bool('inactive', { default: false }),
  derived('dictionary_type', () => dictionaryType),
]

/** The row's key under its own name. */
export const id = (name: string): Column => derived(name, (row) => row.id)

/** A column that is the target's code both ways. */
export function byCode(name: string, table: string, codeColumn: string, extra: Partial<Reference> = {}): Reference {
  return { kind: 'reference', name, store: `${name}_ref`, table, shows: codeColumn, ...extra }
}

/** A list of codes of one table. */
export const codes = (name: string, table: string, form: Codes['form']): Codes => ({
  kind: 'codes',
  name,
  form,
  tables: [table],
  guards: true,
})

/** A column of the rows named in a list of codes, joined by `;`. */
export function joined(name: string, list: string, table: string, show: (row: Row) => Json): Column {
  return derived(name, (row: Row, reader: Reader) => {
    const stored = row[list]
    if (typeof stored !== 'string') return null
    const found = splitCodes(stored).map((item) => reader.byCode(table, item))
    return found.flatMap((target) => (target ? [asText(show(target) ?? '')] : [])).join(';') || null
  })
}

/** A column of the row that another column points to. */
export const through = (name: string, store: string, table: string, show: (row: Row) => Json): Column =>
  derived(name, (row, reader) => {
    const target = row[store] === undefined ? undefined : reader.row(table, row[store])
    return target ? show(target) : null
  })

/** Rows are also unique by their System id, where they have one. */
export const platformId = {
  field: 'amis_platform_id',
  key: (row: Row): string | null => (row['amis_platform_id'] ? codeKey(asText(row['amis_platform_id'])) : null),
}

/** What all ACT tables have in common: guids, whole seconds. */
export const base = { ids: 'guid', orders: ['modified', 'id'], stamp: wholeSecond } as const
