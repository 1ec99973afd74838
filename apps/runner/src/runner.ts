import { hostname } from 'node:os'
import { SyncError } from '@amis-sync/core'
import type { Logger, Scheduler, Store } from '@amis-sync/core'
import type {
  ConnectResult,
  ProgressListener,
  TenantEngine,
  DeskInput,
  DeskOperation,
  DeskOutput,
} from '@amis-sync/engine'
import { noMetrics } from './adapters/no-metrics.ts'
import { silentLogger } from './adapters/pino-logger.ts'
import { systemIds, systemRandom } from './adapters/random.ts'
import { systemClock } from './adapters/system-clock.ts'
import { configError, problemText } from './config/config-problem.ts'
import { didYouMean } from './config/did-you-mean.ts'
import { defaultConnectors, defaultPlugins } from './config/runner-config.ts'
import { checkTenantValue } from './config/tenant-config.ts'
import type { TenantConfig } from './config/tenant-config.ts'
import type { Loaded } from './config/tenant-schema.ts'
import { createRunnerContainer } from './container.ts'
import type { RunnerContainer } from './container.ts'
import { createReceivers } from './http/receivers.ts'
import type { HttpServer } from './http/http-server.ts'
import { requirePackages } from './plugins/load-packages.ts'
import { readSetup } from './setup.ts'
import { askOwner } from './worker/ask-owner.ts'
import type { CommandData, CommandKind, CommandResult } from './worker/commands.ts'
import { Jobs } from './worker/jobs.ts'
import { LeaseKeeper } from './worker/lease-keeper.ts'
import { followTenantFiles } from './worker/tenant-files.ts'
import { Worker } from './worker/worker.ts'

/** How long a lease lasts, milliseconds. */
const defaultLeaseTtlMs = 15_000

export interface RunnerOptions {
  /** A configuration folder; its tenant files are followed while the runner lives. Either this or `tenants`. */
  readonly configDir?: string
  /** Tenants as values of a tenant file; secrets may stand in them. */
  readonly tenants?: readonly unknown[]
  /** Packages to load, when there is no configuration folder. Default: all of the product's. */
  readonly plugins?: readonly string[]
  readonly connectors?: readonly string[]
  readonly mongoUri: string
  readonly database?: string
  readonly host?: string
  /** 0 (default): any free port. */
  readonly port?: number
  readonly leaseTtlMs?: number
  /** Overrides the tenants' own polling interval. */
  readonly pollMs?: number
  readonly logger?: Logger
  readonly variables?: Readonly<Record<string, string | undefined>>
  /**
   * `runner` (default): shares tenants with other runners, carries jobs, follows tenant files. `helper`: a command line that lends a hand
   * for these tenants when nobody holds them; goes without HTTP where the port is taken.
   */
  readonly role?: 'runner' | 'helper'
  /** With role `helper`: the tenants in question. */
  readonly only?: readonly string[]
}

export interface Runner {
  /** Where deliveries arrive; empty for a helper that found the port taken. */
  readonly url: string
  readonly holder: string
  readonly loaded: Loaded
  readonly store: Store
  tenants(): ReadonlyMap<string, TenantConfig>
  /** The tenant's engine, while this runner holds its lease. */
  engineOf(tenant: string): TenantEngine | undefined
  /** First sync of a tenant, here or at whichever runner holds it. */
  connect(tenant: string, onProgress?: ProgressListener): Promise<ConnectResult>
  /** An operation of the engine's desk, done by the tenant's owner. */
  desk<N extends DeskOperation>(
    tenant: string,
    operation: N,
    input: DeskInput<N>,
    options?: { readonly onProgress?: ProgressListener; readonly signal?: AbortSignal },
  ): Promise<DeskOutput<N>>
  /** Asks the tenant's owner, this runner or another. */
  ask<K extends CommandKind>(
    tenant: string,
    kind: K,
    data: CommandData[K],
    options?: { readonly onProgress?: ProgressListener; readonly signal?: AbortSignal },
  ): Promise<CommandResult>
  close(): Promise<void>
}

/**
 * Starts a runner: HTTP first (so that a port in use is told at once), then leases and tenants. Throws `SyncError`s: the database's
 * (`DATABASE_…`), `PORT_IN_USE`, `CONFIG_INVALID`, a package's fault.
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const logger = options.logger ?? silentLogger
  const helper = options.role === 'helper'
  const { loaded, tenants, tenantsDir } = await whatToRun(options, logger)
  const { createMongoStore } = await import('@amis-sync/store-mongodb')
  const database = await createMongoStore({
    uri: options.mongoUri,
    ...(options.database === undefined ? {} : { database: options.database }),
  })
  const holder = `${hostname()}/${process.pid}/${systemIds.next().slice(0, 8)}`
  const closers: (() => Promise<unknown>)[] = [database.close]
  const closeAll = async () => {
    for (const close of closers.toReversed())
      await close().catch((error: unknown) => logger.warn('not closed cleanly', { error: String(error) }))
    closers.length = 0
  }
  try {
    const scheduler = helper ? noScheduler : await openScheduler(options, holder, logger)
    closers.push(() => scheduler.stop())
    const container = createRunnerContainer({
      clock: systemClock,
      random: systemRandom,
      ids: systemIds,
      logger,
      metrics: noMetrics,
      store: database.store,
      scheduler,
      plugins: loaded.plugins,
      connectors: loaded.connectors,
    })
    const { leases, attention } = database.store
    const keeper = new LeaseKeeper({
      leases,
      clock: systemClock,
      holder,
      ttlMs: options.leaseTtlMs ?? defaultLeaseTtlMs,
    })
    const worker = new Worker({ container, keeper, attention, tenants, visible: !helper })
    const http = await openHttp(options, container, worker, database.ping)
    if (http) closers.push(http.close)
    closers.push(() => worker.stop())
    await worker.start()
    if (!helper) {
      const jobs = new Jobs(scheduler, container, () => worker.tenants)
      await jobs.start()
      if (tenantsDir !== undefined) {
        const variables = options.variables ?? process.env
        const change = (tenant: TenantConfig) => overridden(tenant, options)
        closers.push(
          await followTenantFiles({ directory: tenantsDir, loaded, worker, jobs, logger, variables, change }),
        )
      }
    }
    return runnerOf({ url: http?.url ?? '', holder, loaded, store: database.store, worker, close: closeAll })
  } catch (error) {
    await closeAll()
    throw error
  }
}

function runnerOf(
  parts: Pick<Runner, 'url' | 'holder' | 'loaded' | 'store' | 'close'> & { readonly worker: Worker },
): Runner {
  const { worker, ...rest } = parts
  const ask: Runner['ask'] = async (tenant, kind, data, options = {}) => {
    if (!worker.tenants.has(tenant)) throw unknownTenant(tenant, [...worker.tenants.keys()])
    return askOwner(kind, data, {
      store: parts.store.forTenant(tenant),
      clock: systemClock,
      id: systemIds.next(),
      onStored: () => worker.wake(tenant),
      ...options,
    })
  }
  return {
    ...rest,
    tenants: () => worker.tenants,
    engineOf: (tenant) => worker.host(tenant)?.engine,
    ask,
    desk: async <N extends DeskOperation>(
      tenant: string,
      operation: N,
      input: DeskInput<N>,
      options: { readonly onProgress?: ProgressListener; readonly signal?: AbortSignal } = {},
    ) => (await ask(tenant, 'desk', { operation, input }, options)).desk as DeskOutput<N>,
    connect: async (tenant, onProgress) => {
      const { connect } = await ask(tenant, 'connect', {}, onProgress ? { onProgress } : {})
      return connect!
    },
  }
}

/** Code `TENANT_UNKNOWN`, with the name that was probably meant. */
export function unknownTenant(tenant: string, known: readonly string[]): SyncError {
  const meant = didYouMean(tenant, known)
  const list = known.length > 0 ? known.join(', ') : '–'
  return new SyncError({
    code: 'TENANT_UNKNOWN',
    kind: 'config',
    message: {
      vi: `Không có tenant "${tenant}". ${meant ? `Có phải "${meant}"? ` : ''}Các tenant đã cấu hình: ${list}`,
      en: `There is no tenant "${tenant}". ${meant ? `Did you mean "${meant}"? ` : ''}Configured: ${list}`,
    },
  })
}

async function whatToRun(options: RunnerOptions, logger: Logger) {
  if (options.configDir !== undefined) {
    const { loaded, tenants, problems, tenantsDir } = await readSetup(
      options.configDir,
      options.variables ?? process.env,
    )
    for (const problem of problems) logger.error('a tenant file is not used', { problem: problemText(problem, 'en') })
    const wanted = tenants.filter(({ tenant }) => !options.only || options.only.includes(tenant))
    return { loaded, tenants: wanted.map((tenant) => overridden(tenant, options)), tenantsDir }
  }
  const loaded = await requirePackages({
    plugins: options.plugins ?? defaultPlugins,
    connectors: options.connectors ?? defaultConnectors,
    directory: process.cwd(),
  })
  const tenants: TenantConfig[] = []
  for (const value of options.tenants ?? []) {
    const checked = await checkTenantValue(value, loaded)
    if (!checked.value) throw configError(checked.problems)
    if (checked.value.enabled) tenants.push(overridden(checked.value, options))
  }
  return { loaded, tenants, tenantsDir: undefined }
}

function overridden(tenant: TenantConfig, { pollMs }: RunnerOptions): TenantConfig {
  return pollMs === undefined ? tenant : { ...tenant, settings: { ...tenant.settings, pollMs } }
}

async function openHttp(
  options: RunnerOptions,
  container: RunnerContainer,
  worker: Worker,
  ready: () => Promise<void>,
): Promise<HttpServer | undefined> {
  const { startHttpServer } = await import('./http/http-server.ts')
  const receivers = createReceivers(
    container,
    () => worker.tenants,
    (tenant) => worker.wake(tenant),
  )
  const { host = '127.0.0.1', port = 0 } = options
  try {
    const server = await startHttpServer({ host, port, receivers, ids: systemIds, logger: container.logger, ready })
    return { url: server.url, close: () => server.close().then(() => receivers.close()) }
  } catch (error) {
    if (options.role !== 'helper') throw error
    container.logger.info('deliveries are left to the runner that has the port', { port })
    return undefined
  }
}

const noScheduler: Scheduler = {
  define: () => undefined,
  every: async () => undefined,
  once: async () => undefined,
  cancel: async () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
}

async function openScheduler(options: RunnerOptions, holder: string, logger: Logger): Promise<Scheduler> {
  const { createAgendaScheduler } = await import('@amis-sync/scheduler-agenda')
  return createAgendaScheduler({
    uri: options.mongoUri,
    database: options.database ?? 'amis_sync',
    name: holder,
    logger,
  })
}
