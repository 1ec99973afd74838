import { storeOf, type Codes, type Column, type Reference, type World } from './column.ts'
import type { Fault } from './fault.ts'
import { asText, type Json, type JsonObject } from './json.ts'
import type { Row } from './row.ts'
import type { Guard, Order, TableShape, Unique } from './table.ts'
import { codeKey, splitCodes } from './text.ts'

/** A row that is being written: stored columns, changed freely until it becomes a version. */
export type Draft = Record<string, Json>

/** What a resource's own rules see of a write. */
export interface Writing {
  readonly world: World
  readonly input: JsonObject
  /** The version before, or null when a row is created. */
  readonly before: Row | null
  readonly draft: Draft
  /** Stored keys that the write named. */
  readonly named: ReadonlySet<string>
  /** A person acts (§5.4), not the API. */
  readonly person: boolean
  readonly now: number
  /** Lines that a person takes out. */
  readonly removeLines?: readonly number[] | undefined
}

/** An entity of one of the systems, as data plus the few rules that are its own. */
export interface Resource {
  readonly name: string
  readonly ids: 'integer' | 'guid'
  /** Stored column that holds the code; absent for pairs such as the ledger. */
  readonly key?: string
  readonly columns: readonly Column[]
  readonly orders: readonly Order[]
  readonly natural?: (a: Row, b: Row) => number
  readonly uniques?: readonly Unique[]
  readonly group?: (row: Row) => string
  /** How the system rounds its times; absent = not at all. */
  readonly stamp?: (ms: number) => number
  /** Checks and completes a draft after its columns were read. */
  readonly complete?: (writing: Writing) => Fault[]
  /** Last touch before the draft becomes a version; nothing can fail any more. */
  readonly finish?: (writing: Writing, counters: Counters) => void
  /** More reasons than guards why a row may not be deleted. */
  readonly keeps?: (row: Row, world: World) => boolean
}

/** Numbers handed out by the server, each only once. */
export interface Counters {
  next(name: string): number
}

/** The table that a resource needs. */
export function shapeOf(resource: Resource): TableShape {
  const { key } = resource
  const byCode: Unique[] = key ? [{ field: key, key: (row) => codeKey(asText(row[key])) }] : []
  return {
    name: resource.name,
    ids: resource.ids,
    orders: resource.orders,
    uniques: [...byCode, ...(resource.uniques ?? [])],
    guards: resource.columns.flatMap((column) => guardsOf(column)),
    ...(resource.natural && { natural: resource.natural }),
    ...(resource.stamp && { stamp: resource.stamp }),
    ...(resource.group && { group: resource.group }),
  }
}

/** Columns with lists of codes of `table`. */
export function codeListsOf(resource: Resource, table: string): Codes[] {
  return resource.columns.filter((column): column is Codes => column.kind === 'codes' && column.tables.includes(table))
}

/** The column by which the rows form a tree, if they do. */
export function treeOf(resource: Resource): Reference | undefined {
  return resource.columns.find((column): column is Reference => column.kind === 'reference' && column.tree === true)
}

/** Defaults by stored key, for telling whether a write changed anything. */
export function defaultsOf(resource: Resource): Map<string, Json> {
  const pairs = resource.columns.flatMap((column): [string, Json][] =>
    'default' in column && column.default !== undefined ? [[storeOf(column), column.default]] : [],
  )
  return new Map(pairs)
}

/** The codes in a stored list. */
export function codesIn(column: Codes, row: JsonObject): string[] {
  const stored = row[column.name]
  if (stored === undefined || stored === null) return []
  return column.form === 'text' ? splitCodes(asText(stored)) : (stored as readonly string[]).slice()
}

function guardsOf(column: Column, within?: string): Guard[] {
  if (column.kind === 'items') return column.columns.flatMap((inner) => guardsOf(inner, column.name))
  if (column.kind === 'codes' && column.guards) {
    return column.tables.map((table) => ({
      table,
      targets: (row) =>
        row[column.name] === undefined ? [] : codesIn(column, row).map((code) => `code:${codeKey(code)}`),
    }))
  }
  if (column.kind !== 'reference' || !column.guards) return []
  const target = (row: JsonObject): (number | string)[] => {
    const id = row[column.store]
    return id === undefined ? [] : [id as number | string]
  }
  if (!within) return [{ table: column.table, targets: target }]
  return [{ table: column.table, targets: (row) => ((row[within] ?? []) as JsonObject[]).flatMap(target) }]
}
