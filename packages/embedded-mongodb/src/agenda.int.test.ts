import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from './test-database.fixture.ts'
import { openTestDatabase } from './test-database.fixture.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await openTestDatabase()
})
afterAll(() => test.close())

function createAgenda(name: string): Agenda {
  return new Agenda({
    backend: new MongoBackend({ mongo: test.db, collection: 'jobs' }),
    name,
    processEvery: 50,
    defaultLockLifetime: 5000,
  })
}

describe('Agenda on its MongoDB backend', () => {
  it('runs one-off and repeating jobs, each run by one of two workers', async () => {
    const runs: string[] = []
    const workers = [createAgenda('one'), createAgenda('two')]
    for (const worker of workers) {
      worker.define('once', (job) => {
        runs.push(`once ${String((job.attrs.data as { n: number }).n)}`)
      })
      worker.define('often', () => {
        runs.push('often')
      })
      await worker.start()
    }
    await workers[0]!.every(100, 'often')
    await Promise.all([1, 2, 3, 4, 5].map((n) => workers[1]!.now('once', { n })))
    await expect.poll(() => runs.filter((run) => run === 'often').length, { timeout: 5000 }).toBeGreaterThanOrEqual(3)
    await expect
      .poll(() => runs.filter((run) => run.startsWith('once')).toSorted(), { timeout: 5000 })
      .toEqual([1, 2, 3, 4, 5].map((n) => `once ${n}`))
    const jobs = test.db.collection('jobs')
    expect(await jobs.countDocuments({ name: 'often' })).toBe(1)
    await Promise.all(workers.map((worker) => worker.stop()))
    expect(await jobs.countDocuments({ name: 'once', lastFinishedAt: { $ne: null } })).toBe(5)
    const { queryPlanner } = await jobs
      .find({ name: 'often', nextRunAt: { $lte: new Date() } })
      .sort({ nextRunAt: 1, priority: -1 })
      .explain()
    expect(queryPlanner.winningPlan.inputStage).toMatchObject({ stage: 'IXSCAN', indexName: 'findAndLockNextJobIndex' })
  })

  it('does not take a locked job, and takes it when the lock is too old', async () => {
    const worker = createAgenda('three')
    const ran: string[] = []
    worker.define(
      'locked',
      () => {
        ran.push('locked')
      },
      { lockLifetime: 1000 },
    )
    const job = await worker.now('locked')
    await test.db
      .collection('jobs')
      .updateOne({ name: 'locked' }, { $set: { lockedAt: new Date(), nextRunAt: new Date(0) } })
    await worker.start()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(ran).toEqual([])
    await expect.poll(() => ran.length, { timeout: 5000 }).toBe(1)
    await worker.stop()
    expect(job.attrs._id).toBeDefined()
  })
})
