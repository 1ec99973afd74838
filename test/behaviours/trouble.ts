import { expect } from 'vitest'
import { type AnyRow, type Company, openLiveCompany } from './company.ts'
import { customer, order, product } from './records.ts'

/** A rule of contract §5.5: `system` and `route` say where, `kind` what goes wrong. */
export interface Fault {
  readonly system: 'crm' | 'accounting' | 'system'
  /** Prefix of `METHOD /path`, or `WEBHOOK`, `CALLBACK`. */
  readonly route: string
  readonly kind: string
  readonly times?: number
  readonly after?: number
  readonly params?: AnyRow
}

/** From now on these things go wrong, each once unless it says otherwise. Earlier rules end; none = all is well again. */
export async function goWrong(company: Company, ...rules: readonly Fault[]): Promise<void> {
  await company.admin('PUT', '/faults', { seed: 1, rules: rules.map((rule) => ({ times: 1, ...rule })) })
}

/** How often each rule of {@link goWrong} fired. */
export async function fired(company: Company): Promise<number[]> {
  return ((await company.admin('GET', '/faults')).rules as AnyRow[]).map((rule) => rule.fired as number)
}

/** Waits for something that comes by itself: a retry, an overdue outcome. */
export async function until(what: string, holds: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Works until nothing is left over: no hint, no retry, no write whose outcome is open. */
export async function finish(company: Company): Promise<void> {
  await company.settle()
  await until('all work is done', async () => (await company.store.work.counts()).length === 0)
  await company.settle()
  await expectNothingLeft(company)
}

/** The work queue, the journal and the inbox are empty. */
export async function expectNothingLeft(company: Company): Promise<void> {
  expect(await company.store.work.page({}, { limit: 20 })).toEqual([])
  expect(await company.store.journal.open()).toEqual([])
  expect(await company.store.inbox.pending(20)).toEqual([])
}

/** A live company with a customer KH1 and a product VT1 at both sides, and the order DH1 of them, recorded in ACT. */
export async function openTradingCompany(options: AnyRow = {}): Promise<Company> {
  const company = await openLiveCompany(options)
  await company.create('crm', 'Customers', customer('KH1'))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1'))
  await company.act('crm', 'requestRevenue', { key: 'DH1' })
  await finish(company)
  await company.forget()
  return company
}

/** A product as an accountant enters it. */
export const item = (code: string, more: AnyRow = {}): AnyRow => ({
  inventory_item_code: code,
  inventory_item_name: `Hàng ${code}`,
  unit_name: 'Cái',
  ...more,
})

/** Routes in short: `crm POST Products` for `POST /api/v2/Products`. */
export async function calls(company: Company): Promise<Record<string, number>> {
  const short = (route: string) => {
    const [method, path = ''] = route.split(' ')
    if (path.startsWith('/api/v2/')) return `crm ${method} ${path.slice(8)}`
    if (path.startsWith('/api/v1/')) return `system ${method} ${path.slice(8)}`
    return `act ${path.split('/').at(-1)}`
  }
  return Object.fromEntries(Object.entries(await company.requests()).map(([route, count]) => [short(route), count]))
}
