import { voucherRow } from '../accounting/voucher-row.ts'
import { asVoucher } from '../accounting/voucher.ts'
import { PAIRS } from '../crm/resources.ts'
import { ALL_ON, emitterOf } from '../model/emitters.ts'
import { parsed } from '../model/emit.ts'
import { asText, type JsonObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey } from '../model/text.ts'
import { actTime, isoTime } from '../model/time.ts'
import { isSystemName, SYSTEMS, type SystemName } from '../tenant/clock.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { AdminError, badRequest } from './admin-error.ts'

/** A row exactly as the API gives it with all capabilities on, plus `deleted` on deleted ones (§5.3). */
export function shownRow(tenant: Tenant, system: SystemName, resource: Resource, row: Row): JsonObject {
  const tables = tenant.tables[system]
  if (resource.name === 'Vouchers')
    return voucherRow(asVoucher(row), tables.reader(), tenant.queue.holds(String(row.id)))
  const emit = emitterOf(resource, '', ALL_ON, system === 'accounting' ? actTime : isoTime)
  const shown = parsed(emit(row, tables.reader()))
  return row.deleted_at === undefined ? shown : { ...shown, deleted: true }
}

/** `GET /state` */
export function stateOf(tenant: Tenant, query: URLSearchParams): object {
  const system = query.get('system')
  if (!isSystemName(system)) return badRequest('system must be crm, accounting or system')
  const entity = query.get('entity')
  const tables = tenant.tables[system]
  if (entity === null) {
    const all = tables.names().map((name) => [name, items(tenant, system, name, tables.table(name).rows)])
    return { state: Object.fromEntries(all) as object }
  }
  const resource = resourceOf(tenant, system, entity)
  const key = query.get('key')
  const rows = key === null ? tables.table(entity).rows : matching(tenant, system, resource, key)
  const skip = wholeOf(query, 'skip', 0)
  const take = wholeOf(query, 'take', Number.MAX_SAFE_INTEGER)
  return { items: items(tenant, system, entity, rows.slice(skip, skip + take)) }
}

/** `GET /counts`, and what `POST /seed` answers with live rows only */
export function countsOf(tenant: Tenant): Record<string, Record<string, { live: number; deleted: number }>> {
  return Object.fromEntries(
    SYSTEMS.map((system) => {
      const tables = tenant.tables[system]
      const counts = tables
        .names()
        .map((name) => [name, { live: tables.table(name).size, deleted: tables.table(name).deletedSize }])
      return [system, Object.fromEntries(counts)]
    }),
  ) as Record<string, Record<string, { live: number; deleted: number }>>
}

/** The entity of that name, or `unknown_entity`. */
export function resourceOf(tenant: Tenant, system: SystemName, entity: unknown): Resource {
  const resource = typeof entity === 'string' ? tenant.tables[system].resource(entity) : undefined
  if (!resource) throw new AdminError('unknown_entity', `${system} has no entity ${String(entity)}`)
  return resource
}

/** Every row, live or deleted, whose code, number or id is `key`. */
function matching(tenant: Tenant, system: SystemName, resource: Resource, key: string): Row[] {
  const wanted = codeKey(key)
  const tables = tenant.tables[system]
  const reader = tables.reader()
  const code = (table: string, id: unknown, column: string): string =>
    id === undefined ? '' : codeKey(asText(reader.row(table, id as string)?.[column] ?? ''))
  const test = (row: Row): boolean => {
    switch (resource.name) {
      case 'Vouchers':
        return codeKey(asVoucher(row).org_refno) === wanted || row.id === wanted
      case 'Debts':
        return code('AccountObjects', row['object_ref'], 'account_object_code') === wanted
      case 'Balances':
        return code('InventoryItems', row['item_ref'], 'inventory_item_code') === wanted
      case 'ProductLedger':
        return code('Products', row['product_code_ref'], 'product_code') === wanted
      case 'CustomerDebts':
        return (
          code('Customers', row['account_number_ref'], 'account_number') === wanted ||
          code('Contacts', row['contact_code_ref'], 'contact_code') === wanted
        )
      default:
        return codeKey(asText(row[resource.key ?? ''])) === wanted || String(row.id) === wanted
    }
  }
  const table = tables.table(resource.name)
  if (!resource.key) return table.rows.filter(test)
  const id = resource.ids === 'guid' ? wanted : Number(wanted)
  const found = [
    table.find(wanted),
    table.get(id),
    ...table.selectDeleted(null, 0, Number.MAX_SAFE_INTEGER).rows.filter(test),
  ]
  return [...new Set(found.filter((row) => row !== undefined))].toSorted((a, b) => a.seq - b.seq)
}

function items(tenant: Tenant, system: SystemName, entity: string, rows: readonly Row[]): JsonObject[] {
  const resource = resourceOf(tenant, system, entity)
  return rows.map((row) => shownRow(tenant, system, resource, row))
}

function wholeOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name)
  if (text === null) return fallback
  return /^\d{1,15}$/.test(text) ? Number(text) : badRequest(`${name} must be a whole number`)
}

/** True for entities without rows of their own code. */
export function isPair(name: string): boolean {
  return PAIRS.includes(name) || name === 'Debts' || name === 'Balances'
}
