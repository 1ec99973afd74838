import {
  type Canonical,
  type EntityPlugin,
  type Field,
  type Link,
  type SideResource,
  type Value,
  type WorkItem,
  codeKey,
  decodeColumns,
  phoneKey,
} from '@amis-sync/core'
import type { Diary } from '../diary.ts'
import type { AnyRow, SystemName } from '../systems.ts'
import { tableOf } from '../tables.ts'
import type { World } from '../world.ts'

/** Everything that is there when nothing moves any more. */
export interface Facts {
  readonly plugins: readonly EntityPlugin[]
  /** Rows by `system|table`, deleted ones too. */
  readonly rows: ReadonlyMap<string, readonly AnyRow[]>
  readonly links: ReadonlyMap<string, readonly Link[]>
  readonly work: readonly WorkItem[]
  readonly open: { readonly journal: number; readonly inbox: number }
  readonly diary: Diary
}

export async function gatherFacts({ cast, store, systems, diary }: World): Promise<Facts> {
  const rows = new Map<string, readonly AnyRow[]>()
  const links = new Map<string, readonly Link[]>()
  for (const plugin of cast.plugins) {
    links.set(plugin.id, await store.links.page(plugin.id, { limit: 10_000 }))
    for (const side of plugin.sides as readonly SystemName[]) {
      for (const { resource } of plugin.wire[side]!.resources) {
        const name = `${side}|${resource}`
        if (!rows.has(name)) rows.set(name, await systems.rows(side, resource))
      }
    }
  }
  const work = await store.work.page({}, { limit: 10_000 })
  const journal = (await store.journal.open()).length
  const inbox = (await store.inbox.pending(10)).length
  return { plugins: cast.plugins, rows, links, work, open: { journal, inbox }, diary }
}

export function idOf(system: string, table: string, row: AnyRow): string {
  return String(row[tableOf(system, table).id])
}

/** The row, if it is there and was not deleted. */
export function liveRow(facts: Facts, system: string, table: string, id: string): AnyRow | undefined {
  const found = facts.rows.get(`${system}|${table}`)?.find((row) => idOf(system, table, row) === id)
  return found?.deleted === true ? undefined : found
}

/** The part of the plugin that reads this row. */
export function readerOf(plugin: EntityPlugin, side: string, table: string, row: AnyRow): SideResource | undefined {
  return plugin.wire[side]!.resources.find((one) => one.resource === table && (one.accepts?.(row) ?? true))
}

export function read(resource: SideResource, row: AnyRow): Canonical {
  return decodeColumns(resource.columns, row)
}

/** What the product itself says is not done yet about a record: a conflict, a refusal, something that it waits for. */
export function explanations(facts: Facts, link: Link): readonly WorkItem[] {
  return facts.work.filter(
    (item) => item.entity === link.entity && link.sides[item.side]?.resource === item.resource && isOf(item, link),
  )
}

function isOf(item: WorkItem, link: Link): boolean {
  const at = link.sides[item.side]!
  return item.recordId === at.id || (at.key !== undefined && codeKey(item.recordKey ?? '') === codeKey(at.key))
}

/** Do two values mean the same to a person? Written apart from the engine's own rule. */
export function means(field: Field, a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(plain(field, a)) === JSON.stringify(plain(field, b))
}

function plain(field: Field, value: Value | undefined): unknown {
  if (value === undefined || value === null || value === false) return null
  if (typeof value === 'string') {
    return field.kind === 'code' ? codeKey(value) : field.kind === 'phone' ? phoneKey(value) : value
  }
  if (!Array.isArray(value)) return value
  if (value.length === 0) return null
  if (field.kind === 'codes') return (value as string[]).map(codeKey).toSorted()
  return (value as Canonical[])
    .map((item) => JSON.stringify(Object.entries(item).toSorted(([x], [y]) => (x < y ? -1 : 1))))
    .toSorted()
}

/** Fields whose values are names of other records: each side spells them its own way. */
export function isReference(plugin: EntityPlugin, name: string): boolean {
  return plugin.references.some(({ path }) => path.split('[].')[0] === name)
}

export function nameOf(link: Link): string {
  const sides = Object.entries(link.sides).map(([side, at]) => `${side} ${at?.resource} ${at?.id} ${at?.key ?? ''}`)
  return `${link.entity} ${sides.join(' = ')}`
}
