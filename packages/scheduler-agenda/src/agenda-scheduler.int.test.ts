import { SyncError } from '@amis-sync/core'
import type { LogFields, Logger, Scheduler } from '@amis-sync/core'
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { JobDocument } from './agenda-scheduler.ts'
import { createAgendaScheduler } from './create-agenda-scheduler.ts'
import { openTestDatabase } from './test-database.fixture.ts'
import type { TestDatabase } from './test-database.fixture.ts'

let database: TestDatabase
let schedulers: Scheduler[] = []
let logged: { level: string; message: string; fields: LogFields | undefined }[] = []

beforeAll(async () => {
  database = await openTestDatabase('scheduler')
})
beforeEach(() => {
  logged = []
})
afterEach(async () => {
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()))
  schedulers = []
  await jobs().deleteMany({})
})
afterAll(() => database.close())

const jobs = () => database.db.collection<JobDocument>('agendaJobs')
const locks = () => database.db.collection('agendaLocks')
const limit = { timeLimitMs: 10_000 }

function recordingLogger(): Logger {
  const at = (level: string) => (message: string, fields?: LogFields) => void logged.push({ level, message, fields })
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  return logger
}

async function open(processEvery = 50): Promise<Scheduler> {
  const options = { ...database, processEvery, name: 'runner', logger: recordingLogger() }
  const scheduler = await createAgendaScheduler(options)
  schedulers.push(scheduler)
  return scheduler
}

const until = (check: () => void | Promise<void>, timeout = 5_000) => vi.waitFor(check, { timeout, interval: 10 })

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
    const failed = logged.filter(({ message }) => message === 'job failed')
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

describe('several runners', () => {
  test('share the work; no job runs twice, no two of a name run at once', async () => {
    const runners = [await open(), await open()]
    const seen: number[] = []
    const by = [0, 0]
    let running = 0
    let most = 0
    for (const [index, runner] of runners.entries()) {
      const handler = async (data: unknown): Promise<void> => {
        most = Math.max(most, ++running)
        by[index] = by[index]! + 1
        seen.push(data as number)
        await delay(10)
        running -= 1
      }
      runner.define('shared', handler, limit)
      await runner.start()
    }
    const asked = Array.from({ length: 30 }, (_, index) => index)
    await Promise.all(asked.map((number) => runners[number % 2]!.once('shared', number)))
    await until(() => expect(seen.length).toBe(30), 15_000)
    await delay(200)
    expect(seen.sort((a, b) => a - b)).toEqual(asked)
    expect(most).toBe(1)
    expect(Math.min(...by)).toBeGreaterThan(0)
  })

  test('a recurring job runs at one of them', async () => {
    const runners = [await open(), await open(), await open()]
    let running = 0
    let most = 0
    let runs = 0
    for (const runner of runners) {
      const handler = async (): Promise<void> => {
        most = Math.max(most, ++running)
        await delay(30)
        running -= 1
        runs += 1
      }
      runner.define('tick', handler, limit)
      await runner.start()
    }
    await Promise.all(runners.flatMap((runner) => ['a', 'b'].map((key) => runner.every('tick', 100, { key }))))
    await until(() => expect(runs).toBeGreaterThanOrEqual(8), 15_000)
    expect(most).toBe(1)
  })

  test('the job of a runner that was killed is run by another within its time limit', async () => {
    const child = spawn(
      process.execPath,
      ['--conditions=@amis-sync/source', '--input-type=module', '-e', doomedRunner()],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const scheduler = await open()
    await scheduler.once('doomed', { n: 1 })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.kill('SIGKILL')
    const killedAt = Date.now()
    const seen: unknown[] = []
    scheduler.define('doomed', async (data) => void seen.push(data), { timeLimitMs: 1_500 })
    await scheduler.start()
    await delay(500)
    expect(seen).toEqual([])
    await until(() => expect(seen).toEqual([{ n: 1 }]), 5_000)
    expect(Date.now() - killedAt).toBeLessThan(4_000)
    await until(async () => expect(await jobs().countDocuments()).toBe(0))
  })

  test('a handler that takes longer than its limit is not run twice while its runner lives', async () => {
    const runners = [await open(), await open()]
    let started = 0
    let finished = 0
    for (const runner of runners) {
      const handler = async (): Promise<void> => {
        started += 1
        await delay(1_200)
        finished += 1
      }
      runner.define('long', handler, { timeLimitMs: 300 })
      await runner.start()
    }
    await runners[0]!.once('long', 1)
    await until(() => expect(finished).toBe(1))
    await delay(500)
    expect(started).toBe(1)
    expect(logged.some(({ message }) => message === 'job takes longer than its time limit')).toBe(true)
  })
})

describe('stopping', () => {
  test('waits for running handlers and starts no more', async () => {
    const scheduler = await open()
    let started = 0
    let finished = 0
    const handler = async (): Promise<void> => {
      started += 1
      await delay(300)
      finished += 1
    }
    scheduler.define('long', handler, limit)
    await scheduler.start()
    await scheduler.once('long', 1)
    await until(() => expect(started).toBe(1))
    await scheduler.once('long', 2)
    await Promise.all([scheduler.stop(), scheduler.stop()])
    expect([started, finished]).toEqual([1, 1])
    expect((await jobs().find().toArray()).map(({ data, lockedAt }) => [data?.payload, lockedAt])).toEqual([[2, null]])
    expect(await locks().countDocuments()).toBe(0)
  })

  test('gives back jobs that were fetched ahead of their time', async () => {
    const scheduler = await open(5_000)
    scheduler.define('soon', async () => undefined, limit)
    await scheduler.every('soon', '* * * * * *')
    await scheduler.start()
    await until(async () => expect((await jobs().findOne({}))?.lockedAt).toBeInstanceOf(Date))
    await scheduler.stop()
    expect((await jobs().findOne({}))?.lockedAt).toBeNull()
  })

  test('without having been started', async () => {
    await (await open()).stop()
  })
})

test('a database that does not answer is said so, without the password', async () => {
  const uri = 'mongodb://amis:top-secret@127.0.0.1:1/?serverSelectionTimeoutMS=100'
  const options = { uri, database: 'x', name: 'runner', logger: recordingLogger() }
  const error: unknown = await createAgendaScheduler(options).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SCHEDULER_UNREACHABLE', kind: 'retriable' })
  expect(JSON.stringify(error) + String(error)).not.toContain('top-secret')
})

/** A runner that takes a job, says so, and never ends it. */
function doomedRunner(): string {
  const { uri, database: name } = database
  const module = new URL('./index.ts', import.meta.url).href
  return `
    import { createAgendaScheduler } from ${JSON.stringify(module)}
    const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger }
    const options = { uri: ${JSON.stringify(uri)}, database: ${JSON.stringify(name)}, processEvery: 50, name: 'doomed', logger }
    const scheduler = await createAgendaScheduler(options)
    scheduler.define('doomed', async () => { console.log('running'); await new Promise(() => {}) }, { timeLimitMs: 1500 })
    await scheduler.start()
  `
}
