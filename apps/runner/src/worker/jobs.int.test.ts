import { expect, it } from 'vitest'
import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'
import { createAgendaScheduler } from '@amis-sync/scheduler-agenda'
import { createMongoStore } from '@amis-sync/store-mongodb'
import { noMetrics } from '../adapters/no-metrics.ts'
import { silentLogger } from '../adapters/pino-logger.ts'
import { systemIds, systemRandom } from '../adapters/random.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { loaded } from '../config/fixtures.ts'
import { checkTenantValue } from '../config/tenant-config.ts'
import type { TenantConfig } from '../config/tenant-config.ts'
import { createRunnerContainer } from '../container.ts'
import { Jobs } from './jobs.ts'

it("FW5 a tenant's crons ask its owner to poll and to audit, until the file says otherwise", async () => {
  const mongo = await startEmbeddedMongo({ dataDir: ':memory:' })
  const database = await createMongoStore({ uri: mongo.uri })
  const scheduler = await createAgendaScheduler({
    uri: mongo.uri,
    database: 'amis_sync',
    name: 'test',
    logger: silentLogger,
    processEvery: 200,
  })
  const container = createRunnerContainer({
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: silentLogger,
    metrics: noMetrics,
    store: database.store,
    scheduler,
    ...loaded,
  })
  const tenants = new Map<string, TenantConfig>()
  const put = async (tenant: string, poll: string) => {
    const { value } = await checkTenantValue({ tenant, name: tenant, connections: {}, schedule: { poll } }, loaded)
    tenants.set(tenant, value!)
  }
  await put('often', '* * * * * *')
  // The file allows five fields only; the scheduler knows seconds, too.
  const { pollCron: _pollCron, ...rest } = tenants.get('often')!
  tenants.set('audited', { ...rest, tenant: 'audited', audit: '* * * * * *' })
  await put('plain', '60s')
  const jobs = new Jobs(scheduler, container, () => tenants)
  const asked = async (tenant: string) =>
    (await database.store.forTenant(tenant).commands.pending()).map((one) => one.kind)
  try {
    await jobs.start()
    await expect.poll(() => asked('often'), { timeout: 8_000 }).toEqual(expect.arrayContaining(['poll', 'poll']))
    expect(await asked('plain')).toEqual([])
    await expect.poll(() => asked('audited'), { timeout: 8_000 }).toContain('desk')
    const [audit] = await database.store.forTenant('audited').commands.pending()
    expect(audit).toMatchObject({ kind: 'desk', data: { operation: 'audit', input: {} } })
    await put('often', '60s')
    await jobs.plan()
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    const before = (await asked('often')).length
    await new Promise((resolve) => setTimeout(resolve, 2_200))
    expect(await asked('often')).toHaveLength(before)
  } finally {
    await scheduler.stop()
    await database.close()
    await mongo.close()
  }
})
