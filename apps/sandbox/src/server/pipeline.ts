import { asText, type Json } from '../model/json.ts'
import { realTime } from '../model/surroundings.ts'
import type { Fired } from '../tenant/faults.ts'
import type { Registry } from '../tenant/registry.ts'
import type { RequestRow } from '../tenant/request-log.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { Refusal, type Answer, type Call, type Exchange, type Route, type SystemApi } from './exchange.ts'
import { staleMoment } from './list-faults.ts'

/** What goes back: an answer, perhaps cut or late, or a cut connection. */
type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly bytes?: number | undefined; readonly afterMs: number }
  | { readonly kind: 'cut' }

/** A request being worked on: what to send, its row in the log, and the server's time for the `Date` header. */
export interface Handled {
  readonly outcome: Outcome
  readonly row: RequestRow
  readonly now: number
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The order of work on a request, exactly as §5.5 writes it. */
export async function handle(api: SystemApi, exchange: Exchange, registry: Registry): Promise<Handled> {
  const tenant = api.attribute(exchange, registry)
  const row = count(api, exchange, tenant, registry)
  const latency = tenant?.limits.of(api.name).latencyMs ?? 0
  if (latency > 0) await sleep(latency)
  const outcome = guarded(api, () => work(api, exchange, tenant, registry, row))
  registry.commit()
  return { outcome, row, now: tenant?.clock.at(api.name) ?? realTime() }
}

function count(api: SystemApi, exchange: Exchange, tenant: Tenant | undefined, registry: Registry): RequestRow {
  const log = tenant?.requests ?? registry.nobody
  return log.add(tenant?.clock.now() ?? realTime(), api.routeKey(exchange), {
    tenant: tenant?.name ?? '-',
    system: api.name,
    method: exchange.method,
    path: exchange.path,
    rowsIn: api.rowsIn(exchange),
    bytesIn: exchange.size,
  })
}

function guarded(api: SystemApi, run: () => Outcome): Outcome {
  try {
    return run()
  } catch (error) {
    process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`)
    return plain(api.error(500, 'internal error'))
  }
}

function work(
  api: SystemApi,
  exchange: Exchange,
  tenant: Tenant | undefined,
  registry: Registry,
  row: RequestRow,
): Outcome {
  const route = api.route(exchange)
  if (!route) return plain(api.error(404, `no ${exchange.method} ${exchange.path}`))
  const now = tenant?.clock.at(api.name) ?? realTime()
  const wait = tenant?.limits.take(api.name, now) ?? null
  if (wait !== null) {
    const answer = api.error(429, 'too many requests')
    const announce = tenant?.limits.of(api.name).retryAfter ?? true
    return plain(announce ? { ...answer, headers: { 'Retry-After': String(wait) } } : answer)
  }
  const fault = tenant?.faults.fire(api.name, `${exchange.method} ${exchange.path}`) ?? null
  row.fault = fault?.kind ?? null
  const early = fault ? before(api, exchange, tenant, fault) : null
  if (early) return early
  const answer = answerOf(api, exchange, tenant, registry, route, fault, now)
  return after(tenant, answer, fault)
}

function before(api: SystemApi, exchange: Exchange, tenant: Tenant | undefined, fault: Fired): Outcome | null {
  switch (fault.kind) {
    case 'status':
      return plain(statusFault(api, fault.params))
    case 'html':
      return plain({ status: 200, type: 'text/html; charset=utf-8', body: MAINTENANCE })
    case 'errorBody':
    case 'code401':
      return plain(api.faultAnswer(fault.kind, fault.params['code']))
    case 'expireToken':
      tenant?.tokens.kill(api.tokenOf(exchange))
      return plain(api.faultAnswer('expireToken', undefined))
    case 'resetBefore':
      return { kind: 'cut' }
    default:
      return null
  }
}

const MAINTENANCE = '<html><body>Hệ thống đang bảo trì</body></html>'

function statusFault(api: SystemApi, params: { readonly [key: string]: Json }): Answer {
  const status = Number(params['status'] ?? 500)
  const retryAfter = params['retryAfter']
  const headers = retryAfter === undefined ? {} : { headers: { 'Retry-After': asText(retryAfter) } }
  if (params['html'] === true) return { status, type: 'text/html; charset=utf-8', body: MAINTENANCE, ...headers }
  return { ...api.faultStatus(status), ...headers }
}

function answerOf(
  api: SystemApi,
  exchange: Exchange,
  tenant: Tenant | undefined,
  registry: Registry,
  route: Route,
  fault: Fired | null,
  now: number,
): Answer {
  try {
    const refusal = api.authenticate(exchange, tenant, registry, route.open ?? false)
    if (refusal) return refusal
    if (!tenant)
      return exchange.tooLarge ? api.error(413, 'the body is over 10 MB') : api.error(401, 'not attributable')
    const on = tenant.capabilities.of(api.name)
    if (route.flag && !on(route.flag)) return api.error(404, 'not available')
    if (route.permission && !on(route.permission)) return api.error(403, 'no right')
    if (exchange.tooLarge) return api.error(413, 'the body is over 10 MB')
    const asOf = staleMoment(fault?.kind, fault?.params['ms'], now)
    const call: Call = { ...exchange, tenant, now, fault, on, reader: tenant.tables[api.name].reader(asOf) }
    return route.run(call)
  } catch (error) {
    if (error instanceof Refusal) return api.error(error.status, error.message)
    throw error
  }
}

function after(tenant: Tenant | undefined, answer: Answer, fault: Fired | null): Outcome {
  if (fault?.kind === 'slow') return { ...plain(answer), afterMs: Number(fault.params['ms'] ?? 5000) }
  if (fault?.kind === 'resetAfter') return { kind: 'cut' }
  if (fault?.kind === 'truncate') {
    const size = Buffer.byteLength(answer.body)
    return { ...plain(answer), bytes: Math.min(size, Number(fault.params['bytes'] ?? Math.floor(size / 2))) }
  }
  if (fault?.kind === 'pageShift' && tenant && answer.listed) shiftPages(answer, fault)
  return plain(answer)
}

/** Some rows of the list get a new `modified_date`, so that the next page is another one. */
function shiftPages(answer: Answer, fault: Fired): void {
  const table = answer.listed
  if (!table || !table.shape.orders.includes('modified')) return
  for (let i = 0; i < Number(fault.params['rows'] ?? 1); i += 1) {
    const order = table.shape.orders.includes('id') ? 'id' : 'natural'
    const [row] = table.select({ order, skip: Math.floor(fault.draw() * table.size), take: 1 }).rows
    if (row) table.touch(row)
  }
}

function plain(answer: Answer): Outcome & { kind: 'answer' } {
  return { kind: 'answer', answer, afterMs: 0 }
}
