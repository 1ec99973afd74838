import type { Connection, SystemId } from '@amis-sync/core'
import { toSyncError } from '@amis-sync/core'
import { createTenantEngine } from '@amis-sync/engine'
import type { ConnectResult, ProgressListener, TenantEngine } from '@amis-sync/engine'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { RunnerContainer } from '../container.ts'
import { CommandRunner } from './command-runner.ts'

/** How long the calls under way may take to finish before a stop is forced, milliseconds. */
const stopGraceMs = 10_000

interface Running {
  readonly engine: TenantEngine
  readonly connections: ReadonlyMap<SystemId, Connection>
}

/** One tenant while this runner holds its lease: its connections, its engine, its commands. */
export class TenantHost {
  readonly #container: RunnerContainer
  readonly #leased: () => boolean
  readonly #commands: CommandRunner
  readonly #listeners = new Set<ProgressListener>()
  #config: TenantConfig
  #running: Running | undefined
  #connecting: Promise<ConnectResult> | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(config: TenantConfig, container: RunnerContainer, leased: () => boolean) {
    this.#config = config
    this.#container = container
    this.#leased = leased
    this.#commands = new CommandRunner(this, container.storeOf(config.tenant), container)
  }

  get tenant(): string {
    return this.#config.tenant
  }

  get config(): TenantConfig {
    return this.#config
  }

  /** The running engine; undefined before the start and after the stop. */
  get engine(): TenantEngine | undefined {
    return this.#running?.engine
  }

  /** In the middle of a first sync or of a command: given to another runner last. */
  get busy(): boolean {
    return this.#connecting !== undefined || this.#commands.busy
  }

  /** Opens connections and starts the engine; goes on with a first sync that was cut off (C10) and with commands nobody finished. */
  start(): Promise<void> {
    return this.#serial(async () => {
      if (this.#stopped) return
      await this.#open()
      const store = this.#container.storeOf(this.tenant)
      const [state, runs] = await Promise.all([store.state(), store.runs.all()])
      // Records sent by hand before the first sync set the phase as well, but start no step.
      if (state?.phase === 'connecting' && runs.length > 0) {
        this.connect().catch((error: unknown) => this.#report('the first sync that was cut off stopped again', error))
      }
      void this.#commands.dispatch()
    })
  }

  /** Stops at once what is not under way; gives the rest {@link stopGraceMs}. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#commands.close()
    return this.#serial(() => this.#close())
  }

  /** The lease is lost: what waits to be sent is not sent any more, and the rest stops as in {@link stop}. */
  abandon(): Promise<void> {
    const connections = this.#running?.connections.values() ?? []
    for (const connection of connections) void connection.close().catch(() => undefined)
    return this.stop()
  }

  /** Takes over a changed tenant file: settings as they are; other connections or entities mean a new engine. */
  apply(config: TenantConfig): Promise<void> {
    return this.#serial(async () => {
      const before = this.#config
      const sameEntities =
        [...config.settings.enabled].toSorted().join() === [...before.settings.enabled].toSorted().join()
      const reopen = config.connectionsHash !== before.connectionsHash || !sameEntities
      this.#config = config
      if (this.#stopped || !this.#running) return
      if (!reopen) return this.#running.engine.configure(config.settings)
      const resume = this.#connecting !== undefined
      await this.#close()
      await this.#open()
      const live = !resume && (await this.#container.storeOf(this.tenant).state())?.phase === 'live'
      // Other connections may offer other things: they are asked; new entities get their first sync.
      if (resume || live) this.connect().catch((error: unknown) => this.#report('the first sync stopped', error))
    })
  }

  /** Something new for this tenant is in the store. */
  wake(): void {
    this.#running?.engine.wake()
    void this.#commands.dispatch()
  }

  /** Starts the first sync, or joins the one that runs. */
  connect(onProgress?: ProgressListener): Promise<ConnectResult> {
    return this.by((engine) => this.#connectBy(engine, onProgress))
  }

  /** Does something that takes its time with the engine; goes on with it when connections are opened anew in between. */
  async by<T>(task: (engine: TenantEngine) => Promise<T>): Promise<T> {
    for (;;) {
      const engine = this.#running?.engine
      if (!engine) throw toSyncError(new Error(`tenant ${this.tenant} is not running here`))
      try {
        return await task(engine)
      } catch (error) {
        await this.#queue
        if (this.#stopped || !this.#running || this.#running.engine === engine) throw error
      }
    }
  }

  async #connectBy(engine: TenantEngine, onProgress?: ProgressListener): Promise<ConnectResult> {
    if (onProgress) this.#listeners.add(onProgress)
    this.#connecting ??= engine
      .connect((run) => {
        for (const listener of this.#listeners) listener(run)
      })
      .finally(() => {
        this.#connecting = undefined
      })
    try {
      return await this.#connecting
    } finally {
      if (onProgress) this.#listeners.delete(onProgress)
    }
  }

  /** Asks every connected system what it can do; the connections remember it. */
  async probe(): Promise<void> {
    for (const connection of this.#running?.connections.values() ?? []) await connection.capabilities()
  }

  async #open(): Promise<void> {
    const connections = this.#container.open(this.#config)
    const engine = createTenantEngine(
      this.#container.engineDependencies(this.#config.settings, connections, this.#leased),
    )
    this.#running = { engine, connections }
    await engine.start()
  }

  async #close(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (!running) return
    const grace = new AbortController()
    await Promise.race([
      running.engine.stop().catch((error: unknown) => this.#report('the engine did not stop cleanly', error)),
      this.#container.clock.sleep(stopGraceMs, grace.signal),
    ])
    grace.abort()
    for (const connection of running.connections.values()) {
      await connection.close().catch((error: unknown) => this.#report('a connection did not close cleanly', error))
    }
  }

  #serial<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task, task)
    this.#queue = result.catch(() => undefined)
    return result
  }

  #report(message: string, error: unknown): void {
    const { code, text } = toSyncError(error)
    this.#container.logger.error(message, { tenant: this.tenant, code, error: text.en })
  }
}
