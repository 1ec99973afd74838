import type { Clock, Logger, Scheduler } from '@amis-sync/core'
import { toFailure } from '@amis-sync/core'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { RunnerContainer } from '../container.ts'
import type { CommandKind } from './commands.ts'

const pollJob = 'tenant.poll'
const probeJob = 'capabilities.probe'
const timeZone = 'Asia/Ho_Chi_Minh'

/**
 * The recurring jobs on the scheduler (FW4, FW5): one `poll` for each tenant that has a cron of its own, and one daily look at every
 * tenant's capabilities. Whichever runner a job falls to asks the tenant's owner through the store. Polls at a short interval are the
 * engine's own: they cost the store nothing.
 */
export class Jobs {
  readonly #scheduler: Scheduler
  readonly #container: RunnerContainer
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #tenants: () => ReadonlyMap<string, TenantConfig>
  readonly #planned = new Map<string, string>()

  constructor(scheduler: Scheduler, container: RunnerContainer, tenants: () => ReadonlyMap<string, TenantConfig>) {
    this.#scheduler = scheduler
    this.#container = container
    this.#clock = container.clock
    this.#logger = container.logger
    this.#tenants = tenants
    scheduler.define(pollJob, (data) => this.#poll((data as { tenant: string }).tenant), { timeLimitMs: 60_000 })
    scheduler.define(probeJob, () => this.#askAll('probe'), { timeLimitMs: 300_000 })
  }

  async start(): Promise<void> {
    await this.#scheduler.start()
    await this.#scheduler.every(probeJob, '30 3 * * *', { timezone: timeZone })
    await this.plan()
  }

  /** Brings the schedules in line with the tenant files. */
  async plan(): Promise<void> {
    for (const [tenant, { pollCron }] of this.#tenants()) {
      if (pollCron === undefined || this.#planned.get(tenant) === pollCron) continue
      await this.#scheduler.every(pollJob, pollCron, { key: tenant, data: { tenant }, timezone: timeZone })
      this.#planned.set(tenant, pollCron)
    }
    for (const tenant of this.#planned.keys()) {
      if (this.#tenants().get(tenant)?.pollCron !== undefined) continue
      await this.#scheduler.cancel(pollJob, tenant)
      this.#planned.delete(tenant)
    }
  }

  /** A schedule may outlive the cron that made it: the file changed while no runner lived. */
  async #poll(tenant: string): Promise<void> {
    const config = this.#tenants().get(tenant)
    if (config && config.pollCron === undefined) await this.#scheduler.cancel(pollJob, tenant)
    else await this.#ask(tenant, 'poll')
  }

  async #askAll(kind: CommandKind): Promise<void> {
    for (const tenant of this.#tenants().keys()) await this.#ask(tenant, kind)
  }

  /** One request a second at most, whoever asks. */
  async #ask(tenant: string, kind: CommandKind): Promise<void> {
    const now = this.#clock.now()
    try {
      const id = `job-${kind}-${Math.floor(now / 1000)}`
      await this.#container.storeOf(tenant).commands.add({ id, kind, data: {}, createdAt: now })
    } catch (error) {
      this.#logger.warn('a scheduled request could not be stored', { tenant, job: kind, ...toFailure(error) })
    }
  }
}
