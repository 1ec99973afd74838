import { expect, it } from 'vitest'
import { disagreements } from './agreement.ts'
import { Site } from './site.ts'

it('smoke', async () => {
  const site = await Site.open()
  const t0 = Date.now()
  await site.tenant.seed({ n: 300, employees: 120, orders: 120 })
  console.log('seeded', Date.now() - t0)
  const runner = await site.startRunner()
  console.log('runner', Date.now() - t0)
  await site.askToConnect()
  try { await site.connected() } catch (e) { console.log(runner.process.story.slice(-3000)); throw e }
  console.log('connected', Date.now() - t0)
  expect(await disagreements(site.tenant, site.store)).toEqual([])
  console.log(JSON.stringify(await site.store.runs.all(), null, 1))
  runner.process.signal('SIGTERM')
  console.log(await runner.process.exit)
  const rows = await site.tenant.requests()
  console.log(rows.map(r => `${r.method} ${r.path} ${r.rowsIn} ${r.status} ${r.fault}`).join('\n'))
}, 60_000)
