import { isObject, type JsonObject } from '../model/json.ts'
import type { Answer, Call, Exchange, Route, SystemApi } from '../server/exchange.ts'
import { headerOf } from '../server/headers.ts'
import type { Registry } from '../tenant/registry.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { connect } from './connect.ts'
import { ActFailure, failure } from './envelope.ts'
import {
  companyInfo,
  errorList,
  listBalances,
  listDebts,
  listDeletedDictionary,
  listDictionary,
  listNothing,
} from './read.ts'
import { requestData, voucherState } from './state-calls.ts'
import { remove, save, saveDictionary } from './write.ts'

const CONNECT = '/api/oauth/actopen/connect'
const BASE = '/apir/sync/actopen/'

/** Body of a data call, checked to be an object. */
function withBody(run: (call: Call, body: JsonObject) => Answer): (call: Call) => Answer {
  return (call) => {
    try {
      if (!isObject(call.body)) throw new ActFailure('InvalidParam', 'body')
      return run(call, call.body)
    } catch (error) {
      if (error instanceof ActFailure) return failure(error.code, error.message)
      throw error
    }
  }
}

const FUNCTIONS: Readonly<Record<string, Route>> = {
  'POST get_dictionary': { run: withBody(listDictionary) },
  'POST get_dictionary_delete': { run: withBody(listDeletedDictionary) },
  'POST get_list_acc_obj_debt': { run: withBody(listDebts) },
  'POST get_list_acc_obj_debt_delete': { run: withBody(listNothing) },
  'POST get_list_inventory_balance': { run: withBody(listBalances) },
  'POST get_list_inventory_balance_delete': { run: withBody(listNothing) },
  'POST get_company_info': { run: withBody(companyInfo) },
  'POST get_call_back_detail_error': { run: withBody(errorList) },
  'POST get_voucher_state': { flag: 'voucherState', run: withBody(voucherState) },
  'POST request_data': { run: withBody(requestData) },
  'POST save_dictionary': { run: withBody(saveDictionary) },
  'POST save': { run: withBody(save) },
  'DELETE delete': { run: withBody(remove) },
}

function tokenOf(exchange: Exchange): string {
  return headerOf(exchange, 'x-misa-accesstoken')
}

function attribute(exchange: Exchange, registry: Registry): Tenant | undefined {
  if (isObject(exchange.body)) {
    const byBody = registry.byApp(exchange.body['app_id'], exchange.body['org_company_code'])
    if (byBody) return byBody
    if (typeof exchange.body['app_id'] === 'string' && typeof exchange.body['org_company_code'] === 'string')
      return undefined
  }
  return registry.byToken('accounting', tokenOf(exchange))
}

function authenticate(
  exchange: Exchange,
  tenant: Tenant | undefined,
  registry: Registry,
  open: boolean,
): Answer | null {
  const body = isObject(exchange.body) ? exchange.body : {}
  const appId = body['app_id']
  const companyCode = body['org_company_code']
  if (open) return connectRefusal(exchange, tenant, registry)
  if (exchange.tooLarge && !tenant)
    return { status: 413, type: 'text/plain; charset=utf-8', body: 'request body too large' }
  if (typeof appId === 'string' && !registry.knowsApp(appId)) return failure('InvalidAppID', appId)
  const token = tokenOf(exchange)
  const owner = registry.byToken('accounting', token)
  if (!tenant && typeof appId === 'string' && typeof companyCode === 'string')
    return failure('InvalidParam', 'org_company_code')
  if (!owner || !tenant) return failure('InvalidToken')
  if (owner.tokens.state('accounting', token, owner.clock.at('accounting')) === 'expired')
    return failure('ExpiredToken')
  if (typeof appId === 'string' && appId !== owner.credentials.accounting.app_id) return failure('InvalidAppID', appId)
  const state = connectionRefusal(tenant)
  if (state) return state
  if (exchange.tooLarge) return null
  if (exchange.malformed || typeof appId !== 'string' || typeof companyCode !== 'string') {
    return failure('InvalidParam', exchange.malformed ? 'body' : 'app_id, org_company_code')
  }
  return owner === tenant ? null : failure('InvalidParam', 'org_company_code')
}

function connectRefusal(exchange: Exchange, tenant: Tenant | undefined, registry: Registry): Answer | null {
  if (exchange.tooLarge) return { status: 413, type: 'text/plain; charset=utf-8', body: 'request body too large' }
  const body = isObject(exchange.body) ? exchange.body : {}
  if (['app_id', 'access_code', 'org_company_code'].some((name) => typeof body[name] !== 'string')) {
    return failure('InvalidParam', 'app_id, access_code, org_company_code')
  }
  if (!registry.knowsApp(body['app_id'])) return failure('InvalidAppID')
  if (!tenant) return failure('InvalidParam', 'org_company_code')
  if (tenant.credentials.accounting.access_code !== body['access_code']) return failure('InvalidAccessToken')
  return connectionRefusal(tenant)
}

function connectionRefusal(tenant: Tenant): Answer | null {
  if (tenant.connection.value === 'no_database') return failure('DBAmisNotConnectDBACT')
  return tenant.connection.value === 'disconnected' ? failure('AppIDDisconnect') : null
}

function rowsIn({ body }: Exchange): number {
  if (!isObject(body)) return 0
  const length = (name: string): number => (Array.isArray(body[name]) ? (body[name] as unknown[]).length : 0)
  return length('voucher') + length('dictionary') || length('list_org_refid')
}

/** AMIS Accounting (§2). */
export const ACCOUNTING_API: SystemApi = {
  name: 'accounting',
  owns: (path) => path === CONNECT || path.startsWith(BASE) || path.startsWith('/api/oauth/actopen/'),
  routeKey: (exchange) => `${exchange.method} ${exchange.path}`,
  route: ({ method, path }) => {
    if (path === CONNECT) return method === 'POST' ? { open: true, run: connect } : undefined
    const name = `${method} ${path.slice(BASE.length)}`
    return path.startsWith(BASE) && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  },
  attribute,
  rowsIn,
  tokenOf,
  authenticate,
  error: (status, message) =>
    status === 404
      ? failure('Exception', message, 404)
      : status === 401
        ? failure('InvalidToken')
        : { status, type: 'text/plain; charset=utf-8', body: message },
  faultStatus: (status) => ({ status, type: 'text/plain; charset=utf-8', body: 'fault status' }),
  faultAnswer: (kind, code) => {
    if (kind === 'errorBody') return failure(typeof code === 'string' ? code : 'Exception')
    return failure('ExpiredToken')
  },
}
