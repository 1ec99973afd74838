import type { Connection, HttpCarrier, Logger, SystemId, TenantStore } from '@amis-sync/core'
import { type TenantEngine, type TenantSettings, createTenantEngine } from '@amis-sync/engine'
import { type Chance, ProcessTwin, type Timeline, type Trace } from '@amis-sync/testkit/simulation'
import type { Cast } from './cast.ts'
import { type Network, carrierOf } from './network.ts'
import { connectionConfigs } from './systems.ts'

export interface RunnerSetup {
  readonly name: string
  readonly cast: Cast
  readonly timeline: Timeline
  readonly chance: Chance
  readonly network: Network
  readonly store: TenantStore
  readonly settings: TenantSettings
  readonly trace: Trace
  /** The first sync is through. */
  readonly onLive: () => void
  /** Faults of the product's own, which no fault from outside excuses. */
  readonly fault: (what: string) => void
}

/** How long a lease lasts, and how often it is renewed, milliseconds. */
export const leaseMs = 3_000
const renewMs = 1_000
/** The last part of a lease is never used (runner, lease-term.ts). */
const usedShare = 0.8

/** A runner process that holds the tenant's lease: the real engine over the real connectors. */
export class RunnerTwin {
  readonly process: ProcessTwin
  readonly engine: TenantEngine
  readonly connections: ReadonlyMap<SystemId, Connection>
  readonly #setup: RunnerSetup
  #leasedUntil: number
  #connecting = false

  constructor(setup: RunnerSetup) {
    this.#setup = setup
    const { timeline, chance, cast, network, store, settings } = setup
    this.process = new ProcessTwin(timeline, chance)
    this.#leasedUntil = timeline.now + leaseMs
    const carry = (system: SystemId): HttpCarrier => carrierOf(network, this.process, system)
    this.connections = openConnections(cast, (system) => ({
      tenant: 'demo',
      clock: this.process.clock,
      random: chance,
      logger: this.#logger(),
      carry: carry(system),
    }))
    this.engine = createTenantEngine({
      settings,
      plugins: cast.plugins,
      connections: this.connections,
      store: this.process.store(store),
      clock: this.process.clock,
      random: chance,
      logger: this.#logger(),
      metrics: { count: () => undefined, gauge: () => undefined },
      leased: () => timeline.now < this.#leasedUntil - leaseMs * (1 - usedShare),
    })
  }

  get leasedUntil(): number {
    return this.#leasedUntil
  }

  /** Starts the engine, and goes on with a first sync that was begun. */
  async start(connect: boolean): Promise<void> {
    this.#renew()
    await this.engine.start()
    if (connect) this.connect()
  }

  /** First sync, until it is through: a person asks again when it stopped. */
  connect(): void {
    if (this.#connecting) return
    this.#connecting = true
    void this.#connect()
  }

  async #connect(): Promise<void> {
    const { name, trace, onLive } = this.#setup
    try {
      trace.add(`${name} first sync: ${(await this.engine.connect()).state}`)
      onLive()
    } catch (error) {
      trace.add(`${name} first sync stopped: ${String(error)}`)
      await this.process.clock.sleep(5_000)
      this.#connecting = false
      if (this.holds()) this.connect()
    }
  }

  holds(): boolean {
    return this.process.alive && this.#setup.timeline.now < this.#leasedUntil
  }

  /** Goes on after a SIGSTOP; a lease that still holds is renewed first. */
  resume(): void {
    if (this.process.paused && this.holds()) this.#leasedUntil = this.#setup.timeline.now + leaseMs
    this.process.resume()
  }

  #renew(): void {
    this.#setup.timeline.after(renewMs, () => {
      if (!this.process.alive || this.#setup.timeline.now >= this.#leasedUntil) return
      if (!this.process.paused) this.#leasedUntil = this.#setup.timeline.now + leaseMs
      this.#renew()
    })
  }

  /** Ends what the process does, as a runner that finds its lease gone. */
  async abandon(): Promise<void> {
    for (const connection of this.connections.values()) void connection.close().catch(() => undefined)
    await this.engine.stop()
  }

  #logger(): Logger {
    const { trace, name, fault } = this.#setup
    const tell =
      (level: string) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
        trace.add(`${name} ${level}: ${message} ${JSON.stringify(fields)}`)
        if (fields.code === 'INTERNAL') fault(`${message} ${JSON.stringify(fields)}`)
      }
    const logger: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: tell('warn'),
      error: tell('error'),
      child: () => logger,
    }
    return logger
  }
}

/** All connections of the tenant file. */
export function openConnections(
  cast: Cast,
  context: (system: SystemId) => Parameters<Cast['connectors'][number]['open']>[1],
): ReadonlyMap<SystemId, Connection> {
  return new Map(
    cast.connectors.map((connector) => {
      const given = connectionConfigs[connector.system as keyof typeof connectionConfigs]
      return [connector.system, connector.open(connector.configSchema.parse(given), context(connector.system))]
    }),
  )
}
