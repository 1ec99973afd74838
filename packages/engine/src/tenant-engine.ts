import { type EntityPlugin, type SystemId, type TenantState } from '@amis-sync/core'
import type {
  ConnectResult,
  EngineDependencies,
  ProgressListener,
  TenantEngine,
  TenantSettings,
} from './engine-types.ts'
import type { DeskHost } from './desk/desk-host.ts'
import { type DeskInput, type DeskOperation, type DeskOutput, deskOperations } from './desk/operations.ts'
import { calm, drained } from './flow/calm.ts'
import { takeDeliveries } from './flow/deliveries.ts'
import { Figures } from './flow/figures.ts'
import { Lifecycle } from './flow/lifecycle.ts'
import { type Observation, observationOf } from './flow/observation.ts'
import { sortHints } from './flow/observe.ts'
import { overdueLoop } from './flow/overdue-loop.ts'
import { Poller } from './flow/poller.ts'
import { reconcile } from './flow/reconcile.ts'
import { takeOffers } from './flow/offers.ts'
import { Locks, Signal } from './flow/signal.ts'
import { Soundness } from './flow/soundness.ts'
import { Streams } from './flow/streams.ts'
import { tagged } from './flow/tagged-connection.ts'
import { type TenantContext, createTenantContext } from './flow/tenant-context.ts'
import { reviewReadSettings } from './flow/read-settings.ts'
import { reviewTrouble } from './flow/troubled.ts'
import { Turns } from './flow/turns.ts'

const batch = 100
const mostInFlight = 1_000
const idleMs = 60_000

class Engine implements TenantEngine {
  readonly #context: TenantContext
  readonly #poller: Poller
  readonly #streams: Streams
  readonly #locks = new Locks()
  readonly #inboxSignal = new Signal()
  readonly #workSignals = new Map<string, Signal>()
  readonly #overdueSignal = new Signal()
  #state: TenantState = { phase: 'new', updatedAt: 0 }
  readonly #turns: Turns
  readonly #figures: Figures
  /** Conflicts that the new rules settle are still to be looked at again. */
  #rulesChanged = false
  #loops: Promise<void>[] = []
  readonly #soundness: Soundness
  readonly #lifecycle: Lifecycle

  constructor(dependencies: EngineDependencies) {
    const connections = new Map(
      [...dependencies.connections].map(([system, connection]) => [system, tagged(connection)]),
    )
    this.#context = createTenantContext({ ...dependencies, connections })
    this.#streams = new Streams(this.#context, () => this.#saveState({}))
    this.#poller = new Poller(this.#context, this.#locks, () => this.#wakeWork())
    this.#soundness = new Soundness(
      this.#context,
      this.#locks,
      () => this.#streams.running,
      () => this.#wakeWork(),
    )
    this.#turns = new Turns(this.#context.plugins, (entity) => {
      if (entity === undefined) this.#wakeWork()
      else this.#workSignals.get(entity)?.notify()
    })
    this.#figures = new Figures(this.#context, () => this.#streams.running && this.#state.phase === 'live')
    this.#lifecycle = new Lifecycle({
      context: this.#context,
      streams: this.#streams,
      turns: this.#turns,
      poller: this.#poller,
      figures: this.#figures,
      host: () => this.#host(),
      state: () => this.#state,
      loadState: () => this.#loadState(),
      saveState: (change) => this.#saveState(change),
      wake: () => this.wake(),
    })
    for (const plugin of this.#context.plugins) this.#workSignals.set(plugin.id, new Signal())
    this.#context.listeners.add(() => this.#wakeWork())
  }

  async start(): Promise<void> {
    this.#streams.start()
    await this.#loadState()
    // Connections are opened anew: they are good until they are met otherwise.
    if (Object.keys(this.#state.stopped ?? {}).length > 0) await this.#saveState({})
    takeOffers(this.#context, this.#state)
    if (this.#state.phase === 'live') {
      this.#turns.reach(3)
      await this.#lifecycle.holdNewcomers()
    }
    this.#loops = [this.#run()]
  }

  async #loadState(): Promise<void> {
    this.#state = (await this.#context.store.state()) ?? this.#state
  }

  async #run(): Promise<void> {
    await this.#soundness.recover((task) => this.#streams.persist('recover', task))
    await Promise.all([
      this.#state.phase === 'live' && this.#streams.persist('new entities', () => this.#lifecycle.admit()),
      this.#streams.loop('inbox', this.#inboxSignal, () => this.#drainInbox()),
      ...[...this.#poller.signals].map(([system, signal]) =>
        this.#streams.loop(`poll ${system}`, signal, () => this.#pollWhenDue(system)),
      ),
      overdueLoop(this.#context, this.#streams, this.#overdueSignal, (error) => this.#failed(error)),
      ...this.#figures.feeds.map((feed) =>
        this.#streams.loop(`figures ${feed.plugin.id}`, feed.signal, () => this.#figures.whenDue(feed)),
      ),
      ...this.#context.plugins.map((plugin) =>
        this.#streams.loop(plugin.id, this.#workSignals.get(plugin.id)!, () => this.#drainWork(plugin)),
      ),
    ])
  }

  async stop(): Promise<void> {
    this.#streams.stop()
    this.wake()
    this.#poller.notify()
    this.#overdueSignal.notify()
    this.#figures.notify()
    await Promise.all(this.#loops)
  }

  wake(): void {
    this.#inboxSignal.notify()
    this.#wakeWork()
  }

  #wakeWork(): void {
    for (const signal of this.#workSignals.values()) signal.notify()
  }

  async #saveState(change: Partial<TenantState>): Promise<void> {
    const stopped = this.#streams.failures
    this.#state = { ...this.#state, ...change, stopped, updatedAt: this.#context.clock.now() }
    await this.#context.store.saveState(this.#state)
  }

  async #drainInbox(): Promise<number> {
    try {
      if (this.#rulesChanged) await this.#reviewConflicts()
      await takeDeliveries(this.#context, (system, hints) => this.#takeHints(system, hints))
      return idleMs
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  #failed(error: unknown): void {
    this.#soundness.failed(error)
    this.#wakeWork()
  }

  async #reviewConflicts(): Promise<void> {
    this.#rulesChanged = false
    try {
      await reviewTrouble(this.#context)
      await reviewReadSettings(this.#context)
    } catch (error) {
      this.#rulesChanged = true
      throw error
    }
    this.#wakeWork()
  }

  async #takeHints(system: SystemId, hints: Parameters<typeof sortHints>[3]): Promise<void> {
    if (this.#state.phase === 'new' || this.#state.phase === 'disconnected') return
    const { work, ask } = sortHints(this.#context, this.#poller.feeds, system, hints)
    if (work.length > 0) await this.#context.store.work.add(work, this.#context.clock.now())
    this.#poller.ask(ask)
    this.#wakeWork()
  }

  #open(plugin: EntityPlugin): boolean {
    const { phase } = this.#state
    if (!this.#turns.mayWork(plugin) || this.#context.off.has(plugin.id)) return false
    return phase === 'live' ? this.#poller.caughtUp(plugin) : phase === 'connecting'
  }

  async #drainWork(plugin: EntityPlugin): Promise<number> {
    const { store, clock } = this.#context
    await this.#soundness.mend(plugin.id)
    while (this.#streams.running && this.#open(plugin)) {
      const now = clock.now()
      const items = await store.work.due(plugin.id, batch, now)
      if (items.length === 0) {
        const next = await store.work.nextDue(now)
        return next === undefined ? idleMs : Math.min(idleMs, Math.max(1, next - clock.now()))
      }
      const step = this.#state.phase === 'connecting' ? { step: this.#turns.step } : {}
      const tally = await this.#round(plugin, items.map(observationOf), { readOther: true, ...step })
      for (const tell of this.#context.tallies) tell(plugin.id, tally)
      this.#poller.askUnseen()
      this.#wakeWork()
    }
    return idleMs
  }

  #round(
    plugin: EntityPlugin,
    observations: readonly Observation[],
    options: { readOther: boolean; step?: number; learn?: boolean },
  ) {
    const view = this.#context.views.get(plugin.id)!
    return this.#soundness.round(plugin.id, () => reconcile(this.#context, view, observations, options))
  }

  async #pollWhenDue(system: SystemId): Promise<number> {
    const { phase } = this.#state
    if (phase === 'new' || phase === 'disconnected') this.#poller.forgetAsked()
    return phase === 'live' ? this.#poller.whenDue(system) : idleMs
  }

  async poll(): Promise<void> {
    const { phase } = this.#state
    if (phase !== 'new' && phase !== 'disconnected') await this.#poller.poll()
  }

  #host(): DeskHost {
    const context = this.#context
    return {
      context,
      round: (plugin, observations, options) => {
        this.#turns.take(plugin.id)
        return this.#round(plugin, observations, { readOther: false, ...options })
      },
      drained: (entity) => {
        this.#turns.take(entity)
        return drained(context, entity, { running: () => this.#streams.running, wake: () => this.wake() })
      },
      room: async () => {
        while (context.inFlight.size >= mostInFlight && this.#streams.running) await context.clock.sleep(20)
      },
      stopping: () => !this.#streams.running,
      state: () => this.#state,
      saveState: (change) => this.#saveState(change),
      open: async (step) => {
        this.#turns.reach(step)
        if (this.#state.phase === 'new') await this.#saveState({ phase: 'connecting' })
      },
      locked: (entity, task) => this.#soundness.round(entity, task),
      hear: (entity) => this.#poller.hear(entity),
      patiently: (step, task) => this.#streams.patiently(step, task),
      wake: () => this.#wakeWork(),
      figures: this.#figures,
      quiet: (timeoutMs) => this.quiet(timeoutMs),
    }
  }

  async desk<N extends DeskOperation>(
    operation: N,
    input: DeskInput<N>,
    onProgress?: ProgressListener,
  ): Promise<DeskOutput<N>> {
    const run = deskOperations[operation] as (host: DeskHost, given: DeskInput<N>) => Promise<DeskOutput<N>>
    return run({ ...this.#host(), ...(onProgress ? { onProgress } : {}) }, input)
  }

  async quiet(timeoutMs: number): Promise<boolean> {
    return calm(this.#context, timeoutMs, () => {
      const asked = this.#state.phase === 'live' && !this.#poller.idle
      return !asked && this.#streams.busy === 0 && this.#soundness.intact
    })
  }

  connect(onProgress?: ProgressListener): Promise<ConnectResult> {
    return this.#lifecycle.connect(onProgress)
  }

  disconnect(): Promise<void> {
    return this.#lifecycle.disconnect()
  }

  pause(): Promise<void> {
    return this.#lifecycle.pause()
  }

  resume(): Promise<void> {
    return this.#lifecycle.resume()
  }

  configure(settings: TenantSettings): void {
    this.#context.settings = settings
    this.#rulesChanged = true
    this.#poller.notify()
    this.#figures.notify()
    this.wake()
  }
}

/** The engine of one tenant. Made when the runner takes the tenant's lease, stopped when it loses it. */
export function createTenantEngine(dependencies: EngineDependencies): TenantEngine {
  return new Engine(dependencies)
}
