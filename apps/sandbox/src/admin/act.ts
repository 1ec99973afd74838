import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import { isSystemName } from '../tenant/clock.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { ACCOUNTING_ACTIONS } from './act-accounting.ts'
import { CRM_ACTIONS } from './act-crm.ts'
import { createRecord, deleteRecord, updateRecord } from './act-records.ts'
import { AdminError, badRequest } from './admin-error.ts'

/** One thing that a person can do; gives the record after it (§5.4). */
export type Action = (tenant: Tenant, command: JsonObject) => object

/** `POST /act`: one command, or an array of which each may fail alone. */
export function actAll(tenant: Tenant, body: Json): object {
  if (!Array.isArray(body)) return { record: act(tenant, body) }
  const results = (body as readonly Json[]).map((command) => {
    try {
      return { ok: true, record: act(tenant, command) }
    } catch (error) {
      if (error instanceof AdminError) return error.toBody()
      throw error
    }
  })
  return { results }
}

function act(tenant: Tenant, command: Json): object {
  if (!isObject(command)) badRequest('a command must be an object')
  const { system, action } = command
  if (!isSystemName(system)) return badRequest('system must be crm, accounting or system')
  if (action === 'create') return createRecord(tenant, system, command)
  if (action === 'update') return updateRecord(tenant, system, command)
  if (action === 'delete') return deleteRecord(tenant, system, command)
  const actions: Readonly<Record<string, Action>> =
    system === 'crm' ? CRM_ACTIONS : system === 'accounting' ? ACCOUNTING_ACTIONS : {}
  const run = typeof action === 'string' && Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw new AdminError('unknown_action', `${system} has no action ${asText(action)}`)
  return run(tenant, command)
}
