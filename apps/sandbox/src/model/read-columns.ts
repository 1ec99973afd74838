import { isPresent, storeOf, type Codes, type Column, type Items, type Reference, type World } from './column.ts'
import { fault, type Fault } from './fault.ts'
import { asText, isObject, type Json, type JsonObject } from './json.ts'
import type { Row } from './row.ts'
import { codeKey, isGuid, splitCodes } from './text.ts'
import { INVALID, MAX_TEXT, toStored } from './values.ts'

/** Stored values of the columns that a write names; a cleared column is there with undefined. */
export type Given = Record<string, Json>

/** How a written object is read. */
export interface Reading {
  readonly world: World
  /** On create every required column must be there; on change only named ones are checked. */
  readonly creating: boolean
  /** Before field names in faults, for example `detail[2].`. */
  readonly prefix?: string
}

/** Checks the columns that `input` names and gives their stored form. */
export function readColumns(
  columns: readonly Column[],
  input: JsonObject,
  reading: Reading,
): { given: Given; faults: Fault[] } {
  const given: Given = {}
  const faults: Fault[] = []
  for (const column of columns) {
    if (column.kind === 'derived' || !isPresent(column, reading.world.on)) continue
    if ('readonly' in column && column.readonly) continue
    faults.push(...readColumn(column, input, given, reading))
  }
  return { given, faults }
}

function readColumn(
  column: Exclude<Column, { kind: 'derived' }>,
  input: JsonObject,
  given: Given,
  reading: Reading,
): Fault[] {
  const field = `${reading.prefix ?? ''}${column.name}`
  if (column.kind === 'reference') return readReference(column, input, given, reading)
  const value = input[column.name]
  const required = 'required' in column && column.required
  if (value === undefined) return required && reading.creating ? [fault(field, 'required')] : []
  if (column.kind === 'codes') return readCodes(column, value, given, reading, field)
  if (column.kind === 'items') return readItems(column, value, given, reading, field)
  const stored = toStored(column, value, reading.world.dates)
  if (stored === INVALID) return [fault(field, 'invalid')]
  if (stored === undefined && required) return [fault(field, 'required')]
  given[column.store ?? column.name] = stored
  return []
}

function readReference(column: Reference, input: JsonObject, given: Given, reading: Reading): Fault[] {
  const { world, creating, prefix = '' } = reading
  const companion = column.companion && world.on(column.companion.flag) ? column.companion.name : undefined
  const decisive = [companion, column.name, column.alias].find(
    (name) => name !== undefined && input[name] !== undefined,
  )
  if (decisive === undefined) return column.required && creating ? [fault(prefix + column.name, 'required')] : []
  const field = prefix + decisive
  const value = input[decisive]
  if (value === null || value === '') {
    if (column.required) return [fault(field, 'required')]
    given[column.store] = undefined
    return []
  }
  if (typeof value !== 'string') return [fault(field, 'invalid')]
  const byId = column.shows === 'id' && decisive !== column.alias
  const found = byId ? findById(column, value, world) : findByCode(column, value, world)
  if (typeof found === 'string') return [fault(field, found)]
  given[column.store] = found.id
  return []
}

function findByCode(column: Reference, value: string, world: World): Row | 'not_found' | 'deleted' {
  const table = world.table(column.table)
  const key = codeKey(value)
  const row = table.find(key)
  if (row && (!column.accepts || column.accepts(row))) return row
  return !row && table.hadOnce(key) ? 'deleted' : 'not_found'
}

function findById(column: Reference, value: string, world: World): Row | 'not_found' | 'deleted' | 'invalid' {
  if (!isGuid(value)) return 'invalid'
  const row = world.table(column.table).get(value.toLowerCase())
  if (!row) return 'not_found'
  return row.deleted_at === undefined ? row : 'deleted'
}

function readCodes(column: Codes, value: Json, given: Given, { world }: Reading, field: string): Fault[] {
  const asList = column.form === 'array'
  const absent = value === null || (value === '' && !asList)
  const fits = absent || (asList ? Array.isArray(value) : typeof value === 'string' && value.length <= MAX_TEXT)
  if (!fits) return [fault(field, 'invalid')]
  const codes = absent ? [] : asList ? (value as Json[]) : splitCodes(asText(value))
  for (const item of codes) {
    if (typeof item !== 'string' || item.trim() === '') return [fault(field, 'invalid')]
    const key = codeKey(item)
    if (column.tables.some((name) => world.table(name).find(key))) continue
    return [fault(field, column.tables.some((name) => world.table(name).hadOnce(key)) ? 'deleted' : 'not_found')]
  }
  given[column.name] = absent || (Array.isArray(value) && value.length === 0) ? undefined : value
  return []
}

function readItems(column: Items, value: Json, given: Given, reading: Reading, field: string): Fault[] {
  if (value !== null && !Array.isArray(value)) return [fault(field, 'invalid')]
  if (value === null && column.required) return [fault(field, 'required')]
  const faults: Fault[] = []
  const items: Given[] = []
  for (const [i, item] of ((value ?? []) as Json[]).entries()) {
    if (!isObject(item)) {
      faults.push(fault(`${field}[${i}]`, 'invalid'))
      continue
    }
    const prefix = `${field}[${i}].`
    const read = readColumns(column.columns, item, { world: reading.world, creating: true, prefix })
    faults.push(...read.faults)
    if (read.faults.length === 0 && column.check) faults.push(...column.check(read.given, prefix))
    items.push(withDefaults(column.columns, read.given))
  }
  given[column.name] = items.length > 0 ? items : undefined
  return faults
}

/** Makes the defaults of a nested object explicit, so that giving one is no change. */
export function withDefaults<T extends Given>(columns: readonly Column[], target: T): T {
  for (const column of columns) {
    if (!('default' in column) || column.default === null) continue
    const key = storeOf(column) as keyof T
    target[key] ??= column.default as T[keyof T]
  }
  return target
}
