import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { disagreements } from './agreement.ts'
import { Site } from './site.ts'
import { Stream } from './stream.ts'

const writes = 'POST /apir/sync/actopen/save'

it('a database that is killed in the first sync is missed for a while, then all goes on by itself', async () => {
  const site = await Site.open()
  const { tenant, store } = site
  await tenant.seed({ n: 300, employees: 20, orders: 20 })
  await site.askToConnect()

  // The answer to a call comes while there is no database to write it down in.
  await tenant.hold('accounting', writes, { after: 4, ms: 400 })
  const runner = await site.startRunner()
  await tenant.held()
  await site.killDatabase()
  await sleep(800)
  await site.restartDatabase()
  await site.connected()

  expect(await disagreements(tenant, store)).toEqual([])
  expect(await tenant.made('accounting', 'AccountObjects')).toBe(320)
  expect(await tenant.made('accounting', 'Vouchers')).toBe(20)
  runner.process.signal('SIGTERM')
  expect(await runner.process.exit).toEqual({ code: 0, signal: null })
}, 60_000)

it('a database that is killed in live sync, for longer than a lease, loses and doubles nothing', async () => {
  const site = await Site.open()
  const { tenant, store } = site
  await tenant.seed({ n: 40 })
  await site.askToConnect()
  const runner = await site.startRunner()
  await site.connected()

  const stream = new Stream(tenant)
  void stream.flow()
  for (const downMs of [300, site.leaseMs + 500]) {
    await tenant.hold('accounting', writes, { after: 2, ms: 200 })
    await tenant.held()
    await site.killDatabase()
    await sleep(downMs)
    await site.restartDatabase()
  }
  await stream.end()
  await site.quiet()

  expect(await disagreements(tenant, store)).toEqual([])
  expect(await stream.unseen()).toEqual([])
  runner.process.signal('SIGTERM')
  expect(await runner.process.exit).toEqual({ code: 0, signal: null })
}, 60_000)
