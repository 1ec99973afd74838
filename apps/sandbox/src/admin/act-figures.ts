import { ALL_ON } from '../model/emitters.ts'
import { faultMessage } from '../model/fault.ts'
import type { JsonObject } from '../model/json.ts'
import { readColumns } from '../model/read-columns.ts'
import type { Row } from '../model/row.ts'
import { wholeSecond } from '../model/time.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { Action } from './act.ts'
import { AdminError } from './admin-error.ts'
import { resourceOf, shownRow } from './state.ts'

/** Sets the figures of a pair; other figures of the pair stay. */
function setPair(tenant: Tenant, entity: string, input: JsonObject): object {
  const { accounting } = tenant.tables
  const resource = resourceOf(tenant, 'accounting', entity)
  const table = accounting.table(entity)
  const { given, faults } = readColumns(resource.columns, input, { world: accounting.world(ALL_ON), creating: true })
  const [first] = faults
  if (first) throw new AdminError(first.code, faultMessage(first.code, first.field))
  const now = wholeSecond(tenant.clock.at('accounting'))
  const before = table.find(table.shape.uniques[0]?.key(given as unknown as Row) ?? '')
  const stamps = { modified_date: now, modified_by: 'user' }
  const row = before
    ? table.replace(before, { ...before, ...given, ...stamps })
    : table.insert({ ...given, created_date: now, created_by: 'user', ...stamps })
  return shownRow(tenant, 'accounting', resource, row)
}

/** Stock on hand and what customers owe. */
export const accountingFigures: Readonly<Record<string, Action>> = {
  setBalance: (tenant, command) =>
    setPair(tenant, 'Balances', {
      inventory_item_code: command['inventory_item_code'],
      stock_code: command['stock_code'],
      quantity_balance: command['quantity'],
      amount_balance: command['amount'],
    }),
  setDebt: (tenant, command) =>
    setPair(tenant, 'Debts', {
      account_object_code: command['account_object_code'],
      organization_unit_code: command['organization_unit_code'],
      debt_amount: command['amount'],
      invoice_debt_amount: command['invoice_amount'],
    }),
}
