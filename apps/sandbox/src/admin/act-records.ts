import { dictionaryOf } from '../accounting/dictionaries.ts'
import { newGuid } from '../model/guid.ts'
import { sendHints } from '../accounting/callbacks.ts'
import { crmChanged } from '../crm/events.ts'
import { ALL_ON } from '../model/emitters.ts'
import { faultMessage, type Fault } from '../model/fault.ts'
import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey, isGuid } from '../model/text.ts'
import { wholeSecond } from '../model/time.ts'
import { deleteRow, writeRow, type Author } from '../model/write-row.ts'
import { systemChanged } from '../system/events.ts'
import type { SystemName } from '../tenant/clock.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { AdminError, badRequest } from './admin-error.ts'
import { isPair, resourceOf, shownRow } from './state.ts'

function authorOf(tenant: Tenant, system: SystemName): Author {
  const now = tenant.clock.at(system)
  return {
    world: tenant.tables[system].world(ALL_ON),
    person: true,
    now: system === 'accounting' ? wholeSecond(now) : now,
    counters: tenant.counters,
  }
}

/** Refuses for the first of some reasons, in the words of §5.3. */
function refuse(faults: readonly Fault[]): never {
  const [first] = faults
  throw new AdminError(first?.code ?? 'invalid', faultMessage(first?.code ?? 'invalid', first?.field ?? ''))
}

/** The entity of a command; documents and pairs have actions of their own. */
function entityOf(tenant: Tenant, system: SystemName, command: JsonObject): Resource {
  const resource = resourceOf(tenant, system, command['entity'])
  if (isPair(resource.name) || resource.name === 'Vouchers')
    throw new AdminError('unknown_entity', `${resource.name} cannot be edited`)
  return resource
}

/** The live row whose code, number or id is `key`. */
export function rowOf(tenant: Tenant, system: SystemName, resource: Resource, key: Json): Row {
  const table = tenant.tables[system].table(resource.name)
  if (typeof key !== 'string' && typeof key !== 'number') throw new AdminError('required', 'key is needed')
  const byCode = table.find(codeKey(String(key)))
  const id = resource.ids === 'guid' ? String(key).toLowerCase() : Number(key)
  const byId = typeof id === 'number' && !Number.isSafeInteger(id) ? undefined : table.get(id)
  const row = typeof key === 'number' ? (byId ?? byCode) : (byCode ?? byId)
  if (row && row.deleted_at === undefined) return row
  if (row || table.hadOnce(codeKey(String(key)))) throw new AdminError('deleted', `${resource.name} ${key} is deleted`)
  throw new AdminError('not_found', `no ${resource.name} ${key}`)
}

function announce(
  tenant: Tenant,
  system: SystemName,
  resource: Resource,
  row: Row,
  change: 'created' | 'updated' | 'deleted',
): void {
  if (system === 'crm') crmChanged(tenant, resource, row, change)
  if (system === 'system') systemChanged(tenant, resource, row, change)
  const dictionary = system === 'accounting' ? dictionaryOf(resource.name) : undefined
  if (dictionary) sendHints(tenant, [{ dictionary, row, code: asText(row[resource.key ?? '']), change }])
}

/** `create` */
export function createRecord(tenant: Tenant, system: SystemName, command: JsonObject): object {
  const resource = entityOf(tenant, system, command)
  const record = command['record']
  if (!isObject(record)) return badRequest('record must be an object')
  const written = writeRow(
    tenant.tables[system],
    resource,
    null,
    record,
    authorOf(tenant, system),
    idOf(tenant, system, resource, record),
  )
  if (written.faults) return refuse(written.faults)
  announce(tenant, system, resource, written.row, 'created')
  return shownRow(tenant, system, resource, written.row)
}

/** Guid of a new row: given, or made. */
function idOf(tenant: Tenant, system: SystemName, resource: Resource, record: JsonObject): string | undefined {
  if (resource.ids !== 'guid') return undefined
  const given = record[dictionaryOf(resource.name)?.id ?? 'id'] ?? (system === 'system' ? record['id'] : undefined)
  if (given === undefined || given === null) return newGuid()
  if (!isGuid(given)) throw new AdminError('invalid', `${asText(given)} is no guid`)
  const id = given.toLowerCase()
  const holder = tenant.tables[system].table(resource.name).get(id)
  if (holder && holder.deleted_at === undefined) throw new AdminError('duplicate', `${id} is taken`)
  return id
}

/** `update` */
export function updateRecord(tenant: Tenant, system: SystemName, command: JsonObject): object {
  const resource = entityOf(tenant, system, command)
  const changes = command['changes'] ?? {}
  if (!isObject(changes)) return badRequest('changes must be an object')
  const removed = command['removeLines'] ?? undefined
  if (removed !== undefined && (!Array.isArray(removed) || !removed.every((id) => typeof id === 'number')))
    badRequest('removeLines must be line ids')
  const before = rowOf(tenant, system, resource, command['key'])
  return shownRow(tenant, system, resource, change(tenant, system, resource, before, changes, removed))
}

/** Changes a row as a person and announces it, unless nothing is different. */
export function change(
  tenant: Tenant,
  system: SystemName,
  resource: Resource,
  before: Row,
  changes: JsonObject,
  removeLines?: readonly number[],
): Row {
  const author = { ...authorOf(tenant, system), removeLines }
  const written = writeRow(tenant.tables[system], resource, before, changes, author)
  if (written.faults) return refuse(written.faults)
  if (written.change === 'updated') announce(tenant, system, resource, written.row, 'updated')
  return written.row
}

/** `delete` */
export function deleteRecord(tenant: Tenant, system: SystemName, command: JsonObject): object {
  const resource = entityOf(tenant, system, command)
  const row = rowOf(tenant, system, resource, command['key'])
  const deleted = deleteRow(tenant.tables[system], resource, row, tenant.tables[system].world(ALL_ON))
  if (deleted === 'in_use') throw new AdminError('in_use', `${resource.name} ${asText(command['key'])} is in use`)
  announce(tenant, system, resource, deleted, 'deleted')
  return shownRow(tenant, system, resource, deleted)
}
