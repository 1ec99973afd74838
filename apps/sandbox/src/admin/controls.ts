import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import { parseMoment } from '../model/time.ts'
import { FLAGS } from '../tenant/capabilities.ts'
import { isSystemName, SYSTEMS, type SystemName } from '../tenant/clock.ts'
import { FAULT_KINDS, type FaultRule } from '../tenant/faults.ts'
import type { DeliverySettings } from '../tenant/settings.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { badRequest } from './admin-error.ts'

function optionalNumber(value: Json, name: string, least: number): number | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'number' && Number.isFinite(value) && value >= least
    ? value
    : badRequest(`${name} must be a number from ${least}`)
}

function systemOf(value: Json): SystemName {
  return isSystemName(value) ? value : badRequest(`system must be one of ${SYSTEMS.join(', ')}`)
}

/** `PUT /faults` */
export function putFaults(tenant: Tenant, body: JsonObject): object {
  const seed = optionalNumber(body['seed'], 'seed', Number.NEGATIVE_INFINITY) ?? 1
  const rules = body['rules'] ?? []
  if (!Array.isArray(rules)) badRequest('rules must be an array')
  tenant.faults.replace(seed, (rules as readonly Json[]).map(ruleOf))
  tenant.outbox.release()
  return {}
}

function ruleOf(rule: Json): FaultRule {
  if (!isObject(rule)) return badRequest('a rule must be an object')
  const { route, kind, params } = rule
  if (typeof route !== 'string') return badRequest('route must be text')
  if (typeof kind !== 'string' || !FAULT_KINDS.includes(kind)) return badRequest(`kind ${asText(kind)} is unknown`)
  if (params !== undefined && params !== null && !isObject(params)) return badRequest('params must be an object')
  const probability = optionalNumber(rule['probability'], 'probability', 0) ?? 1
  if (probability > 1) badRequest('probability must be at most 1')
  return {
    system: systemOf(rule['system']),
    route,
    kind,
    probability,
    times: optionalNumber(rule['times'], 'times', 0),
    after: optionalNumber(rule['after'], 'after', 0) ?? 0,
    params: params ?? {},
  }
}

/** `PUT /clock`; answers when everything that fell due has happened */
export async function putClock(tenant: Tenant, body: JsonObject): Promise<object> {
  const { freezeAt, advanceMs, skewMs } = body
  if ([freezeAt, advanceMs, skewMs].filter((value) => value !== undefined).length > 1)
    badRequest('one of freezeAt, advanceMs, skewMs')
  if (freezeAt !== undefined) {
    const at = typeof freezeAt === 'string' ? parseMoment(freezeAt, true) : null
    tenant.clock.freeze(at ?? badRequest('freezeAt must be a time'))
  } else if (advanceMs !== undefined) {
    tenant.clock.advance(optionalNumber(advanceMs, 'advanceMs', 0) ?? badRequest('advanceMs must be a number'))
  } else if (skewMs !== undefined) {
    if (!isObject(skewMs)) badRequest('skewMs must be an object')
    const pairs = Object.entries(skewMs).map(([system, ms]) => [systemOf(system), numberOf(ms)])
    tenant.clock.skew(Object.fromEntries(pairs) as Partial<Record<SystemName, number>>)
  } else tenant.clock.reset()
  await tenant.outbox.catchUp(() => tenant.ticker.settle())
  return tenant.clock.describe()
}

function numberOf(value: Json): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : badRequest('skewMs must be numbers')
}

/** `PUT /limits` */
export function putLimits(tenant: Tenant, body: JsonObject): object {
  const retryAfter = body['retryAfter'] ?? true
  if (typeof retryAfter !== 'boolean') badRequest('retryAfter must be true or false')
  tenant.limits.replace(systemOf(body['system']), {
    latencyMs: optionalNumber(body['latencyMs'], 'latencyMs', 0),
    perSecond: optionalNumber(body['perSecond'], 'perSecond', 0),
    perMinute: optionalNumber(body['perMinute'], 'perMinute', 0),
    perDay: optionalNumber(body['perDay'], 'perDay', 0),
    retryAfter: retryAfter,
  })
  return {}
}

/** `PUT /capabilities` */
export function putCapabilities(tenant: Tenant, body: JsonObject): object {
  const switched: Record<string, Record<string, boolean>> = {}
  for (const [system, flags] of Object.entries(body)) {
    if (!isObject(flags)) badRequest(`${system} must be an object of flags`)
    const known = FLAGS[systemOf(system)]
    for (const [flag, on] of Object.entries(flags)) {
      if (!known.includes(flag) || typeof on !== 'boolean') badRequest(`${system}.${flag} is no flag`)
    }
    switched[system] = flags as Record<string, boolean>
  }
  tenant.capabilities.replace(switched)
  return {}
}

/** `PUT /delivery`: given keys replace, null removes */
export function putDelivery(tenant: Tenant, body: JsonObject): object {
  const next: Record<string, unknown> = { ...tenant.delivery.value }
  for (const name of ['crmWebhook', 'systemWebhook']) {
    if (body[name] !== undefined) next[name] = targetOf(body[name], name, true)
  }
  if (body['accountingCallback'] !== undefined)
    next['accountingCallback'] = targetOf(body['accountingCallback'], 'accountingCallback', false)
  if (body['applyDelayMs'] !== undefined)
    next['applyDelayMs'] = optionalNumber(body['applyDelayMs'], 'applyDelayMs', 0) ?? 50
  tenant.delivery.set(next as unknown as DeliverySettings)
  return {}
}

function targetOf(value: Json, name: string, withSecret: boolean): object | undefined {
  if (value === null) return undefined
  if (!isObject(value) || typeof value['url'] !== 'string' || !isWebUrl(value['url']))
    return badRequest(`${name}.url must be a URL`)
  if (!withSecret) return { url: value['url'] }
  if (typeof value['secret'] !== 'string') return badRequest(`${name}.secret is needed`)
  return { url: value['url'], secret: value['secret'] }
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}
