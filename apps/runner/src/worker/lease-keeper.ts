import type { Clock, Lease, LeaseStore } from '@amis-sync/core'
import { isSafe, readServerClock, safetyShare, serverNow } from './lease-term.ts'
import type { LeaseTerm, Moment, ServerClock } from './lease-term.ts'

interface Held {
  readonly epoch: number
  readonly term: LeaseTerm
}

/** The leases of one runner: taken, renewed and watched on the database's clock and the machine's own. */
export class LeaseKeeper {
  readonly #leases: LeaseStore
  readonly #clock: Clock
  readonly #held = new Map<string, Held>()
  readonly holder: string
  readonly ttlMs: number
  #server: ServerClock | undefined

  constructor(options: {
    readonly leases: LeaseStore
    readonly clock: Clock
    readonly holder: string
    readonly ttlMs: number
  }) {
    this.#leases = options.leases
    this.#clock = options.clock
    this.holder = options.holder
    this.ttlMs = options.ttlMs
  }

  get held(): ReadonlySet<string> {
    return new Set(this.#held.keys())
  }

  /** May this runner still act for the tenant? Costs nothing; false well before anybody else may. */
  isLeased(tenant: string): boolean {
    const held = this.#held.get(tenant)
    return held !== undefined && isSafe(held.term, this.#moment())
  }

  /** The server's time, as far as it is known. Call {@link beat} first. */
  serverNow(): number {
    return this.#server ? serverNow(this.#server, this.#clock.monotonic()) : this.#clock.now()
  }

  /** Takes a lease that is free or has run out. */
  async acquire(tenant: string): Promise<boolean> {
    if (!this.#server) await this.#readServer()
    const since = this.#moment()
    const lease = await this.#leases.acquire(tenant, this.holder, this.ttlMs, serverNow(this.#server!, since.monotonic))
    if (!lease) return false
    this.#held.set(tenant, { epoch: lease.epoch, term: { since, ttlMs: this.ttlMs } })
    return true
  }

  /**
   * Renews every lease and reads all leases of the database: three commands, however many tenants. Answers with the tenants whose lease
   * is lost, which are no longer held.
   */
  async beat(): Promise<{ readonly lost: readonly string[]; readonly all: readonly Lease[] }> {
    await this.#readServer()
    const since = this.#moment()
    const ours = [...this.#held].map(([tenant, { epoch }]) => ({ tenant, epoch }))
    const renewed = new Set(
      await this.#leases.renew(ours, this.holder, this.ttlMs, serverNow(this.#server!, since.monotonic)),
    )
    const lost: string[] = []
    for (const { tenant, epoch } of ours) {
      if (renewed.has(tenant)) this.#held.set(tenant, { epoch, term: { since, ttlMs: this.ttlMs } })
      else {
        this.#held.delete(tenant)
        lost.push(tenant)
      }
    }
    return { lost, all: await this.#leases.all() }
  }

  /** Held leases that are no longer safe to work with, because the database did not answer in time. */
  unsafe(): string[] {
    return [...this.#held.keys()].filter((tenant) => !this.isLeased(tenant))
  }

  async release(tenant: string): Promise<void> {
    if (this.#held.delete(tenant)) await this.#leases.release(tenant, this.holder)
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((tenant) => this.release(tenant)))
  }

  async #readServer(): Promise<void> {
    const before = this.#clock.monotonic()
    const server = await this.#leases.serverTime()
    const after = this.#clock.monotonic()
    // An answer that took longer than the safety share says too little; the last good reading is better.
    if (this.#server && after - before > this.ttlMs * safetyShare) return
    this.#server = readServerClock(server, before, after)
  }

  #moment(): Moment {
    return { monotonic: this.#clock.monotonic(), wall: this.#clock.now() }
  }
}
