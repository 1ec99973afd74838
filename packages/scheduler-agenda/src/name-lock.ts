import { MongoServerError } from 'mongodb'
import type { Collection, Db } from 'mongodb'
import { randomUUID } from 'node:crypto'

interface LockDocument {
  /** Name of the job. */
  readonly _id: string
  readonly holder: string
  readonly until: Date
}

/** Proof that a run may go on; ends by `release` or, when the runner dies, by itself. */
export interface HeldLock {
  /** Extends by the full time limit. False = somebody else has it. */
  extend(): Promise<boolean>
  release(): Promise<void>
}

/**
 * One run of a job name at a time, over all runners. Agenda locks a job document; the same name may have several (one for each key, and
 * the one-off ones).
 */
export class NameLock {
  readonly #locks: Collection<LockDocument>

  constructor(db: Db) {
    this.#locks = db.collection<LockDocument>('agendaLocks')
  }

  /** `undefined` = a run of this name is under way somewhere. */
  async take(name: string, timeLimitMs: number): Promise<HeldLock | undefined> {
    const holder = randomUUID()
    const until = (): Date => new Date(Date.now() + timeLimitMs)
    try {
      // A lock that is held does not match; the upsert then meets its id.
      const free = { _id: name, until: { $lte: new Date() } }
      await this.#locks.updateOne(free, { $set: { holder, until: until() } }, { upsert: true })
    } catch (error) {
      if (error instanceof MongoServerError && error.code === 11000) return undefined
      throw error
    }
    const ours = { _id: name, holder }
    return {
      extend: async () => (await this.#locks.updateOne(ours, { $set: { until: until() } })).matchedCount === 1,
      release: async () => void (await this.#locks.deleteOne(ours)),
    }
  }
}
