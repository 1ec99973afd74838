import type { AnyRow, Company } from './company.ts'
import { until } from './trouble.ts'

export const saves = 'POST /apir/sync/actopen/save'
export const deletes = 'DELETE /apir/sync/actopen/delete'
export const told = 'PUT /api/v2/SaleOrders'

export const impatient = { tenant: { connections: { accounting: { outcomeTimeoutMs: 300 } } } }

export const inAct = (company: Company, number = 'DH1') => company.find('accounting', 'Vouchers', number)
export const inCrm = async (company: Company, number = 'DH1') => (await company.find('crm', 'SaleOrders', number))!
export const withdraw = (company: Company, number = 'DH1') => company.act('crm', 'withdrawRevenue', { key: number })
export const linkOf = async (company: Company, number = 'DH1') =>
  (await company.store.links.findByKey('sales-order', 'crm', [number]))[0]!

export const granted = { revenue_status: 'Bản nháp', revenue_withdraw_requested: false, revenue_withdraw_refusal: null }

/** The columns in which two states of a row differ, but for the stamps of its change. */
export function changed(before: AnyRow, after: AnyRow): string[] {
  const names = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
  return names.filter((name) => !name.startsWith('modified_')).toSorted()
}

export async function untilWritten(company: Company, route: string, count = 1): Promise<void> {
  await until(`${route} was called`, async () => (await company.requests())[route] === count)
}

/** ACT has the deletion in its queue, and its outcome is still to come. */
export async function untilAccepted(company: Company): Promise<void> {
  await untilWritten(company, deletes)
  await until('it is accepted', async () => (await company.store.journal.open())[0]?.state === 'accepted')
}
