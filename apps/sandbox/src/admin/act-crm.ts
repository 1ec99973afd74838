import { INVOICE_REQUESTS, SALE_ORDERS } from '../crm/documents.ts'
import { asText, type JsonObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { Action } from './act.ts'
import { change, rowOf } from './act-records.ts'
import { AdminError } from './admin-error.ts'
import { shownRow } from './state.ts'

/** What a person does to a document: which states allow it, and what it changes. */
interface Step {
  readonly resource: Resource
  readonly allowed: (row: Row, tenant: Tenant) => boolean
  readonly changes: JsonObject
}

const status = (row: Row, column: string): string => asText(row[column] ?? 'Bản nháp')

const STEPS: Readonly<Record<string, Step>> = {
  requestRevenue: {
    resource: SALE_ORDERS,
    allowed: (row) => ['Bản nháp', 'Từ chối ghi'].includes(status(row, 'revenue_status')),
    changes: {
      revenue_status: 'Đề nghị ghi',
      revenue_refusal_reason: null,
      revenue_withdraw_requested: false,
      revenue_withdraw_refusal: null,
    },
  },
  withdrawRevenue: {
    resource: SALE_ORDERS,
    allowed: (row, tenant) =>
      tenant.capabilities.of('crm')('revenueWithdrawal') &&
      status(row, 'revenue_status') === 'Đề nghị ghi' &&
      row['revenue_withdraw_requested'] !== true,
    changes: { revenue_withdraw_requested: true, revenue_withdraw_refusal: null },
  },
  sendInvoiceRequest: {
    resource: INVOICE_REQUESTS,
    allowed: (row) => ['Bản nháp', 'Từ chối'].includes(status(row, 'status')),
    changes: { status: 'Đã đề nghị', refusal_reason: null },
  },
}

/** The steps of §1.6.2 and §5.4 that only persons take. */
export const CRM_ACTIONS: Readonly<Record<string, Action>> = Object.fromEntries(
  Object.entries(STEPS).map(([name, step]): [string, Action] => [
    name,
    (tenant, command) => {
      const row = rowOf(tenant, 'crm', step.resource, command['key'])
      if (!step.allowed(row, tenant)) throw new AdminError('invalid_state', `${name} is not possible in this state`)
      return shownRow(tenant, 'crm', step.resource, change(tenant, 'crm', step.resource, row, step.changes))
    },
  ]),
)
