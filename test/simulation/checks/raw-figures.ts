import type { AnyRow } from '../systems.ts'
import { type Facts, explanations, liveRow, nameOf } from './facts.ts'

/** Columns that must show the very same number or text, as the two systems' screens do. Written apart from the product's own mapping. */
const pairs: Readonly<Record<string, readonly (readonly [crm: string, accounting: string])[]>> = {
  customer: [
    ['account_name', 'account_object_name'],
    ['debt_limit', 'maximize_debt_amount'],
    ['number_of_days_owed', 'due_time'],
  ],
  product: [
    ['product_name', 'inventory_item_name'],
    ['unit_price', 'sale_price1'],
    ['unit_cost', 'unit_price'],
  ],
}

const shown = (row: AnyRow, column: string): unknown => {
  const value = row[column] ?? null
  return typeof value === 'string' ? value.normalize('NFC').trim() : value
}

/** Names and figures of linked customers and products are the same on both screens. */
export function unequalFigures(facts: Facts): string[] {
  return Object.entries(pairs).flatMap(([entity, columns]) =>
    facts.links.get(entity)!.flatMap((link) => {
      const { crm, accounting } = link.sides
      if (!link.linked || !crm || !accounting || explanations(facts, link).length > 0) return []
      if (crm.resource !== 'Customers' && crm.resource !== 'Products') return []
      const a = liveRow(facts, 'crm', crm.resource, crm.id)
      const b = liveRow(facts, 'accounting', accounting.resource, accounting.id)
      if (!a || !b) return []
      return columns
        .filter(([x, y]) => shown(a, x) !== shown(b, y))
        .map(([x, y]) => `${nameOf(link)}: ${x} ${String(a[x])}, ${y} ${String(b[y])}`)
    }),
  )
}
