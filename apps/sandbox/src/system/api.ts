import { bearerOf } from '../server/headers.ts'
import { isObject } from '../model/json.ts'
import { Refusal, type Answer, type Call, type Exchange, type Route, type SystemApi } from '../server/exchange.ts'
import type { Registry } from '../tenant/registry.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { TOKEN_LIFE } from '../tenant/tokens.ts'
import { listItems, readItem } from './read.ts'

const BASE = '/api/v1/'
const ENTITIES: Readonly<Record<string, string>> = { 'organization-units': 'OrganizationUnits', employees: 'Employees' }

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

function problem(status: number, detail: string): Answer {
  const body = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail }
  return { status, type: 'application/problem+json; charset=utf-8', body: JSON.stringify(body) }
}

function issueToken(call: Call): Answer {
  const { token } = call.tenant.tokens.issue('system', call.now)
  const body = { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE.system / 1000 }
  return { status: 200, body: JSON.stringify(body) }
}

function partsOf(path: string): { entity: string; id: string } | undefined {
  const [collection = '', id, ...rest] = path.slice(BASE.length).split('/')
  const entity = Object.hasOwn(ENTITIES, collection) ? ENTITIES[collection] : undefined
  return entity && rest.length === 0 && id !== '' ? { entity, id: id ?? '' } : undefined
}

function route({ method, path }: Exchange): Route | undefined {
  if (path === `${BASE}token`) return method === 'POST' ? { open: true, run: issueToken } : undefined
  const parts = partsOf(path)
  if (!parts || method !== 'GET') return undefined
  return { run: (call) => (parts.id === '' ? listItems(call, parts.entity) : readItem(call, parts.entity, parts.id)) }
}

function routeKey({ method, path }: Exchange): string {
  const parts = partsOf(path)
  if (!parts || parts.id === '') return `${method} ${path}`
  return `${method} ${path.slice(0, -parts.id.length)}{id}`
}

function attribute(exchange: Exchange, registry: Registry): Tenant | undefined {
  if (exchange.path !== `${BASE}token`) return registry.byToken('system', bearerOf(exchange))
  return isObject(exchange.body) ? registry.bySystemClient(exchange.body['client_id']) : undefined
}

function authenticate(
  exchange: Exchange,
  tenant: Tenant | undefined,
  _registry: Registry,
  open: boolean,
): Answer | null {
  if (open) {
    const { body, tooLarge } = exchange
    if (tooLarge) return problem(413, 'the body is over 10 MB')
    if (!isObject(body) || typeof body['client_id'] !== 'string' || typeof body['client_secret'] !== 'string') {
      throw new Refusal(400, 'client_id and client_secret are needed')
    }
    return tenant?.credentials.system.client_secret === body['client_secret']
      ? null
      : problem(401, 'wrong client_id or client_secret')
  }
  const good = tenant?.tokens.state('system', bearerOf(exchange), tenant.clock.at('system')) === 'good'
  return good ? null : problem(401, 'token missing, unknown or expired')
}

/** AMIS System (§3). */
export const SYSTEM_API: SystemApi = {
  name: 'system',
  owns: (path) => path.startsWith(BASE),
  routeKey,
  route,
  attribute,
  rowsIn: () => 0,
  tokenOf: bearerOf,
  authenticate,
  error: problem,
  faultStatus: (status) => problem(status, 'fault status'),
  faultAnswer: (kind) => (kind === 'errorBody' ? problem(500, 'fault errorBody') : problem(401, `fault ${kind}`)),
}
