import { expect, it } from 'vitest'
import { disagreements } from './agreement.ts'
import { Site } from './site.ts'
import { until } from './until.ts'

const size = { n: 250, employees: 5, orders: 40 }

/** Asks through the store, as the command line does. */
async function ask({ store }: Site, id: string, operation: string, input: object): Promise<void> {
  await store.commands.add({ id, kind: 'desk', data: { operation, input }, createdAt: Date.now() })
}

async function answer({ store }: Site, id: string): Promise<unknown> {
  const { result, state, failure } = await until(
    `${id} is done`,
    async () => {
      const command = await store.commands.get(id)
      return command?.state === 'done' || command?.state === 'failed' ? command : undefined
    },
    40_000,
  )
  expect(failure).toBeUndefined()
  expect(state).toBe('done')
  return (result as { desk: unknown }).desk
}

async function rowsSent({ tenant }: Site): Promise<number> {
  const calls = (await tenant.requests()).filter(({ path }) => path.startsWith('/apir/sync/actopen/save'))
  return calls.reduce((total, { rowsIn }) => total + rowsIn, 0)
}

it('C9 a plan whose application is killed is carried out in full by the next runner, and nothing twice', async () => {
  const site = await Site.open()
  const { tenant, store } = site
  await tenant.seed(size)
  await ask(site, 'make', 'plan.make', { plan: 'p' })
  const first = await site.startRunner()
  expect(await answer(site, 'make')).toMatchObject({ plan: 'p', mode: 'first-sync' })
  expect(await tenant.writes()).toEqual([])

  // The unit, the employees, the groups, a hundred customers; the answer to the second hundred is held back, its callback is lost.
  await tenant.hold('accounting', 'POST /apir/sync/actopen/save_dictionary', { after: 4 })
  site.lose(/KH000150/)
  await ask(site, 'apply', 'plan.apply', { plan: 'p' })
  await tenant.held()
  await until('only those are open', async () => (await store.journal.count()) === 100)
  await first.process.kill()
  expect(await tenant.made('accounting', 'AccountObjects')).toBe(205)
  expect(await store.runs.all()).toEqual([])

  site.lose()
  await site.startRunner()
  expect(await answer(site, 'apply')).toMatchObject({ moved: 0, missing: 0, failed: 0, fresh: 0, waiting: 0 })
  const needed = 1 + 5 + 3 + 250 + 3 + 125 + 40
  // Catalogue rows cannot be looked up in Accounting: the hundred of which nobody knew are sent again, which is safe there.
  expect(await rowsSent(site)).toBe(needed + 100)
  expect(await tenant.made('accounting', 'AccountObjects')).toBe(255)
  expect(await tenant.made('accounting', 'Vouchers')).toBe(40)

  await tenant.admin('DELETE', '/requests')
  await site.askToConnect()
  await site.connected()
  expect(await tenant.writes()).toEqual([])
  expect(await disagreements(tenant, store)).toEqual([])
}, 90_000)
