import {
  type Canonical,
  type EntityPlugin,
  type SideResource,
  type Value,
  codeKey,
  decodeColumns,
} from '@amis-sync/core'
import { tableOf } from './tables.ts'
import type { AnyRow, SystemName } from './systems.ts'

/** What a person last put into a field, by `system|table|id`. */
type Entered = Map<string, Record<string, Value>>

const ownCodes = new Set(['account_object_code', 'group_code', 'account_object_group_code', 'code'])

/** What persons did to records: the witness of all checks. */
export class Diary {
  readonly #plugins: readonly EntityPlugin[]
  readonly entered: Entered = new Map()
  /** Records that a person made. */
  readonly made = new Set<string>()
  /** Records that a person deleted or took out of use. */
  readonly retired = new Set<string>()
  /** Their codes, by `codeKey`: another record may take the place of one that was deleted. */
  readonly retiredCodes = new Set<string>()
  /** Codes that a person sent by hand, by `codeKey`. */
  readonly asked = new Set<string>()
  /** Records that were there when the first sync ran. */
  readonly early = new Set<string>()
  /** Codes that any record named at any time. */
  readonly named = new Set<string>()

  constructor(plugins: readonly EntityPlugin[]) {
    this.#plugins = plugins
  }

  /** A person did this, and the row is so now; `live`: the first sync was through. */
  note(command: AnyRow, row: AnyRow, live: boolean): void {
    const system = command.system as SystemName
    const table = command.entity
    if (typeof table !== 'string') return
    const name = recordName(system, table, row)
    if (command.action === 'create') this.made.add(name)
    if (!live) this.early.add(name)
    for (const code of codesIn(command)) this.named.add(code)
    if (command.action === 'delete' || row.inactive === true) {
      this.retired.add(name)
      this.retiredCodes.add(codeKey(String(row[tableOf(system, table).key])))
    }
    const given = (command.action === 'create' ? command.record : command.changes) as AnyRow | undefined
    if (given === undefined) return
    for (const { fields, resource } of this.#readings(system, table, row)) {
      const values: Record<string, Value> = { ...this.entered.get(name) }
      for (const [field, { names }] of Object.entries(resource.columns)) {
        const value = fields[field]
        if (value !== undefined && names.some((column) => Object.hasOwn(given, column))) values[field] = value
      }
      this.entered.set(name, values)
    }
  }

  /** What a row says, by each entity that has it. */
  *#readings(system: SystemName, table: string, row: AnyRow): Generator<{ fields: Canonical; resource: SideResource }> {
    for (const plugin of this.#plugins) {
      for (const resource of plugin.wire[system]?.resources ?? []) {
        if (resource.resource !== table || resource.accepts?.(row) === false) continue
        yield { fields: decodeColumns(resource.columns, row), resource }
      }
    }
  }
}

/** `crm|Customers|17`. */
export function recordName(system: string, table: string, row: AnyRow): string {
  return `${system}|${table}|${String(row[tableOf(system, table).id])}`
}

/** Every text inside what a person gave, but for the record's own code: a name of something, perhaps. */
function codesIn({ record, changes }: AnyRow): Set<string> {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const part of value.split(';')) found.add(codeKey(part))
    else if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  for (const [column, value] of Object.entries({ ...(record as AnyRow), ...(changes as AnyRow) }))
    if (!ownCodes.has(column)) visit(value)
  return found
}
