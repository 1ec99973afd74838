import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'
import type { ConnectResult } from '@amis-sync/engine'
import { type Runner, startRunner } from '@amis-sync/runner'
import { startSandbox } from '@amis-sync/sandbox'
import { afterEach } from 'vitest'

/** Rows as the admin interface gives them. */
export type AnyRow = Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- answers of a foreign system

export interface CompanyOptions {
  /** Overrides of the tenant file, merged by section. */
  readonly tenant?: AnyRow
  readonly pollMs?: number
  readonly leaseTtlMs?: number
  /** No deliveries reach the runner: only polls do. */
  readonly deliveries?: boolean
}

const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

export function onClose(close: () => Promise<unknown>): void {
  open.push(close)
}

/** How long all work may take to come to rest, on a machine that is busy with everything else. */
const patienceMs = 15_000

/** Is it no read, no token and no question about a state? */
function isWrite(route: string): boolean {
  return !/^GET |\/Account$|\/token$|\/connect$|get_/.test(route)
}

const webhookSecret = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='

/** The tenant file of the sandbox's built-in company. */
export function tenantFile(sandboxUrl: string, overrides: AnyRow = {}): AnyRow {
  const { connections = {}, ...rest } = overrides
  return {
    tenant: 'demo',
    name: 'Công ty Demo',
    convertedFrom: 'none',
    connections: {
      system: {
        connector: 'amis-system',
        baseUrl: sandboxUrl,
        clientId: 'demo',
        clientSecret: 'demo-system-secret',
        webhookSecret,
        ...connections.system,
      },
      crm: {
        connector: 'amis-crm',
        baseUrl: sandboxUrl,
        clientId: 'demo',
        clientSecret: 'demo-crm-secret',
        webhookSecret,
        ...connections.crm,
      },
      accounting: {
        connector: 'amis-accounting',
        baseUrl: sandboxUrl,
        appId: 'demo-app',
        accessCode: 'demo-access',
        orgCompanyCode: 'demo',
        ...connections.accounting,
      },
    },
    ...rest,
  }
}

/** A company: sandbox, database and runner, each real, all its own. */
export class Company {
  runner!: Runner
  readonly sandboxUrl: string
  readonly mongoUri: string
  readonly #options: CompanyOptions

  constructor(sandboxUrl: string, mongoUri: string, options: CompanyOptions) {
    this.sandboxUrl = sandboxUrl
    this.mongoUri = mongoUri
    this.#options = options
  }

  async start(overrides: AnyRow = {}): Promise<void> {
    const { pollMs = 3_600_000, leaseTtlMs = 3_000, tenant = {}, deliveries = true } = this.#options
    this.runner = await startRunner({
      tenants: [tenantFile(this.sandboxUrl, { ...tenant, ...overrides })],
      mongoUri: this.mongoUri,
      pollMs,
      leaseTtlMs,
    })
    if (deliveries) await this.deliverTo(this.runner.url)
  }

  async deliverTo(url: string): Promise<void> {
    await this.admin('PUT', '/delivery', {
      crmWebhook: { url: `${url}/webhooks/demo/crm`, secret: webhookSecret },
      systemWebhook: { url: `${url}/webhooks/demo/system`, secret: webhookSecret },
      accountingCallback: { url: `${url}/callbacks/demo/accounting` },
      applyDelayMs: 5,
    })
  }

  /** Changes are heard of by polls only: no webhook, no hint, no push. Outcomes of writes still come by callback. */
  async hearByPollsOnly(): Promise<void> {
    const accountingCallback = { url: `${this.runner.url}/callbacks/demo/accounting` }
    await this.admin('PUT', '/delivery', { crmWebhook: null, systemWebhook: null, accountingCallback, applyDelayMs: 5 })
    await this.admin('PUT', '/capabilities', { accounting: { hints: false, pushes: false } })
  }

  async restart(overrides: AnyRow = {}): Promise<void> {
    await this.runner.close()
    await this.start(overrides)
  }

  async admin(method: string, path: string, body?: unknown): Promise<AnyRow> {
    const response = await fetch(`${this.sandboxUrl}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as AnyRow
    if (answer.ok !== true) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }

  /** As a person in one of the systems. */
  async act(system: string, action: string, more: AnyRow = {}): Promise<AnyRow> {
    return (await this.admin('POST', '/act', { system, action, ...more })).record as AnyRow
  }

  create(system: string, entity: string, record: AnyRow): Promise<AnyRow> {
    return this.act(system, 'create', { entity, record })
  }

  update(system: string, entity: string, key: string, changes: AnyRow): Promise<AnyRow> {
    return this.act(system, 'update', { entity, key, changes })
  }

  /** Live rows with this code or number. */
  async find(system: string, entity: string, key: string): Promise<AnyRow | undefined> {
    const { items } = await this.admin('GET', `/state?system=${system}&entity=${entity}&key=${encodeURIComponent(key)}`)
    return (items as AnyRow[]).find((row) => !row.deleted)
  }

  async rows(system: string, entity: string): Promise<AnyRow[]> {
    const { items } = await this.admin('GET', `/state?system=${system}&entity=${entity}`)
    return (items as AnyRow[]).filter((row) => !row.deleted)
  }

  /** Requests since the last call of {@link forget}, by `METHOD /path`. */
  async requests(): Promise<Record<string, number>> {
    return (await this.admin('GET', '/requests')).routes as Record<string, number>
  }

  /** Requests that write: whatever is not a read, a token, a state question. */
  async writes(): Promise<Record<string, number>> {
    return Object.fromEntries(Object.entries(await this.requests()).filter(([route]) => isWrite(route)))
  }

  /** The same, one after the other: `POST /api/v2/Customers`. */
  async writesInOrder(): Promise<string[]> {
    const { rows } = await this.admin('GET', '/requests')
    return (rows as AnyRow[]).map(({ method, path }) => `${method} ${path}`).filter((route) => isWrite(route))
  }

  async forget(): Promise<void> {
    await this.admin('DELETE', '/requests')
  }

  connect(): Promise<ConnectResult> {
    return this.runner.connect('demo')
  }

  /** Delivers what waits and works until nothing happens any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      const { sent, applied } = await this.admin('POST', '/deliveries/flush', {})
      const quiet = await this.engine.quiet(patienceMs)
      if (!quiet) throw new Error(`not quiet: ${JSON.stringify(await this.store.work.counts())}`)
      if (sent === 0 && applied === 0) return
    }
    throw new Error('deliveries never end')
  }

  async poll(): Promise<void> {
    await this.engine.poll()
    await this.settle()
  }

  get engine() {
    const engine = this.runner.engineOf('demo')
    if (!engine) throw new Error('the runner does not hold the tenant')
    return engine
  }

  get store() {
    return this.runner.store.forTenant('demo')
  }
}

/** Opens a company; everything is closed after the test. */
export async function openCompany(options: CompanyOptions = {}): Promise<Company> {
  const database = process.env.MONGODB_URI ? undefined : await startEmbeddedMongo({ dataDir: ':memory:' })
  if (database) onClose(() => database.close())
  const sandbox = await startSandbox({ port: 0 })
  onClose(() => sandbox.close())
  const company = new Company(sandbox.url, process.env.MONGODB_URI ?? database!.uri, options)
  await company.start()
  onClose(() => company.runner.close())
  return company
}

/** A connected company without data: the first sync has nothing to do. */
export async function openLiveCompany(options: CompanyOptions = {}): Promise<Company> {
  const company = await openCompany(options)
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.connect()
  await company.settle()
  await company.forget()
  return company
}
