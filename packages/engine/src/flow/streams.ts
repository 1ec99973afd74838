import { type Failure, type SystemId, toSyncError } from '@amis-sync/core'
import { backoffMs } from '../pure/backoff.ts'
import { Outages } from './outages.ts'
import type { Signal } from './signal.ts'
import { systemOf } from './tagged-connection.ts'
import type { TenantContext } from './tenant-context.ts'

/** How long a stream rests after trouble that only a person can mend, milliseconds. */
const personMs = 30_000

/** Runs the engine's loops: each goes on by itself after trouble, and all of them end together. */
export class Streams {
  readonly #context: TenantContext
  readonly #outages = new Outages()
  readonly #halt = new AbortController()
  /** What connections are in trouble has changed. */
  readonly #onOutage: () => Promise<void>
  #running = false
  #busy = 0

  constructor(context: TenantContext, onOutage: () => Promise<void>) {
    this.#context = context
    this.#onOutage = onOutage
  }

  get running(): boolean {
    return this.#running
  }

  /** How many streams are at work, not asleep. */
  get busy(): number {
    return this.#busy
  }

  /** Troubles of connections, by system. */
  get failures(): Readonly<Partial<Record<SystemId, Failure>>> {
    return this.#outages.failures
  }

  start(): void {
    this.#running = true
  }

  /** Ends every sleep; what is under way is finished. */
  stop(): void {
    this.#running = false
    this.#halt.abort()
  }

  /** Runs a task until it succeeds or the engine stops. */
  async persist(name: string, task: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; this.#running; attempt += 1) {
      try {
        await task()
        return await this.wentOn(name)
      } catch (error) {
        await this.pause(name, error, attempt)
      }
    }
  }

  /** `task` says how long to sleep unless something wakes the loop. */
  async loop(name: string, signal: Signal, task: () => Promise<number>): Promise<void> {
    let attempt = 0
    while (this.#running) {
      try {
        this.#busy += 1
        const sleepMs = await task().finally(() => (this.#busy -= 1))
        if (attempt > 0) await this.wentOn(name)
        attempt = 0
        if (this.#running) await signal.wait(this.#context.clock, sleepMs)
      } catch (error) {
        attempt += 1
        await this.pause(name, error, attempt)
      }
    }
  }

  /** Passing troubles are waited out; others, and a stop, are the caller's. */
  async patiently<T>(step: number, task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await task()
      } catch (error) {
        const known = toSyncError(error)
        const passing = known.kind === 'retriable' || known.kind === 'rateLimited' || known.kind === 'inDoubt'
        if (!passing || !this.#running || known.code === 'INTERNAL' || known.code === 'LEASE_LOST') throw error
        this.#context.logger.warn('first sync waits', { step, code: known.code, attempt, why: known.text.en })
        await this.#sleep(known.retryAfterMs ?? this.#backoff(attempt))
      }
    }
  }

  /** A stream met trouble: it is told, and rests. Without the lease everything ends. */
  async pause(name: string, error: unknown, attempt: number): Promise<void> {
    const known = toSyncError(error)
    const system = systemOf(error)
    if (known.code === 'LEASE_LOST') this.#running = false
    if (!this.#running) return
    const person = known.kind === 'needsPerson' || known.kind === 'config'
    this.#context.logger.warn('stream pauses', { stream: name, system, code: known.code, attempt, why: known.text.en })
    if (this.#outages.add(name, system, known)) await this.#onOutage().catch(() => undefined)
    await this.#sleep(known.retryAfterMs ?? (person ? personMs : this.#backoff(attempt)))
  }

  async wentOn(name: string): Promise<void> {
    if (this.#outages.end(name)) await this.#onOutage()
  }

  #backoff(attempt: number): number {
    return backoffMs(Math.min(attempt, 6), this.#context.random.next())
  }

  #sleep(ms: number): Promise<void> {
    return this.#context.clock.sleep(ms, this.#halt.signal)
  }
}
