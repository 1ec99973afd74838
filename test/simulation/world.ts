import { type Connection, type Logger, type SystemId, type TenantStore, isSyncError } from '@amis-sync/core'
import { openLocalSandbox } from '@amis-sync/sandbox'
import { type Chance, Timeline, Trace, createChance, createMemoryStore } from '@amis-sync/testkit/simulation'
import type { Cast } from './cast.ts'
import { Diary } from './diary.ts'
import { type Network, isWrite } from './network.ts'
import type { Plan } from './plan-types.ts'
import { RunnerTwin, openConnections } from './runner-twin.ts'
import { type Choices, settingsOf } from './settings.ts'
import { Systems, senderOf } from './systems.ts'

/** 2026-11-24 08:00 in Vietnam. */
const start = Date.UTC(2026, 10, 24, 1)
/** Most time that a delivery takes to its receiver, milliseconds. */
const deliveryMs = 30
/** A receiver has so long (contract §1.7). */
const receiverMs = 10_000

/** Three systems, a store and the runners of one tenant, all in one process and on one timeline. */
export class World {
  readonly timeline = new Timeline(start)
  readonly trace = new Trace()
  readonly store: TenantStore
  readonly systems: Systems
  readonly network: Network
  readonly cast: Cast
  readonly diary: Diary
  /** Faults of the product that no fault from outside excuses, in words. */
  readonly faults: string[] = []
  /** Requests that change something at a system. */
  writes = 0
  runner: RunnerTwin | undefined
  wantsConnection = false
  /** What persons asked of an engine; a runner that dies answers never. */
  readonly asked: Promise<unknown>[] = []
  /** The first sync is through. */
  live = false
  #choices: Choices
  readonly #chance: Chance
  readonly #receivers: ReadonlyMap<SystemId, Connection>
  #runners = 0
  #deliveries = 0

  constructor(plan: Plan, cast: Cast) {
    this.cast = cast
    this.#chance = createChance(plan.seed)
    this.#choices = plan
    const sandbox = openLocalSandbox({
      now: () => this.timeline.now,
      bytes: createChance(plan.seed + 1).bytes,
      courier: { post: (url, headers, body) => this.#deliver(url, headers, body) },
    })
    this.timeline.addSource(sandbox)
    this.systems = new Systems(sandbox)
    this.diary = new Diary(cast.plugins)
    this.store = createMemoryStore({ serverTime: () => this.timeline.now }).forTenant('demo')
    this.network = {
      timeline: this.timeline,
      chance: createChance(plan.seed + 2),
      systems: this.systems,
      trace: this.trace,
      losses: [],
      onAnswer: (system, request) => {
        if (isWrite(request)) this.writes += 1
      },
    }
    this.#receivers = openConnections(cast, () => ({
      tenant: 'demo',
      clock: this.timeline.clock(),
      random: this.#chance,
      logger: silent,
    }))
  }

  fault(what: string): void {
    if (!this.faults.includes(what)) this.faults.push(what)
  }

  /** Takes the lease, once nobody holds it any more, and starts. */
  startRunner(afterMs: number): void {
    const since = Math.max(this.timeline.now + afterMs, this.runner?.leasedUntil ?? 0)
    this.timeline.after(since - this.timeline.now, () => {
      if (this.runner?.holds()) return
      const name = `r${(this.#runners += 1)}`
      this.trace.add(`* ${name} starts`)
      const setup = {
        name,
        cast: this.cast,
        timeline: this.timeline,
        chance: createChance(this.#chance.below(2 ** 31)),
        network: this.network,
        store: this.store,
        settings: settingsOf(this.cast.plugins, this.#choices),
        trace: this.trace,
        onLive: () => {
          this.live = true
        },
        fault: (what: string) => this.fault(`${name}: ${what}`),
      }
      this.runner = new RunnerTwin(setup)
      this.runner
        .start(this.wantsConnection)
        .catch((error: unknown) => this.fault(`start: ${String((error as Error).stack)}`))
    })
  }

  /** The runner that works now. */
  get working(): RunnerTwin | undefined {
    return this.runner?.holds() && !this.runner.process.paused ? this.runner : undefined
  }

  configure(change: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...change }
    this.working?.engine.configure(settingsOf(this.cast.plugins, this.#choices))
  }

  async #deliver(url: string, headers: Readonly<Record<string, string>>, body: string) {
    const name = `delivery ${(this.#deliveries += 1)}`
    await this.timeline.sleep(this.#chance.below(deliveryMs))
    this.trace.add(`⇐ ${name} ${url}: ${body.slice(0, 300)}`, body)
    if (this.runner?.process.alive !== true) return { status: 0, body: '' }
    if (this.runner.process.paused) {
      await this.timeline.sleep(receiverMs)
      return { status: 0, body: '' }
    }
    return this.#receive(name, url, headers, body)
  }

  /** As the runner's delivery routes do (apps/runner, delivery-routes.ts). */
  async #receive(name: string, url: string, headers: Readonly<Record<string, string>>, body: string) {
    const system = senderOf(url)
    const receivedAt = this.timeline.now
    try {
      const given = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]))
      const delivery = { headers: given, body: Buffer.from(body), receivedAt }
      const { deliveryId, hints, outcomes } = this.#receivers.get(system)!.receive!(delivery)
      if (hints.length + outcomes.length > 0) {
        await this.store.inbox.accept({ id: `${system}:${deliveryId ?? name}`, system, hints, outcomes, receivedAt })
        this.runner?.engine.wake()
      }
      return { status: 200, body: '{"Success":true}' }
    } catch (error) {
      if (!isSyncError(error)) this.fault(`${name}: ${String((error as Error).stack)}`)
      return { status: 401, body: '' }
    }
  }
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
}
