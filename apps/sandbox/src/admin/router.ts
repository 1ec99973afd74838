import { isObject, type JsonObject } from '../model/json.ts'
import type { Exchange } from '../server/exchange.ts'
import { NOBODY, type Registry } from '../tenant/registry.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { actAll } from './act.ts'
import { AdminError, badRequest } from './admin-error.ts'
import { putCapabilities, putClock, putDelivery, putFaults, putLimits } from './controls.ts'
import { seedTenant } from '../seed/seed.ts'
import { countsOf, stateOf } from './state.ts'
import { addTenant } from './tenants.ts'

const BASE = '/__sandbox/'

/** True for a path of the admin interface. */
export function isAdminPath(path: string): boolean {
  return path.startsWith(BASE)
}

type AdminCall = (tenant: Tenant, exchange: Exchange) => object | Promise<object>

/** Calls about one tenant, by method and name (§5.3). */
const CALLS: Readonly<Record<string, AdminCall>> = {
  'POST reset': (tenant, exchange) => {
    bodyOf(exchange)
    tenant.reset()
    return {}
  },
  'POST seed': (tenant, exchange) => ({ counts: seedTenant(tenant, bodyOf(exchange)) }),
  'GET state': (tenant, exchange) => stateOf(tenant, exchange.query),
  'GET counts': (tenant) => ({ counts: countsOf(tenant) }),
  'POST act': (tenant, exchange) => actAll(tenant, exchange.body),
  'PUT faults': (tenant, exchange) => putFaults(tenant, bodyOf(exchange)),
  'GET faults': (tenant) => tenant.faults.describe(),
  'PUT clock': (tenant, exchange) => putClock(tenant, bodyOf(exchange)),
  'GET clock': (tenant) => tenant.clock.describe(),
  'PUT limits': (tenant, exchange) => putLimits(tenant, bodyOf(exchange)),
  'PUT capabilities': (tenant, exchange) => putCapabilities(tenant, bodyOf(exchange)),
  'GET capabilities': (tenant) => tenant.capabilities.describe(),
  'PUT delivery': (tenant, exchange) => putDelivery(tenant, bodyOf(exchange)),
  'GET requests': (tenant) => tenant.requests.describe(),
  'DELETE requests': (tenant) => {
    tenant.requests.clear()
    return {}
  },
  'GET deliveries': (tenant) => ({
    pending: tenant.outbox.pending,
    queued: tenant.queue.size,
    rows: tenant.outbox.log.describe(),
  }),
  'POST deliveries/flush': (tenant, exchange) => {
    bodyOf(exchange)
    return tenant.outbox.flush(() => tenant.queue.runAll())
  },
}

function bodyOf(exchange: Exchange): JsonObject {
  if (exchange.tooLarge) badRequest('the body is over 10 MB')
  if (exchange.malformed) badRequest('the body is not JSON')
  if (exchange.body === undefined) return {}
  return isObject(exchange.body) ? exchange.body : badRequest('the body must be an object')
}

/** Answers a call under `/__sandbox`. */
export async function handleAdmin(exchange: Exchange, registry: Registry): Promise<{ status: number; body: string }> {
  try {
    const answer = await dispatch(exchange, registry)
    return { status: 200, body: JSON.stringify({ ok: true, ...answer }) }
  } catch (error) {
    if (error instanceof AdminError) return { status: error.status, body: JSON.stringify(error.toBody()) }
    const text = error instanceof Error ? error.message : String(error)
    process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : text}\n`)
    return { status: 500, body: JSON.stringify({ ok: false, code: 'bad_request', error: text }) }
  }
}

async function dispatch(exchange: Exchange, registry: Registry): Promise<object> {
  const call = `${exchange.method} ${exchange.path.slice(BASE.length)}`
  if (call === 'GET health') return { contract: '1', tenants: registry.names() }
  if (call === 'POST tenants') return addTenant(registry, bodyOf(exchange))
  const name = exchange.query.get('tenant') ?? 'demo'
  const run = Object.hasOwn(CALLS, call) ? CALLS[call] : undefined
  if (!run) throw new AdminError('not_found', `no admin call ${call}`)
  if (name === NOBODY && call.endsWith(' requests')) {
    if (exchange.method === 'GET') return registry.nobody.describe()
    registry.nobody.clear()
    return {}
  }
  const tenant = registry.get(name)
  if (!tenant) throw new AdminError('unknown_tenant', `no tenant ${name}`)
  return run(tenant, exchange)
}
