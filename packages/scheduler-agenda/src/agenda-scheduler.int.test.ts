import { SyncError } from '@amis-sync/core'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createAgendaScheduler } from './create-agenda-scheduler.ts'
import { until, useSchedulers } from './schedulers.fixture.ts'

const { open, jobs, locks, logged, logger } = useSchedulers('jobs')
const limit = { timeLimitMs: 10_000 }

describe('one-off jobs', () => {
  test('run at once with their data, and leave nothing behind', async () => {
    const scheduler = await open(5_000)
    const seen: unknown[] = []
    scheduler.define('hello', async (data) => void seen.push(data), limit)
    await scheduler.start()
    const data = { tenant: 'acme', list: [1, null, { x: 'y' }] }
    await scheduler.once('hello', data)
    await scheduler.once('hello', undefined)
    await until(() => expect(seen).toEqual([data, undefined]), 1_000)
    await until(async () => expect([await jobs().countDocuments(), await locks().countDocuments()]).toEqual([0, 0]))
  })

  test('of one name run one after the other, without waiting for the next scan', async () => {
    const scheduler = await open(5_000)
    let running = 0
    let most = 0
    let done = 0
    const handler = async (): Promise<void> => {
      most = Math.max(most, ++running)
      await delay(5)
      running -= 1
      done += 1
    }
    scheduler.define('burst', handler, limit)
    await scheduler.start()
    await Promise.all(Array.from({ length: 10 }, (_, index) => scheduler.once('burst', index)))
    await until(() => expect(done).toBe(10), 3_000)
    expect(most).toBe(1)
  })

  test('an error is logged and kills nothing', async () => {
    const scheduler = await open()
    let runs = 0
    const handler = async (): Promise<void> => {
      runs += 1
      throw new SyncError({ code: 'BROKEN', kind: 'retriable', message: { vi: 'x', en: 'x' }, detail: { a: 1 } })
    }
    scheduler.define('broken', handler, limit)
    await scheduler.start()
    await scheduler.once('broken', 1)
    await scheduler.once('broken', 2)
    await until(() => expect(runs).toBe(2))
    await until(async () => expect(await jobs().countDocuments()).toBe(0))
    const failed = logged().filter(({ message }) => message === 'job failed')
    expect(failed).toHaveLength(2)
    expect(failed[0]).toMatchObject({ level: 'error', fields: { job: 'broken', code: 'BROKEN', detail: { a: 1 } } })
  })
})

describe('recurring jobs', () => {
  test('an interval runs at once and again', async () => {
    const scheduler = await open()
    let runs = 0
    scheduler.define('tick', async () => void (runs += 1), limit)
    await scheduler.start()
    await scheduler.every('tick', 100)
    await until(() => expect(runs).toBeGreaterThanOrEqual(3))
  })

  test('the same name and key replaces; another key stands beside it', async () => {
    const scheduler = await open()
    await scheduler.every('poll', 3_600_000, { key: 'acme', data: 1 })
    await scheduler.every('poll', 60_000, { key: 'acme', data: 2 })
    await scheduler.every('poll', '0 2 * * *', { key: 'other' })
    await scheduler.every('poll', 1_000)
    const stored = await jobs().find().sort({ 'data.schedule': 1 }).toArray()
    expect(stored.map(({ data, repeatInterval }) => [data?.schedule, data?.payload, repeatInterval])).toEqual([
      ['', undefined, 1_000],
      ['acme', 2, 60_000],
      ['other', undefined, '0 2 * * *'],
    ])
  })

  test('the same schedule again keeps its next time and takes the new data', async () => {
    const scheduler = await open()
    const seen: unknown[] = []
    scheduler.define('poll', async (data) => void seen.push(data), limit)
    await scheduler.start()
    await scheduler.every('poll', 3_600_000, { data: 1 })
    await until(() => expect(seen).toEqual([1]))
    await until(async () => expect((await jobs().findOne({}))?.lockedAt).toBeNull())
    const before = (await jobs().findOne({}))?.nextRunAt
    await scheduler.every('poll', 3_600_000, { data: 2 })
    await delay(150)
    expect(seen).toEqual([1])
    expect(await jobs().findOne({})).toMatchObject({ nextRunAt: before, data: { payload: 2 } })
  })

  test('replaced by many at once, there is one', async () => {
    const [one, two] = [await open(), await open()]
    const changes = Array.from({ length: 10 }, (_, index) => (index % 2 ? one : two).every('poll', 60_000 + index))
    await Promise.all(changes)
    expect(await jobs().countDocuments()).toBe(1)
  })

  test('replaced while it runs, the new interval counts', async () => {
    const scheduler = await open()
    let runs = 0
    const handler = async (): Promise<void> => {
      runs += 1
      if (runs === 1) {
        await scheduler.every('slow', 80)
        await delay(200)
      }
    }
    scheduler.define('slow', handler, limit)
    await scheduler.start()
    await scheduler.every('slow', 3_600_000)
    await until(() => expect(runs).toBeGreaterThanOrEqual(3))
    expect(await jobs().countDocuments()).toBe(1)
  })

  test('cron goes by Vietnamese time unless told otherwise', async () => {
    const scheduler = await open()
    await scheduler.every('audit', '30 2 * * *')
    await scheduler.every('audit', '30 2 * * *', { key: 'utc', timezone: 'UTC' })
    await scheduler.every('audit', '0 8 * * 1', { key: 'monday' })
    const at = async (key: string) => (await jobs().findOne({ 'data.schedule': key }))?.nextRunAt
    expect((await at(''))?.toISOString()).toMatch(/T19:30:00.000Z$/)
    expect((await at('utc'))?.toISOString()).toMatch(/T02:30:00.000Z$/)
    expect((await at('monday'))?.toISOString()).toMatch(/T01:00:00.000Z$/)
    expect((await at('monday'))?.getUTCDay()).toBe(1)
  })

  test('cron with seconds runs', async () => {
    const scheduler = await open()
    let runs = 0
    scheduler.define('second', async () => void (runs += 1), limit)
    await scheduler.start()
    await scheduler.every('second', '* * * * * *')
    await until(() => expect(runs).toBeGreaterThanOrEqual(2))
  })

  test('a cron expression that means nothing is refused', async () => {
    const scheduler = await open()
    await expect(scheduler.every('audit', '99 99 * * *')).rejects.toMatchObject({
      code: 'SCHEDULE_INVALID',
      kind: 'config',
    })
    expect(await jobs().countDocuments()).toBe(0)
  })

  test('cancel ends one key only', async () => {
    const scheduler = await open()
    let runs = 0
    scheduler.define('tick', async () => void (runs += 1), limit)
    await scheduler.start()
    await scheduler.every('tick', 50, { key: 'a' })
    await scheduler.every('tick', 3_600_000, { key: 'b' })
    await until(() => expect(runs).toBeGreaterThanOrEqual(3))
    await scheduler.cancel('tick', 'a')
    await scheduler.cancel('nothing')
    await delay(100)
    const seen = runs
    await delay(200)
    expect(runs).toBe(seen)
    expect((await jobs().find().toArray()).map(({ data }) => data?.schedule)).toEqual(['b'])
  })
})

test('a database that does not answer is said so, without the password', async () => {
  const uri = 'mongodb://amis:top-secret@127.0.0.1:1/?serverSelectionTimeoutMS=100'
  const options = { uri, database: 'x', name: 'runner', logger }
  const error: unknown = await createAgendaScheduler(options).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SCHEDULER_UNREACHABLE', kind: 'retriable' })
  expect(JSON.stringify(error) + String(error)).not.toContain('top-secret')
})
