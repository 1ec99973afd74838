import {
  type Canonical,
  type EntityPlugin,
  type Link,
  type Reference,
  type Row,
  type SideResource,
  type SystemId,
  encodeColumns,
  otherSide,
  waitKey,
} from '@amis-sync/core'
import { type KeptFigure, toldPart } from '../pure/figures.ts'
import { isOn } from './offers.ts'
import type { TenantContext } from './tenant-context.ts'

/** Links of the records that figures refer to: reference path → id at the source → link. */
export type FigureLinks = ReadonlyMap<string, ReadonlyMap<string, Link>>

/** A figure as the other side takes it. */
export interface FigureTarget {
  readonly resource: string
  readonly row: Row
  /** The part of the row that is compared: without keys and time. */
  readonly print: Row
  /** The records there that it is about. */
  readonly to: string
}

const chunk = 1_000

/** The tables of an entity at one side. */
function tablesOf(context: TenantContext, entity: string, side: SystemId): string[] {
  const { wire } = context.views.get(entity)!.plugin
  return [...new Set((wire[side]?.resources ?? []).map((one) => one.resource))]
}

/** Loads the links of everything that these figures refer to, some thousand ids a query. Entities that are off have none. */
export async function loadFigureLinks(
  context: TenantContext,
  plugin: EntityPlugin,
  figures: Iterable<KeptFigure>,
): Promise<FigureLinks> {
  const { from } = plugin.figure!
  const wanted = new Map(plugin.references.map(({ path }) => [path, new Set<string>()]))
  for (const { record } of figures) {
    for (const [path, ids] of wanted) if (typeof record[path] === 'string') ids.add(record[path])
  }
  const result = new Map<string, Map<string, Link>>()
  for (const { path, entity } of plugin.references) {
    const found = new Map<string, Link>()
    result.set(path, found)
    if (!isOn(context, entity)) continue
    const tables = tablesOf(context, entity, from)
    const ids = [...wanted.get(path)!]
    for (let start = 0; start < ids.length; start += chunk) {
      const some = ids.slice(start, start + chunk)
      const records = tables.flatMap((resource) => some.map((id) => ({ resource, id })))
      for (const link of await context.store.links.findByRecord(entity, from, records)) {
        found.set(link.sides[from]!.id, link)
      }
    }
  }
  return result
}

/** Is something that the figure refers to known to be deleted at the source? */
export function isGone(plugin: EntityPlugin, links: FigureLinks, { record }: KeptFigure): boolean {
  const { from } = plugin.figure!
  return plugin.references.some(({ path }) => links.get(path)?.get(record[path] as string)?.sides[from]?.gone === true)
}

/** The link of a reference, if the other side has the record. */
function linkedAt(links: FigureLinks, { path }: Reference, record: Canonical, to: SystemId): Link | undefined {
  const link = links.get(path)?.get(record[path] as string)
  const there = link?.sides[to]
  return link?.linked && there?.key !== undefined && !there.gone ? link : undefined
}

/** Where a figure goes; `undefined` = something that it refers to is not linked. Throws `ColumnProblem` for what the wire cannot carry. */
export function targetOf(plugin: EntityPlugin, links: FigureLinks, { record }: KeptFigure): FigureTarget | undefined {
  const to = otherSide(plugin, plugin.figure!.from)
  const translated: Record<string, Canonical[string]> = { ...record }
  const places: Record<string, string> = {}
  const ids: string[] = []
  for (const reference of plugin.references) {
    const there = linkedAt(links, reference, record, to)?.sides[to]
    if (!there) return undefined
    translated[reference.path] = there.key
    places[reference.path] = there.resource
    ids.push(`${there.resource}/${there.id}`)
  }
  const resource = plugin.wire[to]!.resources.find((one) => standsThere(one, places))
  if (!resource) return undefined
  return {
    resource: resource.resource,
    row: encodeColumns(resource.columns, translated),
    print: toldPart(plugin, resource, record),
    to: ids.join('|'),
  }
}

function standsThere({ whereAt = {} }: SideResource, places: Readonly<Record<string, string>>): boolean {
  return Object.entries(whereAt).every(([path, table]) => places[path] === table)
}

/** What the figure waits for, in the words of the waiting room. */
export function awaitedBy(
  context: TenantContext,
  plugin: EntityPlugin,
  links: FigureLinks,
  { record }: KeptFigure,
): string[] {
  const { from } = plugin.figure!
  const to = otherSide(plugin, from)
  return plugin.references
    .filter((reference) => isOn(context, reference.entity) && !linkedAt(links, reference, record, to))
    .flatMap(({ path, entity }) =>
      tablesOf(context, entity, from).map((resource) =>
        waitKey(entity, from, { resource, id: record[path] as string }),
      ),
    )
}
