import {
  type Canonical,
  type EntityPlugin,
  type Link,
  type Side,
  type SideResource,
  type SystemId,
  type Value,
  type WireRecord,
  codeKey,
  decodeColumns,
  encodeColumns,
  phoneKey,
} from '@amis-sync/core'

/** Which fields a side carries. */
interface Carried {
  readonly readable: ReadonlySet<string>
  readonly writable: ReadonlySet<string>
}

/** A plugin with what the engine asks of it again and again, computed once. */
export interface PluginView {
  readonly plugin: EntityPlugin
  readonly carried: Readonly<Record<SystemId, Carried>>
}

/** Probes which of a list's item parts a column writes: the codec is opaque, so it is asked with one item of each part. */
function writtenParts(resource: SideResource, name: string, parts: readonly string[]): string[] {
  const encode = resource.columns[name]?.encode
  if (!encode) return []
  return parts.filter((part) => {
    const rows = Object.values(encode([{ [part]: null }]))[0]
    return Array.isArray(rows) && Object.keys((rows[0] ?? {}) as object).length > 0
  })
}

function carriedBy(plugin: EntityPlugin, side: Side): Carried {
  const readable = new Set<string>()
  const writable = new Set<string>()
  for (const resource of side.resources) {
    for (const [name, column] of Object.entries(resource.columns)) {
      if (column.decode) readable.add(name)
      if (!column.encode || side.write === 'none') continue
      writable.add(name)
      const items = plugin.fields[name]?.items
      if (!items) continue
      for (const part of writtenParts(resource, name, Object.keys(items.fields))) writable.add(`${name}[].${part}`)
    }
  }
  return { readable, writable }
}

export function viewPlugin(plugin: EntityPlugin): PluginView {
  const carried: Record<SystemId, Carried> = {}
  for (const side of plugin.sides) carried[side] = carriedBy(plugin, plugin.wire[side]!)
  return { plugin, carried }
}

/**
 * The side resource that a row belongs to; undefined = the row is none of this entity's. `needed`: another record needs it, or it was
 * linked because one did.
 */
export function resourceOfRow(side: Side, record: WireRecord, needed = false): SideResource | undefined {
  const named = side.resources.filter((one) => one.resource === record.resource)
  const own = named.find((one) => one.accepts?.(record.row) ?? true)
  return own ?? (needed ? named.find((one) => one.acceptsNeeded?.(record.row)) : undefined)
}

/** The side resource that a canonical record is written to; of `name`, when the record is there already. */
export function resourceOfRecord(side: Side, record: Canonical, name?: string): SideResource | undefined {
  const among = side.resources.filter((one) => name === undefined || one.resource === name)
  return among.find((one) => one.takes?.(record) ?? true) ?? (name === undefined ? undefined : among[0])
}

/** A row to what it says, before references are translated. Throws `ColumnProblem`. */
export function decodeRow(resource: SideResource, record: WireRecord): Canonical {
  return decodeColumns(resource.columns, record.row)
}

export function encodeFields(resource: SideResource, record: Canonical): Record<string, unknown> {
  return { ...encodeColumns(resource.columns, record) }
}

/** `field=value` texts by which an unlinked record is found, best first. */
export function matchTexts(plugin: EntityPlugin, side: SystemId, record: Canonical): string[] {
  return plugin.match.flatMap((name) => {
    const value = record[name]
    if (typeof value !== 'string' || value === '') return []
    const kind = plugin.fields[name]?.kind
    return [`${side}|${name}=${kind === 'phone' ? phoneKey(value) : codeKey(value)}`]
  })
}

/** The same for values besides the code that decide by themselves: tax codes. Only bulk runs ask by them. */
export function decisiveTexts(plugin: EntityPlugin, side: SystemId, record: Canonical): string[] {
  return (plugin.matching?.fields ?? []).flatMap(({ field, as }) => {
    const value = record[field]
    if (as !== 'taxCode' || plugin.match.includes(field) || typeof value !== 'string' || value === '') return []
    return [`${side}|${field}=${codeKey(value)}`]
  })
}

/** The fields of a record that the named side carries. */
export function onlyCarried(view: PluginView, side: SystemId, record: Canonical): Canonical {
  const { readable, writable } = view.carried[side]!
  const result: Record<string, Value> = {}
  for (const name in record) {
    const value = record[name]
    if (value !== undefined && (readable.has(name) || writable.has(name))) result[name] = value
  }
  return result
}

/** What a side showed of a record last. */
export function lastShown(link: Link, side: SystemId): Canonical {
  return { ...link.base, ...link.sides[side]?.known }
}

/** Plugins in an order in which each comes behind those it depends on. Cycles were refused when they were loaded. */
export function inDependencyOrder(plugins: readonly EntityPlugin[]): EntityPlugin[] {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]))
  const ordered = new Set<EntityPlugin>()
  const visit = (plugin: EntityPlugin, path: readonly string[]): void => {
    if (ordered.has(plugin) || path.includes(plugin.id)) return
    for (const id of plugin.dependsOn) {
      const needed = byId.get(id)
      if (needed) visit(needed, [...path, plugin.id])
    }
    ordered.add(plugin)
  }
  for (const plugin of plugins) visit(plugin, [])
  return [...ordered]
}
