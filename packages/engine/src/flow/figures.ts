import { type EntityPlugin, SyncError } from '@amis-sync/core'
import { backoffMs } from '../pure/backoff.ts'
import type { FigureState } from './figure-documents.ts'
import { type FigureMemory, type PassOptions, type PassReport, emptyMemory, readPass, sendPass } from './figure-pass.ts'
import { Locks, Signal } from './signal.ts'
import { type TenantContext, settingsOf } from './tenant-context.ts'

/** How long a stream sleeps that may not work, milliseconds. */
const idleMs = 60_000
/** Something that a figure waited for came: others may follow, milliseconds. */
const gatherMs = 500
/** Between two readings passes at least so many times what the last one took. */
const restFactor = 9

/** One figure entity: when it is read and sent next, and what is remembered of it. */
interface FigureFeed {
  readonly plugin: EntityPlugin
  readonly signal: Signal
  readonly memory: FigureMemory
  readAt: number
  /** Milliseconds that the last reading took. */
  took: number
  /** Set after a failed reading: when it is tried again. */
  retryAt?: number
  failures: number
  /** When what is left is sent. */
  sendAt: number
}

/** What came of a reading that a person asked for. */
export interface FigureReport {
  readonly entity: string
  readonly state: FigureState
  readonly changed: number
  readonly sent: number
}

/**
 * Figures (contract §4.10, §4.11): read as complete snapshots at their own pace, compared, and told to the other side where they changed.
 */
export class Figures {
  readonly feeds: readonly FigureFeed[]
  readonly #context: TenantContext
  readonly #going: () => boolean
  readonly #locks = new Locks()

  /** `going`: the engine runs and the tenant is live. */
  constructor(context: TenantContext, going: () => boolean) {
    this.#context = context
    this.#going = going
    this.feeds = context.figures.map((plugin) => ({
      plugin,
      signal: new Signal(),
      memory: emptyMemory(),
      readAt: -Infinity,
      took: 0,
      failures: 0,
      sendAt: Infinity,
    }))
    context.arrivals.add((keys) => this.#arrived(keys))
  }

  /** All are due at once. */
  dueNow(): void {
    for (const feed of this.feeds) {
      feed.readAt = -Infinity
      delete feed.retryAt
    }
    this.notify()
  }

  /** Every stream looks at once what is due. */
  notify(): void {
    for (const { signal } of this.feeds) signal.notify()
  }

  /** Does what is due; says for how long nothing more is. */
  async whenDue(feed: FigureFeed): Promise<number> {
    if (!this.#going()) return idleMs
    const { clock } = this.#context
    await this.#locks.run(feed.plugin.id, async () => {
      if (clock.now() >= this.#nextRead(feed)) await this.#read(feed)
      else if (clock.now() >= feed.sendAt) await this.#send(feed)
    })
    return this.#going() ? Math.max(1, Math.min(this.#nextRead(feed), feed.sendAt) - clock.now()) : idleMs
  }

  /**
   * A person asks. With `confirmMissing` two snapshots are read, and what neither shows is gone, however much it is. Throws
   * `FIGURES_AT_REST` while nothing may be read. A reading that failed is told in the report's state.
   */
  async readNow(entity: string, confirmMissing = false): Promise<FigureReport> {
    const feed = this.feeds.find(({ plugin }) => plugin.id === entity)
    if (!feed || !this.#going()) throw this.#atRest(entity)
    return this.#locks.run(entity, async () => {
      const asked = { asked: true, ...(confirmMissing ? { confirmed: true } : {}) }
      if (confirmMissing) await this.#read(feed, asked)
      const report = await this.#read(feed, asked)
      if (!report) throw this.#atRest(entity)
      feed.signal.notify()
      return { entity, state: feed.memory.state!, changed: report.changed, sent: report.sent }
    })
  }

  #arrived(keys: readonly string[]): void {
    for (const feed of this.feeds) {
      const { awaited } = feed.memory
      if (awaited.size === 0 || !keys.some((key) => awaited.has(key))) continue
      feed.sendAt = Math.min(feed.sendAt, this.#context.clock.now() + gatherMs)
      feed.signal.notify()
    }
  }

  #refreshMs({ plugin }: FigureFeed): number {
    return Number(settingsOf(this.#context, plugin)['refreshSeconds'] ?? 300) * 1_000
  }

  #nextRead(feed: FigureFeed): number {
    return feed.retryAt ?? feed.readAt + Math.max(this.#refreshMs(feed), feed.took * restFactor)
  }

  #options(feed: FigureFeed): PassOptions {
    return { going: this.#going, refreshMs: this.#refreshMs(feed) }
  }

  async #read(feed: FigureFeed, asked: Partial<PassOptions> = {}): Promise<PassReport | undefined> {
    const { clock } = this.#context
    const begun = clock.monotonic()
    const report = await readPass(this.#context, feed.plugin, feed.memory, { ...this.#options(feed), ...asked })
    if (!report) return undefined
    const { unreadable } = report
    feed.failures = unreadable ? feed.failures + 1 : 0
    delete feed.retryAt
    if (unreadable) feed.retryAt = clock.now() + this.#patience(feed, unreadable.kind, feed.failures)
    feed.readAt = clock.now()
    feed.took = clock.monotonic() - begun
    this.#planSending(feed, report)
    return report
  }

  async #send(feed: FigureFeed): Promise<void> {
    feed.sendAt = Infinity
    this.#planSending(feed, await sendPass(this.#context, feed.plugin, feed.memory, this.#options(feed)))
  }

  #planSending(feed: FigureFeed, { refusal, nextAt = Infinity }: PassReport): void {
    const { clock } = this.#context
    feed.sendAt = refusal ? clock.now() + this.#patience(feed, refusal.kind, 3) : nextAt
  }

  /** Passing trouble is tried again soon, other trouble at the usual pace. */
  #patience(feed: FigureFeed, kind: string, attempt: number): number {
    const passing = kind === 'retriable' || kind === 'rateLimited' || kind === 'inDoubt'
    const usual = this.#refreshMs(feed)
    return passing ? Math.min(usual, backoffMs(attempt, this.#context.random.next())) : usual
  }

  #atRest(entity: string): SyncError {
    const { tenant } = this.#context.settings
    return new SyncError({
      code: 'FIGURES_AT_REST',
      kind: 'config',
      message: {
        vi: `Số liệu "${entity}" của ${tenant} đang không được đọc: chưa đồng bộ lần đầu xong, đang tạm dừng, hoặc loại này đang tắt. Hãy chạy connect hoặc resume, hoặc bật entities.${entity}`,
        en: `The figures "${entity}" of ${tenant} are not read now: the first sync is not finished, it is paused, or this type is off. Run connect or resume, or switch entities.${entity} on`,
      },
    })
  }
}
