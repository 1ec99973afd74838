import { isObject, type JsonObject } from '../model/json.ts'
import type { Registry } from '../tenant/registry.ts'
import type { Credentials } from '../tenant/settings.ts'
import { AdminError, badRequest } from './admin-error.ts'

const PARTS = {
  crm: ['client_id', 'client_secret'],
  accounting: ['app_id', 'access_code', 'org_company_code'],
  system: ['client_id', 'client_secret'],
} as const

/** `POST /tenants` */
export function addTenant(registry: Registry, body: JsonObject): object {
  const name = body['tenant']
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,40}$/.test(name) || name === '-')
    badRequest('tenant must be [a-z0-9-]{1,40}')
  const entries = Object.entries(PARTS).map(([part, names]) => {
    const given = body[part]
    if (!isObject(given)) return badRequest(`${part} is needed`)
    return [
      part,
      Object.fromEntries(
        names.map((key) =>
          typeof given[key] === 'string' && given[key] !== ''
            ? [key, given[key]]
            : badRequest(`${part}.${key} is needed`),
        ),
      ),
    ]
  })
  const credentials = Object.fromEntries(entries) as unknown as Credentials
  if (registry.isTaken(name, credentials)) throw new AdminError('exists', `tenant ${name} or its credentials are taken`)
  registry.add(name, credentials)
  return {}
}
