import { createHash } from 'node:crypto'
import type { AttentionStore, Lease } from '@amis-sync/core'
import { toSyncError } from '@amis-sync/core'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { RunnerContainer } from '../container.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import { planShare, presencePrefix } from './share-plan.ts'
import { TenantHost } from './tenant-host.ts'

/** How often the store is asked for news of all tenants at once, milliseconds. */
const attentionEveryMs = 500
/** How long a tenant that could not be started is left alone, milliseconds. */
const coolDownMs = 10_000

export interface WorkerOptions {
  readonly container: RunnerContainer
  readonly keeper: LeaseKeeper
  readonly attention: AttentionStore
  readonly tenants: readonly TenantConfig[]
  /** Does it count as a runner that shares the tenants? A command line that only lends a hand does not. */
  readonly visible: boolean
}

/** Holds leases, runs the tenants behind them, and shares them with the other runners on the same database. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #tenants: Map<string, TenantConfig>
  readonly #hosts = new Map<string, TenantHost>()
  readonly #leaving = new Set<string>()
  readonly #lost = new WeakSet<TenantHost>()
  readonly #freeSince = new Map<string, number>()
  readonly #coolUntil = new Map<string, number>()
  readonly #abort = new AbortController()
  #nap = new AbortController()
  #loops: Promise<unknown> = Promise.resolve()
  #guard: NodeJS.Timeout | undefined
  #presence: string | undefined
  #troubled = false
  #starting: Promise<void> = Promise.resolve()

  constructor(options: WorkerOptions) {
    this.#options = options
    this.#tenants = new Map(options.tenants.map((tenant) => [tenant.tenant, tenant]))
  }

  get holder(): string {
    return this.#options.keeper.holder
  }

  get tenants(): ReadonlyMap<string, TenantConfig> {
    return this.#tenants
  }

  host(tenant: string): TenantHost | undefined {
    return this.#hosts.get(tenant)
  }

  /** Takes its first leases and starts their tenants, then goes on by itself. */
  async start(): Promise<void> {
    await this.#beat()
    const { ttlMs } = this.#options.keeper
    this.#guard = setInterval(() => this.#dropUnsafe(), ttlMs / 15)
    this.#loops = Promise.all([this.#beatLoop(), this.#attentionLoop()])
    await this.#starting
  }

  /** Finishes what is under way, then gives all leases back. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#nap.abort()
    await Promise.all([...this.#hosts.values()].map((host) => host.stop()))
    await this.#loops
    await Promise.all([...this.#hosts.values()].map((host) => host.stop()))
    clearInterval(this.#guard)
    this.#hosts.clear()
    await this.#options.keeper.releaseAll()
  }

  /** Something for this tenant was just stored by this very process. */
  wake(tenant: string): void {
    this.#hosts.get(tenant)?.wake()
  }

  /** A tenant file that is new or changed. */
  async put(config: TenantConfig): Promise<void> {
    this.#tenants.set(config.tenant, config)
    this.#coolUntil.delete(config.tenant)
    await this.#hosts.get(config.tenant)?.apply(config)
    this.#nap.abort()
  }

  /** A tenant file that is gone: its work stops, its data stays. */
  remove(tenant: string): void {
    this.#tenants.delete(tenant)
    this.#nap.abort()
  }

  async #beatLoop(): Promise<void> {
    const { clock } = this.#options.container
    let delay = this.#options.keeper.ttlMs / 3
    while (!this.#abort.signal.aborted) {
      this.#nap = new AbortController()
      await clock.sleep(delay, AbortSignal.any([this.#nap.signal, this.#abort.signal]))
      if (!this.#abort.signal.aborted) delay = await this.#beat()
    }
  }

  /** Renews, lets go of what is lost, takes and gives by the share. Answers how long to wait for the next time. */
  async #beat(): Promise<number> {
    const { keeper, container } = this.#options
    const pause = keeper.ttlMs / 3
    try {
      // What became unsafe is stopped before it may become safe again: its engine has given up.
      this.#dropUnsafe()
      const { lost, all } = await keeper.beat()
      for (const tenant of lost) this.#drop(tenant, 'the lease was lost')
      if (this.#options.visible) await this.#showPresence()
      if (this.#troubled) container.logger.info('the database answers again')
      this.#troubled = false
      return Math.max(20, Math.min(pause, await this.#share(all)))
    } catch (error) {
      const { code, text } = toSyncError(error)
      if (!this.#troubled) container.logger.error('leases cannot be renewed', { code, error: text.en })
      this.#troubled = true
      this.#dropUnsafe()
      return Math.min(pause, 1_000)
    }
  }

  async #share(leases: readonly Lease[]): Promise<number> {
    const { keeper } = this.#options
    const now = keeper.serverNow()
    const held = new Set([...keeper.held].filter((name) => !name.startsWith(presencePrefix)))
    const overdue = new Set(
      [...this.#freeSince].filter(([, since]) => now - since > 2 * keeper.ttlMs).map(([tenant]) => tenant),
    )
    const tenants = [...this.#tenants.keys()].filter((tenant) => (this.#coolUntil.get(tenant) ?? 0) <= now).toSorted()
    const busy = new Set([...this.#hosts.values()].filter((host) => host.busy).map((host) => host.tenant))
    const peers = this.#peers()
    const plan = planShare({ tenants, held, busy, leases, peers, holder: keeper.holder, now, overdue })
    for (const tenant of this.#freeSince.keys()) if (!plan.free.includes(tenant)) this.#freeSince.delete(tenant)
    for (const tenant of plan.free) if (!this.#freeSince.has(tenant)) this.#freeSince.set(tenant, now)
    for (const tenant of plan.release) void this.#giveBack(tenant)
    await Promise.all(plan.acquire.map((tenant) => this.#take(tenant)))
    // A lease that became safe again after its tenant was stopped.
    for (const tenant of held) if (!this.#hosts.has(tenant) && !this.#leaving.has(tenant)) this.#run(tenant)
    return plan.nextExpiry === undefined ? Infinity : plan.nextExpiry - keeper.serverNow() + 25
  }

  async #take(tenant: string): Promise<void> {
    if (this.#abort.signal.aborted || this.#leaving.has(tenant)) return
    if (await this.#options.keeper.acquire(tenant)) this.#run(tenant)
  }

  #run(tenant: string): void {
    const config = this.#tenants.get(tenant)
    if (!config || this.#abort.signal.aborted) return
    const { container, keeper } = this.#options
    const leased = () => {
      // A lease that was lost and taken again is not this host's any more.
      const safe = this.#lost.has(host) ? false : keeper.isLeased(tenant)
      if (!safe && this.#hosts.get(tenant) === host) this.#drop(tenant, 'the lease could not be renewed in time')
      return safe
    }
    const host: TenantHost = new TenantHost(config, container, leased)
    this.#hosts.set(tenant, host)
    container.logger.info('tenant taken', { tenant })
    const started = host.start().catch((error: unknown) => {
      const { code, text } = toSyncError(error)
      container.logger.error('the tenant cannot be started', { tenant, code, error: text.en })
      this.#coolUntil.set(tenant, keeper.serverNow() + coolDownMs)
      void this.#giveBack(tenant)
    })
    this.#starting = Promise.all([this.#starting, started]).then(() => undefined)
  }

  async #giveBack(tenant: string): Promise<void> {
    if (this.#leaving.has(tenant)) return
    this.#leaving.add(tenant)
    const host = this.#hosts.get(tenant)
    this.#hosts.delete(tenant)
    try {
      await host?.stop()
      await this.#options.keeper.release(tenant)
      this.#options.container.logger.info('tenant given back', { tenant })
    } catch (error) {
      this.#options.container.logger.warn('a lease could not be given back; it will run out', {
        tenant,
        code: toSyncError(error).code,
      })
    } finally {
      this.#leaving.delete(tenant)
    }
  }

  #drop(tenant: string, why: string): void {
    const host = this.#hosts.get(tenant)
    if (!host) return
    this.#hosts.delete(tenant)
    this.#lost.add(host)
    this.#leaving.add(tenant)
    this.#options.container.logger.warn(`tenant stopped: ${why}`, { tenant })
    void host.abandon().finally(() => this.#leaving.delete(tenant))
  }

  #dropUnsafe(): void {
    for (const tenant of this.#options.keeper.unsafe()) this.#drop(tenant, 'the lease could not be renewed in time')
  }

  /** Runners with the same tenants see each other by leases of this prefix. */
  #peers(): string {
    const names = [...this.#tenants.keys()].toSorted().join()
    return `${presencePrefix}${createHash('sha256').update(names).digest('hex').slice(0, 8)}.`
  }

  async #showPresence(): Promise<void> {
    const { keeper } = this.#options
    const peers = this.#peers()
    if (this.#presence?.startsWith(peers) && keeper.held.has(this.#presence)) return
    if (this.#presence) await keeper.release(this.#presence)
    for (let slot = 1; ; slot += 1) {
      if (!(await keeper.acquire(`${peers}${slot}`))) continue
      this.#presence = `${peers}${slot}`
      return
    }
  }

  async #attentionLoop(): Promise<void> {
    const { container, attention } = this.#options
    while (!this.#abort.signal.aborted) {
      await container.clock.sleep(attentionEveryMs, this.#abort.signal)
      if (this.#hosts.size === 0 || this.#abort.signal.aborted) continue
      try {
        for (const tenant of await attention.tenantsWithNews([...this.#hosts.keys()])) this.wake(tenant)
      } catch {
        // The beat tells when the database does not answer.
      }
    }
  }
}
