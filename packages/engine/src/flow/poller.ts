import type { EntityPlugin, SystemId } from '@amis-sync/core'
import { type Feed, feedKey, feedsOf, pollFeed } from './observe.ts'
import { type Locks, Signal } from './signal.ts'
import type { TenantContext } from './tenant-context.ts'

/** How long a poll waits for the one before it to end, milliseconds. */
const gapMs = 25

/** Asks change feeds, each system's at its own pace: one that does not answer keeps nobody from asking the others. */
export class Poller {
  readonly feeds: readonly Feed[]
  readonly #context: TenantContext
  readonly #locks: Locks
  readonly #onNews: () => void
  readonly #asked = new Set<Feed>()
  /** Failed when they were asked last. */
  readonly #failing = new Set<Feed>()
  /** Raised when all is due: a poll that began before counts for nothing then. */
  #round = 0
  readonly #signals = new Map<SystemId, Signal>()
  readonly #lastPoll = new Map<SystemId, number>()
  /** Asked since the start, or since all was due. */
  readonly #tried = new Set<SystemId>()
  /** Regular polls under way. */
  #polls = 0
  /** Entities whose tables are being asked for, and how many of them; entities that had news in the polls under way. */
  readonly #asking = new Map<string, number>()
  readonly #fresh = new Set<string>()
  /** Somebody was told to wait. */
  #refused = false

  constructor(context: TenantContext, locks: Locks, onNews: () => void) {
    this.#context = context
    this.#locks = locks
    this.#onNews = onNews
    this.feeds = feedsOf(context).filter(({ system }) => context.connections.has(system))
    for (const { system } of this.feeds) this.#signals.set(system, new Signal())
  }

  /** The systems that have feeds, with what wakes the loop of each. */
  get signals(): ReadonlyMap<SystemId, Signal> {
    return this.#signals
  }

  /** Nothing is asked for beside the regular polls. */
  get idle(): boolean {
    return this.#asked.size === 0
  }

  /** These are asked as soon as possible. */
  ask(feeds: readonly Feed[]): void {
    for (const feed of feeds) this.#asked.add(feed)
    for (const { system } of feeds) this.#signals.get(system)!.notify()
  }

  /** So are those that must tell what became of records that a read did not show. */
  askUnseen(): void {
    const { toAsk } = this.#context
    if (toAsk.size === 0) return
    this.ask(this.feeds.filter(({ system, resource }) => toAsk.has(feedKey(system, resource))))
    toAsk.clear()
  }

  forgetAsked(): void {
    this.#asked.clear()
  }

  /** Every loop looks at once what is due. */
  notify(): void {
    for (const signal of this.#signals.values()) signal.notify()
  }

  /** All feeds are due. */
  dueNow(): void {
    this.#lastPoll.clear()
    this.#tried.clear()
    this.#round += 1
    this.notify()
  }

  /**
   * Were both sides of an entity heard? After a start or a pause until both were asked, and in a regular poll from its first news to its
   * end, nothing is written: an edit of one side must meet the other side's (D6). A system that does not answer holds nobody up for good.
   */
  caughtUp({ id, sides }: EntityPlugin): boolean {
    const heard = sides.every((system) => this.#tried.has(system) || !this.#signals.has(system))
    if (heard && !this.#asking.has(id) && !this.#fresh.has(id)) return true
    this.#refused = true
    return false
  }

  /** Does what is due for one system; says for how long nothing more is. */
  async whenDue(system: SystemId): Promise<number> {
    const { clock, settings } = this.#context
    const asked = [...this.#asked].filter((feed) => feed.system === system)
    const next = () => (this.#lastPoll.get(system) ?? -Infinity) + settings.pollMs
    const due = clock.now() >= next()
    // Where polls take longer than their interval they must not follow each other without a gap: the news would never be worked on.
    if (due && this.#polls > 0 && this.#fresh.size > 0) return gapMs
    // The regular poll asks for everything, tables that failed last: they keep no other from it.
    if (due) await this.#pollSystem(system)
    else await this.#askEach(asked)
    return Math.max(1, next() - clock.now())
  }

  /** Asks every feed once. Rejects with the first failure, after all systems were asked. */
  async poll(): Promise<void> {
    const results = await Promise.allSettled([...this.#signals.keys()].map((system) => this.#pollSystem(system)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  /** Asks the feeds of one entity whose records cannot be read by id. */
  async hear(entity: string): Promise<void> {
    const { connections } = this.#context
    const unreadable = ({ system, resource }: Feed) => !connections.get(system)?.readable?.has(resource)
    const wanted = this.feeds.filter((feed) => unreadable(feed) && feed.plugins.some(({ id }) => id === entity))
    await this.#askEach(wanted)
  }

  async #pollSystem(system: SystemId): Promise<void> {
    this.#lastPoll.set(system, this.#context.clock.now())
    this.#polls += 1
    const round = this.#round
    const ours = this.feeds.filter((feed) => feed.system === system)
    try {
      await this.#askEach(
        [...ours.filter((feed) => !this.#failing.has(feed)), ...ours.filter((feed) => this.#failing.has(feed))],
        (feed) => this.#pollHeld(feed),
      )
    } finally {
      this.#polls -= 1
      if (round === this.#round) this.#tried.add(system)
      if (this.#polls === 0) this.#fresh.clear()
      this.#release()
    }
  }

  /** Asks a feed, while its entities wait. */
  async #pollHeld(feed: Feed): Promise<number> {
    const ids = feed.plugins.map(({ id }) => id)
    for (const id of ids) this.#asking.set(id, (this.#asking.get(id) ?? 0) + 1)
    try {
      const news = await pollFeed(this.#context, feed)
      if (news > 0) for (const id of ids) this.#fresh.add(id)
      return news
    } finally {
      for (const id of ids) {
        const left = this.#asking.get(id)! - 1
        if (left > 0) this.#asking.set(id, left)
        else this.#asking.delete(id)
      }
      this.#release()
    }
  }

  /** Those who were told to wait look again. */
  #release(): void {
    if (!this.#refused) return
    this.#refused = false
    this.#onNews()
  }

  /** From the first that fails on, they stay asked for: next time it comes last. */
  async #askEach(
    feeds: readonly Feed[],
    ask = (feed: Feed): Promise<number> => pollFeed(this.#context, feed),
  ): Promise<void> {
    for (const [index, feed] of feeds.entries()) {
      this.#asked.delete(feed)
      try {
        const news = await this.#locks.run(feedKey(feed.system, feed.resource), () => ask(feed))
        this.#failing.delete(feed)
        if (news > 0) this.#onNews()
      } catch (error) {
        this.#failing.add(feed)
        const again = [...feeds.slice(index + 1), feed]
        for (const one of again) this.#asked.delete(one)
        this.ask(again)
        throw error
      }
    }
  }
}
