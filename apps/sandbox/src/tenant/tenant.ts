import { applyCall } from '../accounting/apply.ts'
import { AccountingQueue } from '../accounting/queue.ts'
import { accountingResources } from '../accounting/resources.ts'
import { crmResources } from '../crm/resources.ts'
import { Outbox } from '../delivery/outbox.ts'
import type { Courier } from '../delivery/post.ts'
import { Ticker } from '../delivery/ticker.ts'
import type { Journal, JournalFile } from '../model/journal.ts'
import type { Resource } from '../model/resource.ts'
import { Tables } from '../model/tables.ts'
import { SYSTEM_RESOURCES } from '../system/resources.ts'
import { Capabilities } from './capabilities.ts'
import { SYSTEMS, TenantClock, type SystemName } from './clock.ts'
import { NumberCounters } from './counters.ts'
import { Faults } from './faults.ts'
import { Limits } from './limits.ts'
import { RequestLog } from './request-log.ts'
import { Setting, type ConnectionState, type Credentials, type DeliverySettings } from './settings.ts'
import { Tokens } from './tokens.ts'

/** Keys of the saved values in the bucket `meta`. */
const META = {
  credentials: 0,
  clock: 1,
  faults: 2,
  limits: 3,
  capabilities: 4,
  counters: 5,
  delivery: 6,
  connection: 7,
} as const

/** What a tenant is made with. */
export interface TenantSetup {
  readonly name: string
  readonly credentials: Credentials
  readonly journal: Journal
  readonly poster: Courier
  readonly commit: () => void
}

/** Everything that belongs to one tenant; tenants share nothing (§5.2). */
export class Tenant {
  readonly name: string
  readonly credentials: Credentials
  readonly clock: TenantClock
  readonly faults: Faults
  readonly limits: Limits
  readonly capabilities: Capabilities
  readonly tokens: Tokens
  readonly requests = new RequestLog()
  readonly counters: NumberCounters
  readonly delivery: Setting<DeliverySettings>
  readonly connection: Setting<ConnectionState>
  readonly outbox: Outbox
  readonly queue: AccountingQueue
  readonly ticker: Ticker
  readonly #setup: TenantSetup
  #tables: Readonly<Record<SystemName, Tables>>

  constructor(setup: TenantSetup) {
    const { journal, poster, commit } = setup
    this.#setup = setup
    this.name = setup.name
    this.credentials = setup.credentials
    journal.put('meta', META.credentials, setup.credentials)
    this.clock = new TenantClock(journal, META.clock)
    this.faults = new Faults(journal, META.faults)
    this.limits = new Limits(journal, META.limits)
    this.capabilities = new Capabilities(journal, META.capabilities)
    this.tokens = new Tokens(journal)
    this.counters = new NumberCounters(journal, META.counters)
    this.delivery = new Setting<DeliverySettings>(journal, META.delivery, { applyDelayMs: 50 })
    this.connection = new Setting<ConnectionState>(journal, META.connection, 'connected')
    this.#tables = this.#emptyTables()
    const wake = (): void => this.ticker.wake()
    this.outbox = new Outbox({ clock: this.clock, faults: this.faults, journal, poster, commit, wake })
    this.queue = new AccountingQueue(this.clock, journal, (call) => {
      try {
        this.outbox.during(call.due, () => applyCall(this, call))
      } catch (error) {
        process.stderr.write(`sandbox: call ${call.sessionId} was lost: ${error instanceof Error ? error.stack : ''}\n`)
      }
      commit()
    })
    this.ticker = new Ticker(this.clock, [this.queue, this.outbox])
  }

  /** The data of the three systems. */
  get tables(): Readonly<Record<SystemName, Tables>> {
    return this.#tables
  }

  /** Clears data, ids, queue and waiting deliveries (§5.3 seed). */
  clearData(): void {
    const data = SYSTEMS.flatMap((system) => this.tables[system].names().map((name) => `${system}.${name}`))
    this.#setup.journal.clear(data)
    this.#tables = this.#emptyTables()
    this.counters.clear()
    this.queue.clear()
    this.outbox.clear()
  }

  /** Clears everything but name, credentials and delivery settings (§5.3 reset). */
  reset(): void {
    this.clearData()
    this.outbox.log.clear()
    this.outbox.lost.clear()
    this.#setup.journal.clear(['tokens'])
    this.tokens.clear()
    this.faults.replace(1, [])
    this.limits.reset()
    this.capabilities.replace({})
    this.clock.reset()
    this.connection.reset()
    this.requests.clear()
  }

  /** Takes over what the journal kept of this tenant. */
  load(file: JournalFile): void {
    const meta = new Map([...file.read(this.name, 'meta')].map(({ key, value }) => [key, value]))
    const parts = { clock: this.clock, faults: this.faults, limits: this.limits, capabilities: this.capabilities }
    for (const [name, part] of Object.entries({
      ...parts,
      counters: this.counters,
      delivery: this.delivery,
      connection: this.connection,
    })) {
      const saved = meta.get(META[name as keyof typeof META])
      if (saved !== undefined) part.load(saved)
    }
    for (const { value } of file.read(this.name, 'tokens')) this.tokens.load(value)
    for (const system of SYSTEMS) this.tables[system].load(file, this.name)
    for (const { value } of file.read(this.name, 'queue')) this.queue.load(value)
    for (const { value } of file.read(this.name, 'lost')) this.outbox.lost.load(value)
    for (const { value } of file.read(this.name, 'deliveries')) this.outbox.load(value)
    this.ticker.wake()
  }

  #emptyTables(): Readonly<Record<SystemName, Tables>> {
    const make = (system: SystemName, resources: readonly Resource[]): Tables =>
      new Tables({
        system,
        resources,
        now: () => this.clock.at(system),
        journal: this.#setup.journal,
        dates: { lenient: system === 'accounting', slashes: system === 'crm' },
      })
    return {
      crm: make(
        'crm',
        crmResources((table, id) => this.tables.crm.table(table).get(id)),
      ),
      accounting: make(
        'accounting',
        accountingResources((table, id) => this.tables.accounting.table(table).get(id)),
      ),
      system: make('system', SYSTEM_RESOURCES),
    }
  }
}
