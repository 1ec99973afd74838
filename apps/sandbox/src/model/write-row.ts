import { fault, type Fault } from './fault.ts'
import { sameJson, type JsonObject } from './json.ts'
import { readColumns } from './read-columns.ts'
import { defaultsOf, treeOf, type Counters, type Draft, type Resource, type Writing } from './resource.ts'
import type { Row } from './row.ts'
import type { Tables } from './tables.ts'
import { isPresent, type World } from './column.ts'

/** Who writes, when, and with which capabilities. */
export interface Author {
  readonly world: World
  readonly person: boolean
  readonly now: number
  readonly counters: Counters
  readonly removeLines?: readonly number[] | undefined
}

/** What became of a write. */
export type Written =
  | { readonly faults: readonly Fault[]; readonly row?: undefined }
  | { readonly row: Row; readonly change: 'created' | 'updated' | 'none'; readonly faults?: undefined }

/** Creates a row (`before` null) or changes one, completely or not at all. */
export function writeRow(
  tables: Tables,
  resource: Resource,
  before: Row | null,
  input: JsonObject,
  author: Author,
  newId?: string,
): Written {
  const { world, now, person } = author
  const { given, faults } = readColumns(resource.columns, input, { world, creating: before === null })
  const draft: Draft = { ...before, ...given }
  const named = new Set(Object.keys(given))
  const writing: Writing = { world, input, before, draft, named, person, now, removeLines: author.removeLines }
  if (faults.length === 0) faults.push(...(resource.complete?.(writing) ?? []))
  if (faults.length === 0)
    faults.push(...checkTree(tables, resource, before, draft), ...checkUnique(tables, resource, before, draft, world))
  if (faults.length > 0) return { faults }
  if (before && !differs(resource, before, draft)) return { row: before, change: 'none' }
  resource.finish?.(writing, author.counters)
  const by = person ? 'user' : 'API'
  const table = tables.table(resource.name)
  if (!before) {
    const stamps = { created_date: now, modified_date: now, created_by: by, modified_by: by }
    return { row: table.insert({ ...compact(draft), ...stamps }, newId), change: 'created' }
  }
  const next = { ...compact(draft), modified_date: now, modified_by: by } as Row
  table.replace(before, next)
  tables.renamed(resource, before, next)
  return { row: next, change: 'updated' }
}

/** Deletes a live row unless something holds it. */
export function deleteRow(tables: Tables, resource: Resource, row: Row, world: World): Row | 'in_use' {
  if (tables.isInUse(resource, row, world)) return 'in_use'
  return tables.table(resource.name).remove(row)
}

function checkTree(tables: Tables, resource: Resource, before: Row | null, draft: Draft): Fault[] {
  const tree = treeOf(resource)
  if (!tree || !before) return []
  const table = tables.table(resource.name)
  let parent = draft[tree.store] as string | number | undefined
  while (parent !== undefined) {
    if (parent === before.id) return [fault(tree.name, 'invalid')]
    parent = table.get(parent)?.[tree.store] as string | number | undefined
  }
  return []
}

function checkUnique(tables: Tables, resource: Resource, before: Row | null, draft: Draft, world: World): Fault[] {
  const table = tables.table(resource.name)
  return table.shape.uniques.flatMap((unique, i) => {
    const column = resource.columns.find((candidate) => candidate.name === unique.field)
    if (column && !isPresent(column, world.on)) return []
    const key = unique.key(draft as Row)
    const holder = key === null ? undefined : table.find(key, i)
    return holder && holder.seq !== before?.seq ? [fault(unique.field, 'duplicate')] : []
  })
}

function differs(resource: Resource, before: Row, draft: Draft): boolean {
  const defaults = defaultsOf(resource)
  const value = (row: JsonObject, key: string): JsonObject[string] => row[key] ?? defaults.get(key)
  return [...new Set([...Object.keys(before), ...Object.keys(draft)])].some(
    (key) => !sameJson(value(before, key), value(draft, key)),
  )
}

function compact(draft: Draft): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined && value !== null))
}
