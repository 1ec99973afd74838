import type { LogFields, Logger, Scheduler } from '@amis-sync/core'
import type { Collection } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import type { JobDocument } from './agenda-scheduler.ts'
import { createAgendaScheduler } from './create-agenda-scheduler.ts'
import { openTestDatabase } from './test-database.fixture.ts'
import type { TestDatabase } from './test-database.fixture.ts'

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: LogFields | undefined
}

/** Schedulers over one database, stopped after each test. */
export interface SchedulerBench {
  database(): TestDatabase
  open(processEvery?: number): Promise<Scheduler>
  jobs(): Collection<JobDocument>
  locks(): Collection
  logged(): readonly LogLine[]
  readonly logger: Logger
}

export function useSchedulers(name: string): SchedulerBench {
  let database: TestDatabase
  let schedulers: Scheduler[] = []
  let logged: LogLine[] = []
  const jobs = (): Collection<JobDocument> => database.db.collection<JobDocument>('agendaJobs')

  beforeAll(async () => {
    database = await openTestDatabase(name)
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

  const at = (level: string) => (message: string, fields?: LogFields) => void logged.push({ level, message, fields })
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  const open = async (processEvery = 50): Promise<Scheduler> => {
    const scheduler = await createAgendaScheduler({ ...database, processEvery, name: 'runner', logger })
    schedulers.push(scheduler)
    return scheduler
  }
  const locks = (): Collection => database.db.collection('agendaLocks')
  return { database: () => database, open, jobs, locks, logged: () => logged, logger }
}

export function until(check: () => void | Promise<void>, timeout = 5_000): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 10 })
}
