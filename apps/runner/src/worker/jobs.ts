import type { Clock, Logger, Scheduler } from '@amis-sync/core'
import { toFailure } from '@amis-sync/core'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { RunnerContainer } from '../container.ts'
import type { CommandData, CommandKind } from './commands.ts'

const pollJob = 'tenant.poll'
const auditJob = 'tenant.audit'
const probeJob = 'capabilities.probe'
const timeZone = 'Asia/Ho_Chi_Minh'

/** Jobs of single tenants, by name: their cron, and what their owner is asked to do. */
const tenantJobs: Readonly<Record<string, TenantJob>> = {
  [pollJob]: { cron: ({ pollCron }) => pollCron, kind: 'poll', data: {} },
  [auditJob]: { cron: ({ audit }) => audit, kind: 'desk', data: { operation: 'audit', input: {} } },
}

interface TenantJob {
  readonly cron: (tenant: TenantConfig) => string | undefined
  readonly kind: CommandKind
  readonly data: CommandData[CommandKind]
}

/**
 * The recurring jobs on the scheduler (FW4, FW5): `poll` and `audit` for each tenant that has a cron for it, and one daily look at every
 * tenant's capabilities. Whichever runner a job falls to asks the tenant's owner through the store. Polls at a short interval are the
 * engine's own: they cost the store nothing.
 */
export class Jobs {
  readonly #scheduler: Scheduler
  readonly #container: RunnerContainer
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #tenants: () => ReadonlyMap<string, TenantConfig>
  /** Job and tenant → cron. */
  readonly #planned = new Map<string, string>()

  constructor(scheduler: Scheduler, container: RunnerContainer, tenants: () => ReadonlyMap<string, TenantConfig>) {
    this.#scheduler = scheduler
    this.#container = container
    this.#clock = container.clock
    this.#logger = container.logger
    this.#tenants = tenants
    for (const [name, job] of Object.entries(tenantJobs)) {
      scheduler.define(name, (data) => this.#due(name, job, (data as { tenant: string }).tenant), {
        timeLimitMs: 60_000,
      })
    }
    scheduler.define(probeJob, () => this.#askAll('probe'), { timeLimitMs: 300_000 })
  }

  async start(): Promise<void> {
    await this.#scheduler.start()
    await this.#scheduler.every(probeJob, '30 3 * * *', { timezone: timeZone })
    await this.plan()
  }

  /** Brings the schedules in line with the tenant files. */
  async plan(): Promise<void> {
    for (const [name, { cron }] of Object.entries(tenantJobs)) {
      for (const [tenant, config] of this.#tenants()) {
        const wanted = cron(config)
        const key = `${name} ${tenant}`
        if (wanted === undefined || this.#planned.get(key) === wanted) continue
        await this.#scheduler.every(name, wanted, { key: tenant, data: { tenant }, timezone: timeZone })
        this.#planned.set(key, wanted)
      }
    }
    for (const key of this.#planned.keys()) {
      const [name, tenant] = key.split(' ') as [string, string]
      const config = this.#tenants().get(tenant)
      if (config && tenantJobs[name]!.cron(config) !== undefined) continue
      await this.#scheduler.cancel(name, tenant)
      this.#planned.delete(key)
    }
  }

  /** A schedule may outlive the cron that made it: the file changed while no runner lived. */
  async #due(name: string, { cron, kind, data }: TenantJob, tenant: string): Promise<void> {
    const config = this.#tenants().get(tenant)
    if (config && cron(config) === undefined) await this.#scheduler.cancel(name, tenant)
    else await this.#ask(tenant, name, kind, data)
  }

  async #askAll(kind: CommandKind): Promise<void> {
    for (const tenant of this.#tenants().keys()) await this.#ask(tenant, kind, kind, {})
  }

  /** One request of a kind a second at most, whoever asks. */
  async #ask(tenant: string, name: string, kind: CommandKind, data: object): Promise<void> {
    const now = this.#clock.now()
    try {
      const id = `job-${name}-${Math.floor(now / 1000)}`
      await this.#container.storeOf(tenant).commands.add({ id, kind, data: { ...data }, createdAt: now })
    } catch (error) {
      this.#logger.warn('a scheduled request could not be stored', { tenant, job: name, ...toFailure(error) })
    }
  }
}
