import type { JsonObject } from '../model/json.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { AdminError, badRequest } from '../admin/admin-error.ts'
import { countsOf } from '../admin/state.ts'
import { SYSTEMS, type SystemName } from '../tenant/clock.ts'
import { seedDemo } from './demo.ts'
import { seedSize } from './size.ts'

/** What `size` is asked for (§5.6). */
export interface SizeOptions {
  readonly n: number
  readonly where: readonly SystemName[]
  readonly mirror: boolean
  readonly employees: number
  readonly orders: number
}

function whole(body: JsonObject, name: string, fallback: number): number {
  const value = body[name] ?? fallback
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > 1_000_000) {
    return badRequest(`${name} must be a whole number from 0 to 1000000`)
  }
  return value as number
}

function whereOf(body: JsonObject): SystemName[] {
  const value = body['where'] ?? SYSTEMS
  const list = (Array.isArray(value) ? value : [value]) as readonly unknown[]
  if (!list.every((name) => SYSTEMS.some((system) => system === name)))
    badRequest('where must name crm, accounting or system')
  return list as SystemName[]
}

/** `POST /seed`: clears the data and fills in a profile. */
export function seedTenant(tenant: Tenant, body: JsonObject): Record<string, Record<string, number>> {
  const profile = body['profile']
  if (profile !== 'demo' && profile !== 'size') throw new AdminError('bad_request', 'profile must be demo or size')
  const seed = body['seed'] ?? 1
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) badRequest('seed must be a whole number')
  const mirror = body['mirror'] ?? false
  if (typeof mirror !== 'boolean') badRequest('mirror must be true or false')
  const options: SizeOptions = {
    n: whole(body, 'n', 1000),
    where: whereOf(body),
    mirror: mirror,
    employees: whole(body, 'employees', 0),
    orders: whole(body, 'orders', 0),
  }
  if (profile === 'size' && options.orders > 0 && options.n < 6) badRequest('orders need n of at least 6')
  tenant.clearData()
  if (profile === 'size') seedSize(tenant, options)
  else seedDemo(tenant, seed)
  const counts = Object.entries(countsOf(tenant)).map(([system, entities]) => {
    return [system, Object.fromEntries(Object.entries(entities).map(([name, { live }]) => [name, live]))]
  })
  return Object.fromEntries(counts) as Record<string, Record<string, number>>
}
