import type { Resource } from '../model/resource.ts'
import { ALL_ON } from '../model/emitters.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Row } from '../model/row.ts'
import type { SystemName } from '../tenant/clock.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { draftOf } from './draft.ts'
import { Planter, seededGuid } from './planter.ts'

const KINDS = [
  'OrganizationUnits',
  'Employees',
  'AccountObjects',
  'InventoryItems',
  'Stocks',
  'Units',
  'AccountObjectGroups',
  'Categories',
  'PricePolicies',
]

/** Writes demo rows through the resources' own checks, but without events. */
export class DemoWriter {
  readonly #tenant: Tenant
  readonly #planter: Planter
  #guids = 0

  constructor(tenant: Tenant) {
    this.#tenant = tenant
    this.#planter = new Planter(tenant)
  }

  /** Adds a row as the API would take it; `extra` sets stored columns that no write can reach. */
  add(system: SystemName, entity: string, input: JsonObject, extra: Readonly<Record<string, Json>> = {}): Row {
    const tables = this.#tenant.tables[system]
    const resource = tables.resource(entity) as Resource
    const draft = draftOf(resource, input, tables.world(ALL_ON), this.#tenant)
    this.#guids += 1
    const guid =
      resource.ids === 'guid'
        ? seededGuid((system === 'system' ? 64 : 32) + KINDS.indexOf(entity), this.#guids)
        : undefined
    return this.#planter.plant(system, entity, { ...draft, ...extra }, guid)
  }
}
