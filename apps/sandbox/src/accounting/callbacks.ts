import type { Row } from '../model/row.ts'
import { actTime } from '../model/time.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { Dictionary } from './dictionaries.ts'

/** A changed dictionary row. */
export interface Change {
  readonly dictionary: Dictionary
  readonly row: Row
  readonly code: string
  readonly change: 'created' | 'updated' | 'deleted'
}

const MAX_HINTS = 500

/** Sends a callback of ACT to the tenant's URL, or to the error list (§2.5). */
export function sendCallback(tenant: Tenant, dataType: number, data: unknown, success = true): void {
  const { app_id: appId, org_company_code: companyCode } = tenant.credentials.accounting
  const url = tenant.delivery.value.accountingCallback?.url ?? null
  tenant.outbox.callback(url, appId, companyCode, dataType, JSON.stringify(data), success)
}

/** Callbacks of type 23 about changed dictionary rows, at most 500 rows each. */
export function sendHints(tenant: Tenant, changes: readonly Change[]): void {
  const on = tenant.capabilities.of('accounting')
  if (!on('hints')) return
  const told = changes.filter(({ dictionary: { flag } }) => !flag || on(flag))
  for (let i = 0; i < told.length; i += MAX_HINTS) {
    const rows = told.slice(i, i + MAX_HINTS).map(({ dictionary, row, code, change }) => ({
      data_type: dictionary.read,
      id: row.id,
      code,
      change,
      modified_date: actTime(row.deleted_at ?? row.modified_date),
    }))
    sendCallback(tenant, 23, { dictionary: rows })
  }
}
