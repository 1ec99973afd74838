import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { disagreements } from './agreement.ts'
import { Site } from './site.ts'
import { Stream } from './stream.ts'

it('FW4 live sync that is killed while events stream in loses and doubles nothing', async () => {
  const site = await Site.open()
  const { tenant, store } = site
  await tenant.seed({ n: 40 })
  await site.askToConnect()
  let runner = await site.startRunner()
  await site.connected()

  const stream = new Stream(tenant)
  // In the middle of a call to accounting, of one to CRM, and wherever it happens to be.
  await tenant.hold('accounting', 'POST /apir/sync/actopen/save', { after: 2 })
  void stream.flow()
  await tenant.held()
  await runner.process.kill()
  await tenant.hold('crm', 'POST /api/v2/Products')
  runner = await site.startRunner()
  await tenant.held()
  await runner.process.kill()
  runner = await site.startRunner()
  await sleep(300)
  await runner.process.kill()
  await site.startRunner()
  await stream.end()
  await site.quiet()

  expect(await disagreements(tenant, store)).toEqual([])
  expect(await stream.unseen()).toEqual([])
}, 60_000)
