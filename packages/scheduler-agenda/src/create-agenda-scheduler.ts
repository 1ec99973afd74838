import { MongoBackend } from '@agendajs/mongo-backend'
import type { Logger, Scheduler } from '@amis-sync/core'
import { Agenda, InMemoryNotificationChannel } from 'agenda'
import { MongoClient } from 'mongodb'
import type { Db } from 'mongodb'
import { randomUUID } from 'node:crypto'
import { AgendaScheduler } from './agenda-scheduler.ts'
import type { JobDocument } from './agenda-scheduler.ts'
import { unreachable } from './unreachable.ts'

export interface AgendaSchedulerOptions {
  readonly uri: string
  readonly database: string
  /** How often the store is asked for due jobs, milliseconds; jobs made in this process start at once. Default 5000. */
  readonly processEvery?: number
  /** Names this runner in the store. */
  readonly name: string
  readonly logger: Logger
}

/** How long a call waits for a server that can take it, milliseconds; the address may say something else. */
const serverSelectionTimeoutMS = 5_000

/**
 * Connects, creates the indexes and returns a scheduler that waits for `start`. Throws `SyncError` code `SCHEDULER_UNREACHABLE` (kind
 * `retriable`) where the database does not answer: Agenda itself would connect without anybody seeing its error.
 */
export async function createAgendaScheduler(options: AgendaSchedulerOptions): Promise<Scheduler> {
  const { uri, database, processEvery = 5_000, name, logger } = options
  const client = connectionTo(uri)
  try {
    const db = client.db(database)
    await db.command({ ping: 1 })
    await createIndexes(db)
    const channel = new InMemoryNotificationChannel()
    const agenda = new Agenda({
      // Unique, so that locks of this process can be told from those of an earlier one with the same name.
      name: `${name}#${randomUUID()}`,
      backend: new MongoBackend({ mongo: db, ensureIndex: false }),
      notificationChannel: channel,
      processEvery,
      maxConcurrency: 100,
      removeOnComplete: true,
    })
    await agenda.ready
    const log = logger.child({ component: 'scheduler', runner: name })
    return new AgendaScheduler({ agenda, channel, db, log, retryMs: processEvery, disconnect: () => client.close() })
  } catch (error) {
    await client.close()
    throw unreachable(error)
  }
}

function connectionTo(uri: string): MongoClient {
  try {
    const timeout = /serverSelectionTimeoutMS=/i.test(uri) ? {} : { serverSelectionTimeoutMS }
    return new MongoClient(uri, { appName: 'amis-sync-scheduler', maxPoolSize: 4, ignoreUndefined: true, ...timeout })
  } catch (error) {
    throw unreachable(error)
  }
}

async function createIndexes(db: Db): Promise<void> {
  await db.collection<JobDocument>('agendaJobs').createIndexes([
    { name: 'next', key: { name: 1, nextRunAt: 1, priority: -1, lockedAt: 1, disabled: 1 } },
    {
      name: 'schedule',
      key: { name: 1, 'data.schedule': 1 },
      unique: true,
      partialFilterExpression: { 'data.schedule': { $exists: true } },
    },
  ])
}
