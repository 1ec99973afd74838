import { isSyncError } from '@amis-sync/core'
import type { Logger, Scheduler } from '@amis-sync/core'
import type { Agenda, InMemoryNotificationChannel, Job } from 'agenda'
import { MongoServerError } from 'mongodb'
import type { Collection, Db } from 'mongodb'
import { NameLock } from './name-lock.ts'
import { scheduleInvalid, toSchedule } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import { unreachable } from './unreachable.ts'

/** What we keep in an Agenda job's `data`. */
export interface JobData {
  /** Key of a recurring schedule; absent = one-off. */
  readonly schedule?: string
  readonly payload?: unknown
}

/** The fields of Agenda's documents that we read or write ourselves. */
export interface JobDocument {
  readonly name: string
  readonly data?: JobData
  readonly repeatInterval?: number | string | null
  readonly repeatTimezone?: string | null
  readonly nextRunAt?: Date | null
  readonly lockedAt?: Date | null
  readonly lastModifiedBy?: string | null
}

interface Parts {
  readonly agenda: Agenda
  readonly channel: InMemoryNotificationChannel
  readonly db: Db
  readonly log: Logger
  /** When a job whose name is busy elsewhere is tried again. */
  readonly retryMs: number
  readonly disconnect: () => Promise<void>
}

/** A run of this name is under way at some runner; the job is put back. */
class NameBusy extends Error {}

/** The Scheduler port on Agenda. Made by `createAgendaScheduler`. */
export class AgendaScheduler implements Scheduler {
  readonly #agenda: Agenda
  readonly #channel: InMemoryNotificationChannel
  readonly #jobs: Collection<JobDocument>
  readonly #locks: NameLock
  readonly #log: Logger
  readonly #retryMs: number
  readonly #disconnect: () => Promise<void>
  #stopping: Promise<void> | undefined

  constructor({ agenda, channel, db, log, retryMs, disconnect }: Parts) {
    this.#agenda = agenda
    this.#channel = channel
    this.#jobs = db.collection<JobDocument>('agendaJobs')
    this.#locks = new NameLock(db)
    this.#log = log
    this.#retryMs = retryMs
    this.#disconnect = disconnect
    agenda.on('error', (error: Error) => {
      if (!(error instanceof NameBusy) && this.#stopping === undefined)
        log.warn('scheduler fault', { reason: error.message })
    })
  }

  define(
    name: string,
    handler: (data: unknown) => Promise<void>,
    { timeLimitMs }: { readonly timeLimitMs: number },
  ): void {
    // oxlint-disable-next-line typescript/no-misused-promises -- the first overload is for callbacks, the second for promises
    this.#agenda.define(name, (job: Job<JobData>) => this.#run(job, handler, timeLimitMs), {
      concurrency: 1,
      lockLimit: 1,
      lockLifetime: timeLimitMs,
      backoff: ({ error }) => (error instanceof NameBusy ? this.#retryMs : null),
    })
  }

  /**
   * A new or changed interval in milliseconds runs at once, a cron expression at its next time. The same schedule again keeps its next
   * time (a restart triggers nothing) and takes the new data.
   */
  async every(
    name: string,
    interval: number | string,
    options: { readonly key?: string; readonly data?: unknown; readonly timezone?: string } = {},
  ): Promise<void> {
    const schedule = toSchedule(name, interval, options.timezone)
    await reached(this.#replace(name, schedule, { schedule: options.key ?? '', payload: options.data }))
  }

  async once(name: string, data: unknown): Promise<void> {
    await reached(this.#agenda.now(name, { payload: data } satisfies JobData))
  }

  async cancel(name: string, key = ''): Promise<void> {
    await reached(this.#jobs.deleteMany(this.#scheduleOf(name, key)))
  }

  start(): Promise<void> {
    return this.#agenda.start()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #replace(name: string, schedule: Schedule, data: Required<JobData>): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const same = { ...this.#scheduleOf(name, data.schedule), ...repeats(schedule) }
      if ((await this.#jobs.updateOne(same, { $set: { data } })).matchedCount > 0) return
      // A new document, not a changed one: a run that is under way would write its old next time over the new one.
      await this.#jobs.deleteMany(this.#scheduleOf(name, data.schedule))
      if (await this.#insert(name, schedule, data)) return
    }
    this.#log.warn('schedule is being changed by others', { job: name, key: data.schedule })
  }

  async #run(job: Job<JobData>, handler: (data: unknown) => Promise<void>, timeLimitMs: number): Promise<void> {
    const { name, data } = job.attrs
    const lock = await this.#locks.take(name, timeLimitMs)
    if (lock === undefined) throw new NameBusy(`a run of ${name} is under way`)
    const startedAt = performance.now()
    // A handler that lives keeps its locks, however long it takes; those of a dead runner end by themselves.
    const beat = setInterval(() => void this.#keepAlive(job, lock.extend, startedAt, timeLimitMs), timeLimitMs / 3)
    try {
      await handler(data?.payload)
    } catch (error) {
      this.#log.error('job failed', { job: name, key: data?.schedule, ...reasonOf(error) })
    } finally {
      clearInterval(beat)
      await lock
        .release()
        .catch((error: unknown) => this.#log.warn('lock not released', { job: name, ...reasonOf(error) }))
      this.#lookAgain(name)
    }
  }

  async #keepAlive(job: Job<JobData>, extend: () => Promise<boolean>, startedAt: number, limit: number): Promise<void> {
    const { name } = job.attrs
    const elapsedMs = Math.round(performance.now() - startedAt)
    if (elapsedMs > limit)
      this.#log.warn('job takes longer than its time limit', { job: name, elapsedMs, timeLimitMs: limit })
    try {
      if (!(await extend())) this.#log.error('lock lost while running', { job: name, elapsedMs })
      await job.touch()
    } catch (error) {
      // Cancelled or replaced while it runs, or the database is away: the run goes on.
      this.#log.debug('lock not extended', { job: name, ...reasonOf(error) })
    }
  }

  /** More jobs of this name may wait: only one is locked at a time, and the next scan may be seconds away. */
  #lookAgain(name: string): void {
    const notification = {
      jobId: '' as never,
      jobName: name,
      nextRunAt: new Date(),
      priority: 0,
      timestamp: new Date(),
    }
    const look = (): void => {
      if (this.#channel.state === 'connected') void this.#channel.publish(notification).catch(() => undefined)
    }
    setTimeout(look, 50).unref()
  }

  async #insert(name: string, { interval, timezone }: Schedule, data: JobData): Promise<boolean> {
    const job = this.#agenda.create(name, data)
    job.repeatEvery(interval, timezone === undefined ? {} : { timezone })
    if (!job.attrs.nextRunAt) throw scheduleInvalid(name, `${interval} (${timezone})`)
    try {
      await job.save()
      return true
    } catch (error) {
      if (error instanceof MongoServerError && error.code === 11000) return false
      throw error
    }
  }

  #scheduleOf(name: string, schedule: string): { name: string; 'data.schedule': string } {
    return { name, 'data.schedule': schedule }
  }

  async #end(): Promise<void> {
    // Agenda looks whether all runs have ended only when one says so, which is before that one is off its list: remind it.
    const reminder = setInterval(() => this.#agenda.emit('complete'), 20)
    await this.#agenda.drain().finally(() => clearInterval(reminder))
    // Jobs that were fetched ahead of their time: others may have them at once.
    const ahead = { lastModifiedBy: this.#agenda.attrs.name, lockedAt: { $ne: null }, nextRunAt: { $ne: null } }
    await this.#jobs.updateMany(ahead, { $set: { lockedAt: null } })
    await this.#disconnect()
  }
}

async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw unreachable(error)
  }
}

function repeats({ interval, timezone }: Schedule): Pick<JobDocument, 'repeatInterval' | 'repeatTimezone'> {
  return { repeatInterval: interval, repeatTimezone: timezone ?? null }
}

function reasonOf(error: unknown): Record<string, unknown> {
  const reason = error instanceof Error ? error.message : String(error)
  return isSyncError(error) ? { code: error.code, reason, detail: error.detail } : { reason }
}
