import type { World } from '../model/column.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { readColumns } from '../model/read-columns.ts'
import type { Draft, Resource } from '../model/resource.ts'
import type { Tenant } from '../tenant/tenant.ts'

/** Stored columns of a new row, made by the resource's own rules; a seed that breaks them is a programming error. */
export function draftOf(
  resource: Resource,
  input: JsonObject,
  world: World,
  tenant: Tenant,
): Readonly<Record<string, Json>> {
  const { given, faults } = readColumns(resource.columns, input, { world, creating: true })
  const draft: Draft = { ...given }
  const writing = {
    world,
    input,
    before: null,
    draft,
    named: new Set(Object.keys(given)),
    person: true,
    now: tenant.clock.now(),
  }
  if (faults.length === 0) faults.push(...(resource.complete?.(writing) ?? []))
  if (faults.length > 0)
    throw new Error(`seed ${resource.name}: ${JSON.stringify(faults)} in ${JSON.stringify(input).slice(0, 300)}`)
  resource.finish?.(writing, tenant.counters)
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined && value !== null))
}
