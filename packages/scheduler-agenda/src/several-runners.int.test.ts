import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { until, useSchedulers } from './schedulers.fixture.ts'

const { database, open, jobs, locks, logged } = useSchedulers('runners')
const limit = { timeLimitMs: 10_000 }

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
    // A busy machine may let one of them take all there is: more is asked for until both had their share.
    const asked: number[] = []
    while (asked.length === 0 || (Math.min(...by) === 0 && asked.length < 600)) {
      const more = Array.from({ length: 30 }, (_, index) => asked.length + index)
      asked.push(...more)
      await Promise.all(more.map((number) => runners[number % 2]!.once('shared', number)))
      await until(() => expect(seen.length).toBe(asked.length), 15_000)
    }
    await delay(200)
    expect(seen.sort((a, b) => a - b)).toEqual(asked)
    expect(most).toBe(1)
    expect(Math.min(...by)).toBeGreaterThan(0)
  }, 60_000)

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

  test('the recurring job of a dead runner runs at its next time', async () => {
    const scheduler = await open()
    const ran: number[] = []
    scheduler.define('left', async () => void ran.push(Date.now()), { timeLimitMs: 1_000 })
    await scheduler.every('left', 3_600_000, { key: 'soon' })
    await scheduler.every('left', 3_600_000, { key: 'later' })
    const lockedAt = new Date(Date.now() - 60_000)
    const soon = new Date(Date.now() + 500)
    await jobs().updateOne({ 'data.schedule': 'soon' }, { $set: { lockedAt, nextRunAt: soon } })
    const later = new Date(Date.now() + 60_000)
    await jobs().updateOne({ 'data.schedule': 'later' }, { $set: { lockedAt, nextRunAt: later } })
    await scheduler.start()
    await until(() => expect(ran).toHaveLength(1))
    expect(ran[0]).toBeGreaterThanOrEqual(soon.getTime())
    await until(async () => expect((await jobs().findOne({ 'data.schedule': 'later' }))?.lockedAt ?? null).toBeNull())
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
    expect(logged().some(({ message }) => message === 'job takes longer than its time limit')).toBe(true)
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

/** A runner that takes a job, says so, and never ends it. */
function doomedRunner(): string {
  const { uri, database: name } = database()
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
