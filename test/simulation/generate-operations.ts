import type { Chance } from '@amis-sync/testkit/simulation'
import type { Action } from './plan-types.ts'
import { customer, kinds, order, request, text } from './record-kinds.ts'
import type { AnyRow } from './systems.ts'

const drawn = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind))

function onRecord(chance: Chance, mostlyNew: boolean): Action {
  const { system, entity, key, make, edit } = chance.pick(drawn)
  const name = key(chance)
  const dice = chance.next()
  if (dice < (mostlyNew ? 0.9 : 0.4))
    return { do: 'act', command: { system, action: 'create', entity, record: make(chance, name) } }
  if (dice < 0.92) return { do: 'act', command: { system, action: 'update', entity, key: name, changes: edit(chance) } }
  if (dice < 0.95)
    return {
      do: 'act',
      command: { system, action: 'update', entity, key: name, changes: { inactive: chance.maybe(0.7) } },
    }
  return { do: 'act', command: { system, action: 'delete', entity, key: name } }
}

/** The life of a document: who does what to it. */
const onDocuments: readonly ((chance: Chance) => AnyRow)[] = [
  (chance) => ({ system: 'crm', action: 'requestRevenue', key: order(chance) }),
  (chance) => ({ system: 'crm', action: 'requestRevenue', key: order(chance) }),
  (chance) => ({ system: 'crm', action: 'requestRevenue', key: order(chance) }),
  (chance) => ({ system: 'crm', action: 'withdrawRevenue', key: order(chance) }),
  (chance) => ({ system: 'accounting', action: 'recordRevenue', key: order(chance) }),
  (chance) => ({ system: 'accounting', action: 'refuseRevenue', key: order(chance), reason: text(chance) }),
  (chance) => ({ system: 'accounting', action: 'deliver', key: order(chance), via: chance.pick(['sales', 'stock']) }),
  (chance) => ({
    system: 'accounting',
    action: 'deliver',
    key: order(chance),
    via: 'sales',
    lines: [{ sort_order: 1, quantity: chance.between(1, 3) }],
  }),
  (chance) => ({ system: 'accounting', action: 'receive', key: order(chance), amount: chance.between(1, 9) * 1000 }),
  (chance) => ({ system: 'accounting', action: 'invoice', key: order(chance), is_draft: chance.maybe(0.2) }),
  (chance) => ({ system: 'accounting', action: 'undoVouchers', key: order(chance) }),
  (chance) => ({ system: 'crm', action: 'sendInvoiceRequest', key: request(chance) }),
  (chance) => ({ system: 'crm', action: 'sendInvoiceRequest', key: request(chance) }),
  (chance) => ({ system: 'accounting', action: 'approveInvoiceRequest', key: request(chance) }),
  (chance) => ({
    system: 'accounting',
    action: 'refuseInvoiceRequest',
    key: request(chance),
    reason: text(chance),
  }),
]

/** What an operator does. */
const onEngine: readonly ((chance: Chance) => Action)[] = [
  () => ({ do: 'pause' }),
  () => ({ do: 'resume' }),
  () => ({ do: 'resume' }),
  () => ({ do: 'poll' }),
  (chance) => ({ do: 'configure', conflict: chance.pick(['ask', 'crm', 'accounting', 'newest']) }),
  (chance) => ({ do: 'configure', salesAs: chance.pick(['order', 'contract']) }),
  (chance) => ({ do: 'request', entity: 'customer', keys: [customer(chance)] }),
  (chance) => ({ do: 'request', entity: 'sales-order', keys: [order(chance)] }),
]

/** In this order each finds what it names. */
const founded = [
  'CustomerGroups',
  'ProductCategories',
  'AccountObjectGroups',
  'InventoryItemCategories',
  'OrganizationUnits',
  'Employees',
  'Customers',
  'Products',
  'AccountObjects',
  'InventoryItems',
  'Contacts',
  'Quotes',
  'PricePolicies',
]

/** What companies have from the beginning, so that later operations find something to work on; Accounting often has less. */
export function foundations(chance: Chance): Action[] {
  const all = founded.map((entity) => kinds.find((kind) => kind.entity === entity)!)
  return all
    .flatMap((kind) => Array.from({ length: kind.weight > 1 ? 3 : 1 }, (_, index) => ({ kind, number: index + 1 })))
    .filter(({ kind }) => chance.maybe(kind.system === 'accounting' ? 0.3 : 0.9))
    .map(({ kind: { system, entity, key, make }, number }) => {
      const name = key(chance).replace(/\d+$/, String(number))
      return { do: 'act', command: { system, action: 'create', entity, record: make(chance, name) } }
    })
}

/** Something that a person does. `early`: before the first sync, when records are mostly entered. */
export function operation(chance: Chance, early: boolean): Action {
  const dice = chance.next()
  if (early || dice < 0.65) return onRecord(chance, early)
  if (dice < 0.93) return { do: 'act', command: chance.pick(onDocuments)(chance) }
  return chance.pick(onEngine)(chance)
}
