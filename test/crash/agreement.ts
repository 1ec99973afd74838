import type { Link, TenantStore } from '@amis-sync/core'
import type { Row, SystemName, Tenant } from './tenant.ts'

interface Pair {
  readonly entity: string
  readonly from: readonly [SystemName, string]
  readonly to: readonly [SystemName, string]
  /** Columns that hold the code. */
  readonly codes: readonly [string, string]
  readonly ids: readonly [string, string]
  /** Rows of the first side that travel. */
  readonly travels?: (row: Row) => boolean
  /** Rows of the second side that belong to this entity. */
  readonly belongs?: (row: Row) => boolean
}

const isTrue = (value: unknown) => value === true

/** What stands on both sides after a sync, and under which names. */
export const pairs: readonly Pair[] = [
  {
    entity: 'organization-unit',
    from: ['system', 'OrganizationUnits'],
    to: ['accounting', 'OrganizationUnits'],
    codes: ['code', 'organization_unit_code'],
    ids: ['id', 'organization_unit_id'],
  },
  {
    entity: 'employee',
    from: ['system', 'Employees'],
    to: ['accounting', 'AccountObjects'],
    codes: ['code', 'account_object_code'],
    ids: ['id', 'account_object_id'],
    belongs: (row) => isTrue(row.is_employee),
  },
  {
    entity: 'customer-group',
    from: ['crm', 'CustomerGroups'],
    to: ['accounting', 'AccountObjectGroups'],
    codes: ['group_code', 'account_object_group_code'],
    ids: ['id', 'account_object_group_id'],
  },
  {
    entity: 'customer',
    from: ['crm', 'Customers'],
    to: ['accounting', 'AccountObjects'],
    codes: ['account_number', 'account_object_code'],
    ids: ['id', 'account_object_id'],
    belongs: (row) => isTrue(row.is_customer),
  },
  {
    entity: 'product-group',
    from: ['crm', 'ProductCategories'],
    to: ['accounting', 'Categories'],
    codes: ['category_code', 'inventory_item_category_code'],
    ids: ['id', 'inventory_item_category_id'],
  },
  {
    entity: 'product',
    from: ['crm', 'Products'],
    to: ['accounting', 'InventoryItems'],
    codes: ['product_code', 'inventory_item_code'],
    ids: ['id', 'inventory_item_id'],
  },
  {
    entity: 'sales-order',
    from: ['crm', 'SaleOrders'],
    to: ['accounting', 'Vouchers'],
    codes: ['sale_order_no', 'org_refno'],
    ids: ['id', 'org_refid'],
    travels: (row) => row.revenue_status !== 'Bản nháp',
  },
]

/**
 * Compares what stands at the systems, and the links between them, row by row. Answers with what is lost or doubled, in words; nothing
 * when everything stands on both sides exactly once and each pair is one link.
 */
export async function disagreements(tenant: Tenant, store: TenantStore): Promise<string[]> {
  const found: string[] = []
  for (const pair of pairs) {
    const [rows, twins, links] = await Promise.all([
      tenant.rows(...pair.from),
      tenant.rows(...pair.to),
      allLinks(store, pair.entity),
    ])
    const sources = rows.filter(pair.travels ?? (() => true))
    const targets = twins.filter(pair.belongs ?? (() => true))
    const tell = (text: string) => found.push(`${pair.entity}: ${text}`)
    compareCodes(codesOf(sources, pair.codes[0]), codesOf(targets, pair.codes[1]), pair.from[0], pair.to[0], tell)
    compareLinks(pair, sources, targets, links, tell)
  }
  return [...found, ...(await leftovers(store))]
}

function codesOf(rows: readonly Row[], column: string): string[] {
  return rows.map((row) => String(row[column]))
}

function compareCodes(
  sources: readonly string[],
  targets: readonly string[],
  from: SystemName,
  to: SystemName,
  tell: (text: string) => void,
): void {
  for (const [system, codes] of [[from, sources] as const, [to, targets] as const]) {
    const doubled = codes.filter((code, index) => codes.indexOf(code) !== index)
    if (doubled.length > 0) tell(`${doubled.length} doubled at ${system}, such as ${doubled[0]}`)
  }
  const lost = sources.filter((code) => !targets.includes(code))
  const unknown = targets.filter((code) => !sources.includes(code))
  if (lost.length > 0) tell(`${lost.length} of ${from} are not at ${to}, such as ${lost[0]}`)
  if (unknown.length > 0) tell(`${unknown.length} of ${to} are not at ${from}, such as ${unknown[0]}`)
}

/** Each pair of rows is one link, and each row is part of one link only. */
function compareLinks(
  pair: Pair,
  sources: readonly Row[],
  targets: readonly Row[],
  links: readonly Link[],
  tell: (text: string) => void,
): void {
  const linked = links.filter((link) => link.linked)
  if (linked.length !== sources.length) tell(`${linked.length} links for ${sources.length} records`)
  const codeOf = new Map(targets.map((row) => [String(row[pair.ids[1]]), String(row[pair.codes[1]])]))
  const bySource = new Map(linked.map((link) => [link.sides[pair.from[0]]?.id, link.sides[pair.to[0]]?.id]))
  if (bySource.size !== linked.length) tell('a record has two links')
  if (new Set(bySource.values()).size !== linked.length) tell(`a row of ${pair.to[0]} has two links`)
  for (const row of sources) {
    const target = bySource.get(String(row[pair.ids[0]]))
    const code = String(row[pair.codes[0]])
    if (target === undefined) tell(`${code} is not linked`)
    else if (codeOf.get(target) !== code) tell(`${code} is linked to ${codeOf.get(target) ?? `nothing (${target})`}`)
  }
}

async function leftovers(store: TenantStore): Promise<string[]> {
  const journal = await store.journal.count()
  const work = await store.work.page({}, { limit: 5 })
  return [
    ...(journal > 0 ? [`${journal} writes without an outcome`] : []),
    ...work.map(({ id, state, failure }) => `left ${state}: ${id} ${failure?.code ?? ''}`),
  ]
}

async function allLinks(store: TenantStore, entity: string): Promise<Link[]> {
  const links: Link[] = []
  for (;;) {
    const after = links.at(-1)?.id
    const page = await store.links.page(entity, { limit: 500, ...(after === undefined ? {} : { after }) })
    links.push(...page)
    if (page.length < 500) return links
  }
}
