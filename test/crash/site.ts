import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TenantStore } from '@amis-sync/core'
import { startSandbox } from '@amis-sync/sandbox'
import { type MongoStore, createMongoStore } from '@amis-sync/store-mongodb'
import { afterEach } from 'vitest'
import { Balancer } from './balancer.ts'
import { Child } from './child.ts'
import { Tenant, secrets } from './tenant.ts'
import { until } from './until.ts'

const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A feed that was asked because of a delivery leaves no trace in the store until it answers. */
const calmMs = 400

export interface SiteOptions {
  readonly tenants?: readonly string[]
  /** How long a lease of the runners lasts. */
  readonly leaseMs?: number
  readonly pollMs?: number
}

/** A runner of the site: its process, and who it is. */
export interface RunningRunner {
  readonly process: Child
  readonly url: string
  readonly holder: string
}

/**
 * Where everything runs as it does at a company: the database and each runner in a process of its own that can be killed, the three
 * systems at the other end of real HTTP, one address for deliveries in front of the runners.
 */
export class Site {
  readonly tenants: readonly Tenant[]
  readonly leaseMs: number
  readonly #folder: string
  readonly #balancer: Balancer
  readonly #pollMs: number
  #database: Child
  #uri: string
  #watcher: MongoStore

  private constructor(parts: {
    readonly folder: string
    readonly balancer: Balancer
    readonly tenants: readonly Tenant[]
    readonly database: Child
    readonly uri: string
    readonly watcher: MongoStore
    readonly options: SiteOptions
  }) {
    this.tenants = parts.tenants
    this.leaseMs = parts.options.leaseMs ?? 3_000
    this.#pollMs = parts.options.pollMs ?? 3_600_000
    this.#folder = parts.folder
    this.#balancer = parts.balancer
    this.#database = parts.database
    this.#uri = parts.uri
    this.#watcher = parts.watcher
  }

  static async open(options: SiteOptions = {}): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'amis-sync-crash-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const sandbox = await startSandbox()
    closers.push(() => sandbox.close())
    const balancer = new Balancer()
    const deliveryUrl = await balancer.listen()
    closers.push(() => balancer.close())
    const { database, uri } = await startDatabase(folder, 0)
    const watcher = await createMongoStore({ uri, appName: 'crash-tests' })
    closers.push(() => watcher.close())
    const config = join(folder, 'config')
    await mkdir(join(config, 'tenants'), { recursive: true })
    await writeFile(join(config, 'amis-sync.yaml'), 'log: { level: info }\n')
    const tenants = (options.tenants ?? ['acme']).map((name) => new Tenant(name, sandbox.url, deliveryUrl))
    for (const tenant of tenants) {
      await tenant.open()
      await writeFile(join(config, 'tenants', `${tenant.name}.yaml`), JSON.stringify(tenant.file(), undefined, 2))
    }
    return new Site({ folder, balancer, tenants, database, uri, watcher, options })
  }

  /** The only tenant, or the first of several. */
  get tenant(): Tenant {
    return this.tenants[0]!
  }

  storeOf(tenant: Tenant): TenantStore {
    return this.#watcher.store.forTenant(tenant.name)
  }

  get store(): TenantStore {
    return this.storeOf(this.tenant)
  }

  async startRunner(): Promise<RunningRunner> {
    const process = new Child('apps/runner/src/main.ts', ['run', '--output', 'json'], {
      ...secrets,
      MONGODB_URI: this.#uri,
      AMIS_SYNC_CONFIG: join(this.#folder, 'config'),
      AMIS_SYNC_DATA: join(this.#folder, 'data'),
      AMIS_SYNC_PORT: '0',
      AMIS_SYNC_LEASE_MS: String(this.leaseMs),
      AMIS_SYNC_POLL_MS: String(this.#pollMs),
    })
    const { url, holder } = await process.ready<{ url: string; holder: string }>()
    this.#balancer.targets.add(url)
    void process.exit.then(() => this.#balancer.targets.delete(url))
    return { process, url, holder }
  }

  /** From now on deliveries with such a body get lost on their way, as if somebody in between had taken them; without one, none. */
  lose(deliveries?: RegExp): void {
    this.#balancer.loses = deliveries
  }

  /** `kill -9`. */
  killDatabase(): Promise<void> {
    return this.#database.kill()
  }

  /** Again, on the same data and at the same address. */
  async restartDatabase(): Promise<void> {
    const { database } = await startDatabase(this.#folder, Number(new URL(this.#uri).port))
    this.#database = database
  }

  /** Asks for the first sync through the store, as the command line does. */
  async askToConnect(tenant = this.tenant): Promise<void> {
    await this.storeOf(tenant).commands.add({ id: 'connect', kind: 'connect', data: {}, createdAt: Date.now() })
  }

  /** Resolves when the first sync is finished and nothing is on its way any more. */
  async connected(tenant = this.tenant, withinMs = 30_000): Promise<void> {
    await until(`${tenant.name} is live`, async () => (await this.storeOf(tenant).state())?.phase === 'live', withinMs)
    await this.quiet(tenant)
  }

  /** Resolves when nothing has been ready, under way or undelivered for a while. */
  async quiet(tenant = this.tenant, withinMs = 20_000): Promise<void> {
    let calmSince = Infinity
    await until(
      `${tenant.name} is quiet`,
      async () => {
        const open = await this.#open(tenant)
        if (open !== undefined) {
          calmSince = Infinity
          throw new Error(open)
        }
        calmSince = Math.min(calmSince, Date.now())
        return Date.now() - calmSince >= calmMs
      },
      withinMs,
    )
  }

  async #open(tenant: Tenant): Promise<string | undefined> {
    const store = this.storeOf(tenant)
    // Deliveries that nobody took while the runner was away are repeated now rather than up to half a minute later.
    await tenant.admin('POST', '/deliveries/flush', {})
    const { pending, queued } = await tenant.admin('GET', '/deliveries')
    const open = {
      deliveries: pending + queued,
      inbox: (await store.inbox.pending(1)).length,
      journal: await store.journal.count(),
      work: (await store.work.counts()).filter(({ state }) => /ready|accepted|failed/.test(state)),
    }
    return open.deliveries + open.inbox + open.journal + open.work.length > 0 ? JSON.stringify(open) : undefined
  }

  /** Tenant → holder of its lease, while it lasts. */
  async holders(): Promise<Record<string, string>> {
    const now = await this.#watcher.store.leases.serverTime()
    const leases = await this.#watcher.store.leases.all()
    return Object.fromEntries(
      leases
        .filter(({ tenant, expiresAt }) => expiresAt > now && !tenant.startsWith('@'))
        .map(({ tenant, holder }) => [tenant, holder]),
    )
  }
}

async function startDatabase(folder: string, port: number): Promise<{ database: Child; uri: string }> {
  const database = new Child('packages/embedded-mongodb/src/serve.ts', [
    '--data',
    join(folder, 'db'),
    '--port',
    String(port),
  ])
  const { uri } = await database.ready<{ uri: string }>()
  return { database, uri }
}
