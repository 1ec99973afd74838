import { isPresent, storeOf, type Column, type Reader, type Reference, type Scalar } from './column.ts'
import type { Json, JsonObject } from './json.ts'
import type { Row } from './row.ts'

/** Writes one stored object as JSON text. */
export type Emitter = (row: Row, reader: Reader) => string

/** How one column is written: `empty` while the row has nothing under `key`; without key it is always computed. */
interface Part {
  readonly key?: string
  readonly empty: string
  readonly emit: Emitter
}

/** Rows that have the same columns filled are written by one plan: fixed texts with computed columns between them. */
interface Plan {
  readonly first: string
  readonly steps: readonly { readonly emit: Emitter; readonly text: string }[]
}

/** Columns that fit into one word of a plan's name. */
const WORD = 50
/** Plans kept by one writer; rows with endless combinations of columns must not fill the memory. */
const MAX_PLANS = 1000

/**
 * Builds the writer of a list of columns for a set of capabilities. Text is glued together instead of building objects,
 * and runs of empty columns are one text, so that a page of 100 rows with fifty columns each costs well under a
 * millisecond.
 */
export function emitter(
  columns: readonly Column[],
  on: (flag: string) => boolean,
  time: (ms: number) => string,
): Emitter {
  const parts = columns.filter((column) => isPresent(column, on)).map((column) => part(column, on, time))
  const places = new Map<string, number>()
  for (const { key } of parts) if (key !== undefined) places.set(key, places.size)
  const plans = new Map<string, Plan>()
  return (row, reader) => {
    const name = nameOf(row, places)
    let plan = plans.get(name)
    if (!plan) {
      plan = planFor(parts, row)
      if (plans.size >= MAX_PLANS) plans.clear()
      plans.set(name, plan)
    }
    let out = plan.first
    for (const step of plan.steps) out += step.emit(row, reader) + step.text
    return out
  }
}

/** Names the set of columns that a row has. */
function nameOf(row: Row, places: ReadonlyMap<string, number>): string {
  const words = [0, 0, 0, 0]
  for (const key in row) {
    const place = places.get(key)
    if (place === undefined || row[key] === undefined) continue
    const word = Math.floor(place / WORD)
    words[word] = (words[word] ?? 0) + 2 ** (place % WORD)
  }
  return `${words[0]} ${words[1]} ${words[2]} ${words[3]}`
}

function planFor(parts: readonly Part[], row: Row): Plan {
  const texts = ['']
  const emits: Emitter[] = []
  for (const { key, empty, emit } of parts) {
    if (key !== undefined && row[key] === undefined) texts[texts.length - 1] += empty
    else {
      emits.push(emit)
      texts.push('')
    }
  }
  texts[texts.length - 1] += '}'
  const [first = ''] = texts
  const steps = emits.map((emit, i) => ({ emit, text: texts[i + 1] ?? '' }))
  if (first !== '') return { first: `{${first.slice(1)}`, steps }
  const [opening, ...rest] = steps
  if (!opening) return { first: '{}', steps }
  const { emit } = opening
  return { first: '{', steps: [{ ...opening, emit: (each, reader) => emit(each, reader).slice(1) }, ...rest] }
}

function part(column: Column, on: (flag: string) => boolean, time: (ms: number) => string): Part {
  const label = `,${JSON.stringify(column.name)}:`
  const key = storeOf(column)
  switch (column.kind) {
    case 'reference':
      return reference(column, on)
    case 'derived':
      return { empty: '', emit: (row, reader) => label + json(column.value(row, reader)) }
    case 'codes':
      return { key, empty: label + (column.form === 'array' ? '[]' : 'null'), emit: (row) => label + json(row[key]) }
    case 'items': {
      const each = emitter(column.columns, on, time)
      const emit: Emitter = (row, reader) =>
        `${label}[${(row[key] as Row[]).map((item) => each(item, reader)).join(',')}]`
      return { key, empty: `${label}[]`, emit }
    }
    default:
      return scalar(column, key, label, time)
  }
}

function scalar(column: Scalar, key: string, label: string, time: (ms: number) => string): Part {
  const empty = label + json(column.default)
  const { fallback } = column
  if (fallback) return { empty, emit: (row, reader) => label + json(row[key] ?? fallback(row, reader)) }
  if (column.kind === 'ts') return { key, empty, emit: (row) => `${label}"${time(row[key] as number)}"` }
  return { key, empty, emit: (row) => label + json(row[key]) }
}

function reference(column: Reference, on: (flag: string) => boolean): Part {
  const companion = column.companion && on(column.companion.flag) ? column.companion : undefined
  const label = `,${JSON.stringify(column.name)}:`
  const companionLabel = companion ? `,${JSON.stringify(companion.name)}:` : ''
  const empty = `${label}null${companion ? `${companionLabel}null` : ''}`
  const emit: Emitter = (row, reader) => {
    const target = reader.row(column.table, row[column.store])
    if (!target) return empty
    const shown = label + json(target[column.shows])
    return companion ? shown + companionLabel + json(target[companion.shows]) : shown
  }
  return { key: column.store, empty, emit }
}

function json(value: Json): string {
  if (value === undefined) return 'null'
  return typeof value === 'number' ? `${value}` : JSON.stringify(value)
}

/** A row's JSON text as an object, for the admin interface. */
export function parsed(text: string): JsonObject {
  return JSON.parse(text) as JsonObject
}
