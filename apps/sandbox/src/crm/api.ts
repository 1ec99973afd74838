import { isObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import { Refusal, type Answer, type Call, type Exchange, type Route, type SystemApi } from '../server/exchange.ts'
import { bearerOf, headerOf } from '../server/headers.ts'
import { crmError, errorBody } from './answers.ts'
import { listDebts, listLedger, setDebts, setLedger } from './pair-calls.ts'
import { listDeleted, listResource, readByAsyncIds, readByCodes, readByIds } from './read.ts'
import { RESOURCE_FLAGS } from './resources.ts'
import { createRows, deleteRows, updateRows } from './write.ts'

const BASE = '/api/v2/'
const RESOURCES: readonly string[] = [
  'Customers',
  'Contacts',
  'CustomerGroups',
  'ProductCategories',
  'Products',
  'SaleOrders',
  'Quotes',
  'InvoiceRequests',
  'PricePolicies',
  'Stocks',
]
const PERMISSIONS: Readonly<Record<string, string>> = { Products: 'productWrite', Stocks: 'stockWrite' }

function onResource(name: string, run: (call: Call, resource: Resource) => Answer): Route {
  const flag = RESOURCE_FLAGS[name]
  return { ...(flag && { flag }), run: (call) => run(call, call.tenant.tables.crm.resource(name) as Resource) }
}

function routesOf(name: string): [string, Route][] {
  const permission = PERMISSIONS[name]
  const writing = (run: (call: Call, resource: Resource) => Answer): Route => ({
    ...onResource(name, run),
    ...(permission && { permission }),
  })
  return [
    [`GET ${name}`, onResource(name, listResource)],
    [`GET ${name}/id`, onResource(name, readByIds)],
    [
      `GET ${name}/code`,
      onResource(name, (call, resource) => readByCodes(call, resource, name === 'Stocks' ? 'stockCode' : 'code')),
    ],
    [`POST ${name}`, writing(createRows)],
    [`PUT ${name}`, writing(updateRows)],
    [`DELETE ${name}`, writing(deleteRows)],
  ]
}

const ROUTES = new Map<string, Route>([
  ...RESOURCES.flatMap(routesOf),
  ['GET Stocks/asyncid', onResource('Stocks', readByAsyncIds)],
  ['GET Stocks/product_ledger', { run: listLedger }],
  ['POST Stocks/product_ledger', { permission: 'stockWrite', run: setLedger }],
  ['GET CustomerDebts', { flag: 'customerDebts', run: listDebts }],
  ['POST CustomerDebts', { flag: 'customerDebts', run: setDebts }],
  ['GET deleted', { flag: 'deletedFeed', run: listDeleted }],
  ['POST Account', { open: true, run: issueToken }],
])

function issueToken(call: Call): Answer {
  const token = call.tenant.tokens.issue('crm', call.now).token
  return { status: 200, body: JSON.stringify({ success: true, code: 200, data: token }) }
}

/** AMIS CRM (§1). */
export const CRM_API: SystemApi = {
  name: 'crm',
  owns: (path) => path.startsWith(BASE),
  routeKey: (exchange) => `${exchange.method} ${exchange.path}`,
  route: (exchange) => ROUTES.get(`${exchange.method} ${exchange.path.slice(BASE.length)}`),
  attribute: (exchange, registry) => {
    if (exchange.path !== `${BASE}Account`) return registry.byCrmClient(headerOf(exchange, 'clientid'))
    return isObject(exchange.body) ? registry.byCrmClient(exchange.body['client_id']) : undefined
  },
  rowsIn: (exchange) => (Array.isArray(exchange.body) ? exchange.body.length : 0),
  tokenOf: bearerOf,
  authenticate: (exchange, tenant, _registry, open) => {
    if (open) return authenticateClient(exchange, tenant?.credentials.crm.client_secret)
    if (tenant?.tokens.state('crm', bearerOf(exchange), tenant.clock.at('crm')) === 'good') return null
    return crmError(401, 'token missing, unknown or expired')
  },
  error: crmError,
  faultStatus: (status) => crmError(status, 'fault status'),
  faultAnswer: (kind, code) => {
    if (kind === 'expireToken') return crmError(401, 'token expired')
    const value = kind === 'code401' ? 401 : typeof code === 'number' ? code : 500
    return { status: 200, body: errorBody(value, `fault ${kind}`) }
  },
}

function authenticateClient(exchange: Exchange, secret: string | undefined): Answer | null {
  const { body } = exchange
  if (exchange.tooLarge) return null
  if (!isObject(body) || typeof body['client_id'] !== 'string' || typeof body['client_secret'] !== 'string') {
    throw new Refusal(400, 'client_id and client_secret are needed')
  }
  return secret !== undefined && body['client_secret'] === secret
    ? null
    : crmError(401, 'wrong client_id or client_secret')
}
