import type { Chance } from '@amis-sync/testkit/simulation'
import type { Action } from './plan-types.ts'
import { invoiceRequestRow, orderRow } from './record-kinds.ts'
import type { AnyRow } from './systems.ts'

const act = (command: AnyRow): Action => ({ do: 'act', command })

/** What an accountant may do to a recorded order, in any order. */
function vouchers(chance: Chance, key: string): Action[] {
  const accounting = (action: string, more: AnyRow = {}) => act({ system: 'accounting', action, key, ...more })
  const all: readonly (() => Action)[] = [
    () => accounting('deliver', { via: 'sales', lines: [{ sort_order: 1, quantity: chance.between(1, 3) }] }),
    () => accounting('deliver', { via: chance.pick(['sales', 'stock']) }),
    () => accounting('receive', { amount: chance.between(1, 9) * 1_000 }),
    () => accounting('receive', { amount: 250_000 }),
    () => accounting('invoice', { is_draft: chance.maybe(0.2) }),
    () => accounting('undoVouchers'),
  ]
  return Array.from({ length: chance.below(5) }, () => chance.pick(all)())
}

/** A salesperson asks for an order's revenue, perhaps edits it meanwhile; the accountant decides, and goes on from there. */
export function orderLife(chance: Chance, key: string): Action[] {
  const request = act({ system: 'crm', action: 'requestRevenue', key })
  const edit = act({ system: 'crm', action: 'update', entity: 'SaleOrders', key, changes: orderRow(chance, key) })
  const refuse = act({ system: 'accounting', action: 'refuseRevenue', key, reason: 'Thiếu hợp đồng' })
  const record = act({ system: 'accounting', action: 'recordRevenue', key })
  const withdraw = act({ system: 'crm', action: 'withdrawRevenue', key })
  const life = [act({ system: 'crm', action: 'create', entity: 'SaleOrders', record: orderRow(chance, key) }), request]
  if (chance.maybe(0.4)) life.push(edit)
  if (chance.maybe(0.3)) life.push(...(chance.maybe(0.5) ? [refuse, edit, request] : [withdraw, request]))
  if (chance.maybe(0.7)) life.push(record)
  life.push(...vouchers(chance, key))
  if (chance.maybe(0.2)) life.push(refuse)
  return life
}

/** An invoice request, from its making to the accountant's answer. */
export function requestLife(chance: Chance, key: string, order: string): Action[] {
  const answer = chance.pick([
    { action: 'approveInvoiceRequest' },
    { action: 'refuseInvoiceRequest', reason: 'Sai mã số thuế' },
  ])
  const record = invoiceRequestRow(chance, key, order)
  return [
    act({ system: 'crm', action: 'create', entity: 'InvoiceRequests', record }),
    act({ system: 'crm', action: 'sendInvoiceRequest', key }),
    act({ system: 'accounting', key, ...answer }),
  ]
}

/** One list, in which each life keeps its order. */
export function interleaved(chance: Chance, lives: readonly (readonly Action[])[]): Action[] {
  const left = lives.map((life) => [...life]).filter((life) => life.length > 0)
  const result: Action[] = []
  while (left.length > 0) {
    const life = chance.pick(left)
    result.push(life.shift()!)
    if (life.length === 0) left.splice(left.indexOf(life), 1)
  }
  return result
}
