import type { Json } from '../model/json.ts'
import type { Row } from '../model/row.ts'
import { DAY, wholeSecond } from '../model/time.ts'
import type { SystemName } from '../tenant/clock.ts'
import type { Tenant } from '../tenant/tenant.ts'

/** A deterministic guid: `kind` tells tables apart, `index` the rows of one; ascending with the index. */
export function seededGuid(kind: number, index: number): string {
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')
  const tail = (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(kind + 1, 0x85ebca6b)) >>> 0
  return `${hex(kind, 2)}${hex(index, 6)}-5eed-4${hex(tail & 0xfff, 3)}-8${hex((tail >>> 12) & 0xfff, 3)}-${hex(tail, 8)}${hex(index & 0xffff, 4)}`
}

/** Puts seeded rows straight into the tables: no checks, no events, all of one date. */
export class Planter {
  readonly #tenant: Tenant
  readonly #at: Readonly<Record<SystemName, number>>

  constructor(tenant: Tenant) {
    this.#tenant = tenant
    const day = (system: SystemName): number => tenant.clock.at(system) - DAY
    this.#at = { crm: day('crm'), accounting: wholeSecond(day('accounting')), system: day('system') }
  }

  /** Adds a row; columns are in stored form. Its id is given in tables of guids. */
  plant(system: SystemName, entity: string, columns: Readonly<Record<string, Json>>, guid?: string): Row {
    const table = this.#tenant.tables[system].table(entity)
    const seq = table.rows.length
    const at = this.#at[system]
    const stamps = { created_date: at, modified_date: at, created_by: 'seed', modified_by: 'seed' }
    const row: Row = { seq, id: guid ?? seq + 1, ...stamps, ...columns }
    table.plant(row)
    return row
  }
}
