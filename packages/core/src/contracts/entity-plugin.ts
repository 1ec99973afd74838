import type { z } from 'zod'
import type { Message } from '../errors/sync-error.ts'
import type { DirectionPolicy, SystemId } from '../policy/direction-policy.ts'
import type { Columns } from './column.ts'
import type { Fields } from './field.ts'
import type { FigureRules } from './figure.ts'
import type { Matching } from './matching.ts'
import type { Canonical, Row, Value } from './record.ts'

/** One table of a system that holds records of this entity. An entity may stand in several (customers: Customers and Contacts). */
export interface SideResource {
  /** The system's own name, as the connector knows it. */
  readonly resource: string
  readonly columns: Columns
  /** Is this row one of ours? Absent = every row is. (Accounting keeps customers, vendors and employees in one table.) */
  readonly accepts?: (row: Row) => boolean
  /** Why a row that `accepts` does not take is none of ours, as the end of a sentence: "…, but it is a supplier only". For `why`. */
  readonly otherwise?: Message
  /** Rows that `accepts` does not take, but that are ours once another record needs one of them, and stay so from then on. */
  readonly acceptsNeeded?: (row: Row) => boolean
  /** Which of the side's resources a new record goes to; absent = any. The first that takes it wins. */
  readonly takes?: (record: Canonical) => boolean
  /** Of a figure: only where the record that this reference names stands in that table of the side. Path → table. */
  readonly whereAt?: Readonly<Record<string, string>>
  /** Why this row takes no change now, by what it shows itself: something was made from it. Edits wait until it shows that no more (SO16). */
  readonly locked?: (row: Row) => HoldReason | undefined
  /** Columns that each write of the operation carries besides the mapped ones. */
  readonly constants?: { readonly create?: Row; readonly update?: Row }
  /** Columns by mode (`order`, `contract`), on every write. */
  readonly modes?: Readonly<Record<string, Row>>
  /** The sender chooses the id of a new row: a deterministic guid of tenant, entity and source id. */
  readonly chosenId?: boolean
  /** Rows that must exist before this one, sent in the same call: units of measure. Idempotent. */
  readonly companions?: (record: Canonical) => readonly { readonly resource: string; readonly row: Row }[]
}

export interface Side {
  readonly resources: readonly SideResource[]
  /** Capability flags of the connection without which this side does not offer the entity; it is off then, with the reason shown. */
  readonly requires?: readonly string[]
  /** Capability flags without which this side is read only for the entity: nothing is written there, with the reason shown. */
  readonly writeRequires?: readonly string[]
  /** Capability flags that a mode needs at this side (`contract` → `contracts`); without it the mode is refused at the config check. */
  readonly modeRequires?: Readonly<Record<string, string>>
  /**
   * `patch`: a write names the columns that change. `replace`: it gives the whole record (absent = default). `none`: never written.
   */
  readonly write: 'patch' | 'replace' | 'none'
  /** Paths whose canonical text stands on the wire as a deterministic guid of it: `lines[].key`. */
  readonly derivedIds?: readonly string[]
  /** What the other side shows right after creation where that differs from what was sent; so that it is no news (§4.8). */
  readonly afterCreate?: (record: Canonical, context: HandlerContext) => Canonical
}

/** A field that names a record of another entity. */
export interface Reference {
  /** `unit`, `groups` (each code), `lines[].product` (each line). */
  readonly path: string
  /** Plugin id. Entities refer to each other by id only. */
  readonly entity: string
  /**
   * What to do when the target does not have it yet: `pull` = bring it along first; `require` = wait until it is there by its own rule;
   * `omit` = leave the field out.
   */
  readonly missing: 'pull' | 'require' | 'omit'
  /** With `omit`: a record that was written without it is written again, as soon as the target has it. */
  readonly joins?: boolean
  /** How each side spells it: by the referenced record's `key` (default) or `id`. */
  readonly spelled?: Readonly<Record<SystemId, 'key' | 'id'>>
  /** Where the referenced entity has no such side: whose key it is. (`owner_code` of the CRM is a code of System.) */
  readonly via?: Readonly<Record<SystemId, SystemId>>
  /** When this record is created at the target, a linked but outdated referenced record is brought up to date first (CG3). */
  readonly refresh?: boolean
}

/** What handler functions may know besides the record. */
export interface HandlerContext {
  /** The tenant's settings of this plugin, checked with its schema. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The record's mode, fixed at creation: `order` or `contract`. */
  readonly mode?: string
  /** What the other side shows now, as far as known. */
  readonly other?: Canonical
  /** Last agreed values. */
  readonly base?: Canonical
}

/** What is special to an entity and cannot be data. Pure functions. */
export interface EntityHandler {
  /** Facts of the record at `side` that count as triggers in rules: `revenue-requested`. */
  readonly triggers?: (side: SystemId, record: Canonical, context: HandlerContext) => readonly string[]
  /** A reason why this record may not be sent at all now, whoever asks. */
  readonly hold?: (side: SystemId, record: Canonical, context: HandlerContext) => HoldReason | undefined
  /** Completes or narrows what a side's row said. Runs after the columns, before comparing. Returning no field = that field is no news. */
  readonly derive?: (side: SystemId, record: Canonical, context: HandlerContext) => Canonical
  /** What `side`, which asked the other one to give the record up (policy rule `remove`), is told; `refusal` = why it does not. */
  readonly answer?: (side: SystemId, refusal: string | undefined) => Canonical
  /** The mode of a record that is created now. */
  readonly mode?: (context: HandlerContext) => string
}

export interface HoldReason {
  readonly code: string
  readonly text: Message
}

/** Which step of the first sync (C7): 1 System, 2 catalogues, 3 documents. */
export type FirstSyncStep = 1 | 2 | 3

/**
 * An entity type. One value per package, exported as `plugin`. Data and pure functions only: no class, no decorator, no logger, no
 * import side effect.
 */
export interface EntityPlugin {
  /** Kebab-case, unique: `customer-group`. */
  readonly id: string
  readonly version: string
  /** Range of the plugin API that it was written for: `^1.0.0`. */
  readonly coreRange: string
  readonly labels: Message
  /** What it is to the user. `figure`: shown, not merged. */
  readonly kind: 'catalogue' | 'document' | 'figure'
  /** The two systems, in the order of the first sync: the first one's records travel first. */
  readonly sides: readonly [SystemId, SystemId]
  /** Checks a canonical record before it is written anywhere. */
  readonly schema: z.ZodType
  readonly fields: Fields
  readonly wire: Readonly<Record<SystemId, Side>>
  /** Fields that find the twin of an unlinked record, best first; values compared in canonical form. */
  readonly match: readonly string[]
  /** What tells that records of both sides, linked by nobody, are the same thing. Absent: only `match` does. */
  readonly matching?: Matching
  readonly references: readonly Reference[]
  /** Other plugins that must be loaded. */
  readonly dependsOn: readonly string[]
  readonly policy: DirectionPolicy
  readonly firstSync: {
    readonly step: FirstSyncStep
    readonly directions: readonly { readonly from: SystemId; readonly to: SystemId }[]
  }
  readonly handler?: EntityHandler
  /** The tenant file's section of this plugin. */
  readonly settings?: {
    readonly section: string
    readonly schema: z.ZodType
    /** Settings by which a side is read: when one of them changes, what is linked there is read again (SO17). */
    readonly readBy?: { readonly side: SystemId; readonly names: readonly string[] }
  }
  /**
   * Fields that tell whether a record entered anew under a deleted one's code is the same thing: the first that both have decides.
   * Default: `name`.
   */
  readonly identity?: readonly string[]
  /** The field that says whether the record is in use; set to false when the twin is gone (D9). */
  readonly activeField?: string
  /** What people call the plugin's own triggers and modes, by their names: `revenue-requested`, `contract` (FL1). */
  readonly terms?: Readonly<Record<string, Message>>
  /** With kind `figure`. */
  readonly figure?: FigureRules
}

/** What a plugin author writes: everything with a sensible default may be left out. */
export type EntityPluginInput = Omit<EntityPlugin, 'match' | 'references' | 'dependsOn'> &
  Partial<Pick<EntityPlugin, 'match' | 'references' | 'dependsOn'>>

/** Makes and checks a plugin; throws `TypeError` at import time with what is wrong, so that a bad plugin never loads. */
export function defineEntityPlugin(input: EntityPluginInput): EntityPlugin {
  const plugin: EntityPlugin = { match: [], references: [], dependsOn: [], ...input }
  for (const fault of pluginFaults(plugin)) throw new TypeError(`entity plugin ${plugin.id}: ${fault}`)
  return plugin
}

/** `name` is a field, or `list[].part` a part of a list's items. */
function isPath(fields: Fields, path: string): boolean {
  const [head, part] = path.split('[].') as [string, string | undefined]
  const found = fields[head]
  return found !== undefined && (part === undefined || found.items?.fields[part] !== undefined)
}

/** Everything that is wrong with a plugin, in words. */
export function pluginFaults(plugin: EntityPlugin): string[] {
  const faults: string[] = []
  if (!/^[a-z][a-z0-9-]*$/.test(plugin.id)) faults.push('id is not kebab-case')
  if (plugin.sides[0] === plugin.sides[1]) faults.push('both sides are the same system')
  const known = new Set(Object.keys(plugin.fields))
  for (const side of plugin.sides) {
    const wire = plugin.wire[side]
    if (!wire) {
      faults.push(`wire.${side} is missing`)
      continue
    }
    for (const path of wire.derivedIds ?? []) {
      if (!isPath(plugin.fields, path)) faults.push(`derivedIds of ${side} names "${path}", which is no field`)
    }
    for (const resource of wire.resources) {
      for (const name of Object.keys(resource.columns)) {
        if (!known.has(name)) faults.push(`wire.${side}.${resource.resource} maps "${name}", which is no field`)
      }
    }
  }
  for (const name of plugin.match) if (!known.has(name)) faults.push(`match names "${name}", which is no field`)
  for (const { field } of plugin.matching?.fields ?? [])
    if (!known.has(field)) faults.push(`matching names "${field}", which is no field`)
  for (const reference of plugin.references) {
    if (!isPath(plugin.fields, reference.path)) faults.push(`reference "${reference.path}" is no field`)
    if (
      reference.missing !== 'omit' &&
      reference.entity !== plugin.id &&
      !plugin.dependsOn.includes(reference.entity)
    ) {
      faults.push(`reference to "${reference.entity}" wants it in dependsOn`)
    }
  }
  for (const { from, to, remove, writeBack = [] } of plugin.policy.directions) {
    if (!plugin.sides.includes(from) || !plugin.sides.includes(to))
      faults.push(`policy ${from}>${to} is not between its sides`)
    if (remove !== undefined && !plugin.handler?.answer)
      faults.push(`policy ${from}>${to} lets records be withdrawn: the handler wants an answer`)
    for (const path of writeBack) if (!isPath(plugin.fields, path)) faults.push(`writeBack "${path}" is no field`)
  }
  for (const name of plugin.identity ?? [])
    if (!known.has(name)) faults.push(`identity names "${name}", which is no field`)
  if (plugin.activeField !== undefined && !known.has(plugin.activeField)) faults.push('activeField is no field')
  return [...faults, ...figureFaults(plugin)]
}

function figureFaults({ kind, figure, fields, sides, references }: EntityPlugin): string[] {
  if ((kind === 'figure') !== (figure !== undefined)) return ['kind "figure" and the rules in `figure` go together']
  if (!figure) return []
  const faults: string[] = []
  const { key, values, time, subject, place, unit = time } = figure
  if (!sides.includes(figure.from)) faults.push(`figure.from "${figure.from}" is none of its sides`)
  for (const name of [...key, ...values, time, subject.code, subject.name, place.code, place.name, unit]) {
    if (fields[name] === undefined) faults.push(`figure names "${name}", which is no field`)
  }
  if (key.length === 0) faults.push('figure.key is empty')
  for (const name of values) if (fields[name]?.kind !== 'decimal') faults.push(`figure value "${name}" is no decimal`)
  for (const { path } of references) if (!key.includes(path)) faults.push(`reference "${path}" is not in figure.key`)
  return faults
}

/** The other one of a plugin's two sides. */
export function otherSide(plugin: EntityPlugin, side: SystemId): SystemId {
  return plugin.sides[0] === side ? plugin.sides[1] : plugin.sides[0]
}

/** Values at a reference's path, in order: one for a plain field, many for sets and lists. Nulls are left out. */
export function valuesAt(record: Canonical, path: string): string[] {
  const [head, rest] = path.split('[].') as [string, string | undefined]
  const value = record[head]
  if (value === undefined || value === null) return []
  if (rest === undefined)
    return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')
  return (value as readonly Canonical[]).flatMap((item) => valuesAt(item, rest))
}

/** A copy with every value at the path replaced; `undefined` drops it (from a set or a field). */
export function mapValuesAt(record: Canonical, path: string, map: (value: string) => string | undefined): Canonical {
  const [head, rest] = path.split('[].') as [string, string | undefined]
  const value = record[head]
  if (value === undefined || value === null) return record
  let mapped: Value | undefined
  if (rest !== undefined) mapped = (value as readonly Canonical[]).map((item) => mapValuesAt(item, rest, map)) as Value
  else if (Array.isArray(value))
    mapped = value.map((one: Value) => map(one as string)).filter((one) => one !== undefined)
  else mapped = map(value as string)
  const copy: Record<string, Value | undefined> = { ...record }
  if (mapped === undefined) delete copy[head]
  else copy[head] = mapped
  return copy
}
