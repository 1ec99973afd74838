import { expect, it } from 'vitest'
import { disagreements } from './agreement.ts'
import { type RunningRunner, Site } from './site.ts'
import type { Tenant } from './tenant.ts'
import { until } from './until.ts'

const size = { n: 300, employees: 5, orders: 120 }
const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
const allWrites = 'POST /apir/sync/actopen/save'

/** Rows that were sent to accounting, and those of them whose answers never came. */
async function rowsSent(tenant: Tenant): Promise<{ sent: number; unanswered: number }> {
  const calls = (await tenant.requests()).filter(({ path }) => path.startsWith('/apir/sync/actopen/save'))
  const sum = (rows: typeof calls) => rows.reduce((total, { rowsIn }) => total + rowsIn, 0)
  return { sent: sum(calls), unanswered: sum(calls.filter(({ fault }) => fault === 'slow')) }
}

/** `kill -9` while a call with so many rows is in the air, and the outcome of every other one is known. */
async function killAt(site: Site, runner: RunningRunner, rows: number): Promise<void> {
  await site.tenant.held()
  await until('only its own writes are open', async () => {
    expect(await site.store.journal.count()).toBe(rows)
    return true
  })
  await runner.process.kill()
}

it('C10 a first sync that is killed in each of its steps goes on where it stopped and does nothing twice', async () => {
  const site = await Site.open()
  const { tenant, store } = site
  await tenant.seed(size)
  await site.askToConnect()

  // Each time the answer is held back and the callback is lost, so that nobody knows what became of the call.
  // Step 1: the one unit, then its employees.
  await tenant.hold('accounting', dictionaries, { after: 1 })
  site.lose(/NV0001/)
  let runner = await site.startRunner()
  await killAt(site, runner, 5)
  expect(await store.runs.get(1)).toMatchObject({
    state: 'running',
    entities: { 'organization-unit': { created: 1 } },
  })
  expect(await tenant.made('accounting', 'AccountObjects')).toBe(5)

  // Step 2: the employees again, since nobody knows; groups; the first hundred of customers, then the second.
  await tenant.hold('accounting', dictionaries, { after: 3 })
  site.lose(/KH000150/)
  runner = await site.startRunner()
  await killAt(site, runner, 100)
  expect(await store.runs.get(1)).toMatchObject({ state: 'finished', entities: { employee: { done: 5 } } })
  expect(await store.runs.get(2)).toMatchObject({ state: 'running', entities: { customer: { done: 100 } } })
  expect(await tenant.made('accounting', 'AccountObjects')).toBe(205)

  // Step 3: the second hundred again; the third; product groups; two calls of products; the first hundred of orders.
  await tenant.hold('accounting', allWrites, { after: 5 })
  site.lose(/"data_type":1,/)
  runner = await site.startRunner()
  await killAt(site, runner, 100)
  expect(await store.runs.get(2)).toMatchObject({ state: 'finished' })
  expect(await store.runs.get(3)).toMatchObject({ state: 'running' })
  expect(await tenant.made('accounting', 'Vouchers')).toBe(100)

  site.lose()
  const before = await rowsSent(tenant)
  await tenant.admin('DELETE', '/requests')
  await site.startRunner()
  await site.connected()
  expect(await disagreements(tenant, store)).toEqual([])

  const after = await rowsSent(tenant)
  const needed = 1 + 5 + 3 + 300 + 3 + 150 + 120
  expect(before.unanswered).toBe(5 + 100 + 100)
  // Orders can be looked up, so those that had arrived are not sent again. Catalogue rows cannot; sending one again is safe.
  expect(before.sent + after.sent).toBe(needed + 5 + 100)

  const runs = await store.runs.all()
  const counted = Object.assign({}, ...runs.map(({ entities }) => entities))
  const made = (created: number) => ({ done: created, created, linked: 0, updated: 0, skipped: 0, failed: 0 })
  expect(counted).toMatchObject({
    'organization-unit': made(1),
    employee: made(5),
    'customer-group': { total: 3, ...made(3) },
    customer: { total: 300, ...made(300) },
    'product-group': { total: 3, ...made(3) },
    product: { total: 150, ...made(150) },
    'sales-order': { total: 120, ...made(120) },
  })
}, 60_000)
