import type { Run } from '@amis-sync/core'
import type { PlanHeader, PlanItem } from '@amis-sync/engine'
import { planItems } from '@amis-sync/engine'
import type { AnyRow, Company } from './company.ts'
import { category, customer, group, order, product } from './records.ts'

let next = 0

export function makePlan(company: Company, scope: { step?: number; entity?: string } = {}): Promise<PlanHeader> {
  return company.runner.desk('demo', 'plan.make', { plan: `p${(next += 1)}`, ...scope })
}

export function apply(company: Company, plan: PlanHeader, more: { acceptMoved?: boolean } = {}) {
  return company.runner.desk('demo', 'plan.apply', { plan: plan.plan, ...more })
}

export async function itemsOf(company: Company, { plan }: PlanHeader): Promise<PlanItem[]> {
  const items: PlanItem[] = []
  for await (const page of planItems(company.store, plan)) items.push(...page)
  return items
}

/** Counts of a plan by entity and what would be done. */
export function totals({ counts }: PlanHeader): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {}
  for (const { entity, action, count } of counts) {
    const one = (result[entity] ??= {})
    one[action] = (one[action] ?? 0) + count
  }
  return result
}

/** A company with something of everything. */
export async function seed(company: Company): Promise<void> {
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  await company.create('system', 'Employees', {
    code: 'NV1',
    fullName: 'An',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await company.create('crm', 'CustomerGroups', group('N0'))
  await company.create('crm', 'CustomerGroups', group('N1', { parent_code: 'N0' }))
  await company.create('crm', 'Customers', customer('KH1', { account_group_code_list: 'N1', owner_code: 'NV1' }))
  await company.create('crm', 'Customers', customer('KH2', { office_tel: '0901000002' }))
  await company.create('crm', 'Customers', customer('KH3', { office_tel: '02430000001' }))
  await company.create('accounting', 'AccountObjects', act('KH2'))
  await company.create('accounting', 'AccountObjects', act('KH3', { tel: '02430000002' }))
  await company.create('accounting', 'AccountObjects', act('KT1'))
  await company.create('crm', 'Customers', customer('KH4'))
  await company.create('accounting', 'AccountObjects', act('KH4'))
  await company.create('crm', 'ProductCategories', category('H1'))
  await company.create('crm', 'Products', product('VT1', { product_category_code: 'H1' }))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.create('crm', 'SaleOrders', order('DH3', 'KH1', 'VT1'))
}

export const act = (code: string, more: AnyRow = {}): AnyRow => ({
  account_object_code: code,
  account_object_name: `Công ty ${code}`,
  is_customer: true,
  ...more,
})

/** What the runs of a first sync came to, in the words of a plan. */
export function counted(runs: readonly Run[]): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {}
  for (const [entity, run] of runs.flatMap(({ entities }) => Object.entries(entities))) {
    const { created, linked, updated, skipped, failed } = run
    const all = { create: created, link: linked, update: updated, skip: skipped, left: failed }
    const some = Object.entries(all).filter(([, count]) => count > 0)
    if (some.length > 0) result[entity] = Object.fromEntries(some)
  }
  return result
}

/** The same of a plan: a first sync counts conflicts and bad data as failed, a conflict between two records that it links as linked. */
export function expected({ counts }: PlanHeader): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {}
  for (const { entity, action, count, links } of counts) {
    const one = (result[entity] ??= {})
    const add = (name: string, by: number) => by > 0 && (one[name] = (one[name] ?? 0) + by)
    if (action === 'conflict') {
      add('link', links)
      add('left', count - links)
    } else add(action === 'fail' ? 'left' : action, count)
  }
  return result
}

export const connected = async (company: Company): Promise<readonly Run[]> => {
  const result = await company.connect()
  if (result.state !== 'connected') throw new Error(result.state)
  await company.settle()
  return company.store.runs.all()
}

/** Of a test that does not care when: nothing about which plan it is. */
export const bare = (items: readonly PlanItem[]) => items.map(({ versions: _versions, ...item }) => item)
