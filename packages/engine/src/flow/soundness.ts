import { interrupted } from './first-sync.ts'
import { reviveJoins } from './joins.ts'
import { recoverJournal } from './outcomes.ts'
import { reviewReadSettings } from './read-settings.ts'
import { repair } from './repair.ts'
import type { Locks } from './signal.ts'
import { systemOf } from './tagged-connection.ts'
import type { TenantContext } from './tenant-context.ts'
import { reviewTrouble } from './troubled.ts'
import { reviveWaiting } from './waiting-room.ts'

/**
 * Keeps what this process believes to be under way true. Nothing of an entity is read or written before what a crash left behind is
 * settled, nor, after a failure in the middle of something, before it was compared with the journal.
 */
export class Soundness {
  readonly #context: TenantContext
  readonly #locks: Locks
  readonly #running: () => boolean
  readonly #onWoken: () => void
  readonly #broken = new Set<string>()
  #wakeUpsLost = false
  #recovered: Promise<void> = Promise.resolve()

  constructor(context: TenantContext, locks: Locks, running: () => boolean, onWoken: () => void) {
    this.#context = context
    this.#onWoken = onWoken
    this.#locks = locks
    this.#running = running
  }

  /** Nothing is left to mend that our own store swallowed. */
  get intact(): boolean {
    return !this.#wakeUpsLost
  }

  /** All rounds wait for this. `persist` repeats it until it succeeds. */
  recover(persist: (task: () => Promise<void>) => Promise<void>): Promise<void> {
    this.#recovered = persist(async () => {
      await recoverJournal(this.#context)
      await reviveWaiting(this.#context)
      await reviveJoins(this.#context)
      await reviewTrouble(this.#context)
      await reviewReadSettings(this.#context)
    })
    return this.#recovered
  }

  /** Runs a round of the entity behind its lock, once everything is in order. */
  round<T>(entity: string, task: () => Promise<T>): Promise<T> {
    return this.#locks.run(entity, async () => {
      await this.#recovered
      if (!this.#running()) throw interrupted(this.#context)
      try {
        await this.#repair(entity)
        return await task()
      } catch (error) {
        this.failed(error, [entity])
        throw error
      }
    })
  }

  /** For an entity that has no round to run: mends what is broken, if anything is. */
  async mend(entity: string): Promise<void> {
    if (this.#broken.has(entity)) await this.round(entity, () => Promise.resolve())
  }

  /** Something failed that concerns these entities. Default: all of them. */
  failed(error: unknown, entities: Iterable<string> = this.#context.views.keys()): void {
    for (const entity of entities) this.#broken.add(entity)
    // Not out of a connection: it was our own store.
    if (systemOf(error) === undefined) this.#wakeUpsLost = true
  }

  async #repair(entity: string): Promise<void> {
    if (!this.#broken.has(entity)) return
    await repair(this.#context, entity)
    if (this.#wakeUpsLost) {
      await reviveWaiting(this.#context)
      await reviveJoins(this.#context)
    }
    this.#wakeUpsLost = false
    this.#broken.delete(entity)
    this.#onWoken()
  }
}
