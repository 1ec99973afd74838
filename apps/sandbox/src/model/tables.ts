import type { Reader, World } from './column.ts'
import { asText, type Json, type JsonObject } from './json.ts'
import type { Journal, JournalFile } from './journal.ts'
import { codeListsOf, codesIn, shapeOf, type Resource } from './resource.ts'
import type { Row } from './row.ts'
import { Table } from './table.ts'
import { codeKey, replaceCode } from './text.ts'

/** How a system's tables are set up. */
export interface TablesSetup {
  readonly system: string
  readonly resources: readonly Resource[]
  readonly now: () => number
  readonly journal: Journal
  readonly dates: World['dates']
}

/** All tables of one system of one tenant. */
export class Tables {
  readonly setup: TablesSetup
  readonly #tables = new Map<string, Table>()
  readonly #resources = new Map<string, Resource>()

  constructor(setup: TablesSetup) {
    this.setup = setup
    for (const resource of setup.resources) {
      const bucket = `${setup.system}.${resource.name}`
      this.#tables.set(resource.name, new Table(shapeOf(resource), setup.now, setup.journal, bucket))
      this.#resources.set(resource.name, resource)
    }
  }

  /** The table of an entity that exists. */
  table(name: string): Table {
    const table = this.#tables.get(name)
    if (!table) throw new Error(`no table ${name} in ${this.setup.system}`)
    return table
  }

  /** The resource with that name, if there is one. */
  resource(name: string): Resource | undefined {
    return this.#resources.get(name)
  }

  /** Names of all entities in their order. */
  names(): string[] {
    return [...this.#tables.keys()]
  }

  /** What a writer sees, with these capabilities. */
  world(on: (flag: string) => boolean): World {
    return { table: (name) => this.table(name), on, reader: this.reader(), dates: this.setup.dates }
  }

  /** What a reader sees, now or as of a moment. */
  reader(asOf?: number): Reader {
    const byCode: Reader['byCode'] = (table, code) => this.table(table).find(codeKey(code))
    if (asOf === undefined) {
      return {
        row: (table, id) => this.table(table).get(id as number | string),
        byCode,
        group: (table, key) => this.table(table).group(key),
      }
    }
    const then = new Map<string, Map<number, Row | null>>()
    const version = (table: string, row: Row | undefined): Row | undefined => {
      if (!row) return undefined
      const changes = then.get(table) ?? this.table(table).history.asOf(asOf, this.setup.now())
      then.set(table, changes)
      const before = changes.get(row.seq)
      return before === undefined ? row : (before ?? undefined)
    }
    return {
      asOf,
      row: (table, id) => version(table, this.table(table).get(id as number | string)),
      byCode,
      group: (table, key) =>
        this.table(table)
          .group(key)
          .flatMap((row) => version(table, row) ?? []),
    }
  }

  /** True if a live row still points at this one in a way that forbids deleting it. */
  isInUse(resource: Resource, row: Row, world: World): boolean {
    const targets = [row.id, ...(resource.key ? [`code:${codeKey(asText(row[resource.key]))}`] : [])]
    for (const table of this.#tables.values()) {
      if (targets.some((target) => table.guards(resource.name, target) > 0)) return true
    }
    return resource.keeps?.(row, world) ?? false
  }

  /** After a row took another code: lists of codes follow, listings by code are sorted anew (§0.2 References). */
  renamed(resource: Resource, before: Row, next: Row): void {
    const { key } = resource
    if (!key || before[key] === next[key]) return
    for (const other of this.#resources.values()) {
      const lists = codeListsOf(other, resource.name)
      if (lists.length > 0) this.#replaceCodes(other, lists, codeKey(asText(before[key])), asText(next[key]))
      if (other.natural) this.table(other.name).resort('natural')
    }
  }

  /** Loads what the journal kept. */
  load(file: JournalFile, tenant: string): void {
    for (const [name, table] of this.#tables) {
      for (const { value } of file.read(tenant, `${this.setup.system}.${name}`)) table.restore(value as Row)
    }
  }

  #replaceCodes(resource: Resource, lists: ReturnType<typeof codeListsOf>, key: string, code: string): void {
    const table = this.table(resource.name)
    const holders = table.rows.filter((row) => {
      if (row.deleted_at !== undefined) return false
      return lists.some((list) => codesIn(list, row).some((item) => codeKey(item) === key))
    })
    for (const row of holders) {
      const changes: Record<string, Json> = {}
      for (const list of lists) {
        const stored = row[list.name]
        if (stored === undefined) continue
        changes[list.name] =
          list.form === 'text'
            ? replaceCode(asText(stored), key, code)
            : (stored as readonly string[]).map((item) => (codeKey(item) === key ? code : item))
      }
      table.replace(row, { ...row, ...(changes as JsonObject) })
    }
  }
}
