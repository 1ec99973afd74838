import type { Journal } from '../model/journal.ts'
import { randomHex, realTime } from '../model/surroundings.ts'
import type { SystemName, TenantClock } from '../tenant/clock.ts'
import type { Faults, Fired } from '../tenant/faults.ts'
import { attemptHeaders, callbackText, isTaken } from './attempt.ts'
import { RETRY_AFTER_MS, type Delivery, type Job } from './delivery.ts'
import { DeliveryLog } from './delivery-log.ts'
import { Line } from './line.ts'
import { LostCallbacks } from './lost-callbacks.ts'
import type { Courier } from './post.ts'

/** What the outbox works with. */
export interface OutboxSetup {
  readonly clock: TenantClock
  readonly faults: Faults
  readonly journal: Journal
  readonly poster: Courier
  /** Makes everything durable that was put into the journal. */
  readonly commit: () => void
  /** Called when something may have become due. */
  readonly wake: () => void
}

/** Where webhooks of a system go. */
export interface WebhookTarget {
  readonly url: string
  readonly secret: string
}

/** What a flush did: calls of ACT applied, deliveries taken and not taken. */
export interface Flushed {
  readonly applied: number
  readonly sent: number
  readonly failed: number
}

/** Webhooks and callbacks of one tenant: made, held back by faults, attempted, repeated, logged (§1.7, §2.5). */
export class Outbox {
  readonly log: DeliveryLog
  readonly lost: LostCallbacks
  readonly #setup: OutboxSetup
  readonly #lines = new Map<string, Line>()
  #held: { job: Job; rule: number; count: number }[] = []
  #flushing = false
  #catchingUp = 0
  /** When the thing that makes deliveries now fell due, while the clock is being moved over it. */
  #fellDue: number | null = null
  #flushed: Promise<unknown> = Promise.resolve()

  constructor(setup: OutboxSetup) {
    this.#setup = setup
    this.log = new DeliveryLog(setup.journal)
    this.lost = new LostCallbacks(setup.journal)
  }

  /** Deliveries that wait, are held back or are on their way. */
  get pending(): number {
    let count = this.#held.length
    for (const line of this.#lines.values()) count += line.size + (line.busy ? 1 : 0)
    return count
  }

  /** A webhook for one changed row. */
  webhook(system: SystemName, target: WebhookTarget, body: string): void {
    this.#create({ kind: 'WEBHOOK', system, url: target.url, body, secret: target.secret })
  }

  /** A callback of ACT; without a URL it fails at once into the error list. */
  callback(
    url: string | null,
    appId: string,
    companyCode: string,
    dataType: number,
    data: string,
    success: boolean,
  ): void {
    const body = callbackText({ appId, companyCode, dataType, data, success })
    this.#create({ kind: 'CALLBACK', system: 'accounting', url, body, secret: appId, dataType, data })
  }

  /** When the next delivery is due; null if none waits, or one is on its way to each target that has some. */
  nextDue(): number | null {
    if (this.#flushing) return null
    const dues = [...this.#lines.values()].filter((line) => !line.busy).map((line) => line.nextDue())
    return dues.reduce((least, due) => (due === null ? least : Math.min(due, least ?? due)), null)
  }

  /** True while an attempt is on its way. */
  get busy(): boolean {
    return [...this.#lines.values()].some((line) => line.busy)
  }

  /** Starts every attempt that is due, one at a time for each target. */
  run(): void {
    if (this.#flushing) return
    for (const line of this.#lines.values()) {
      if (line.busy) continue
      const job = line.take(this.#setup.clock.now())
      if (job) void this.#work(line, job)
    }
  }

  /**
   * Runs while the clock is moved over a stretch of time: what fell due in it counts from when it fell due, so that
   * the attempts after a failed one fall due in the same stretch (§5.3 clock).
   */
  async catchUp(settle: () => Promise<void>): Promise<void> {
    this.#catchingUp += 1
    try {
      await settle()
    } finally {
      this.#catchingUp -= 1
    }
  }

  /** Does what fell due at a moment; deliveries made by it are due from then on if the clock is being moved. */
  during(due: number, work: () => void): void {
    this.#fellDue = this.#catchingUp > 0 ? Math.min(due, this.#setup.clock.now()) : null
    try {
      work()
    } finally {
      this.#fellDue = null
    }
  }

  /** Attempts everything that waits once, holding back nothing; one flush at a time. */
  flush(applyQueue: () => number): Promise<Flushed> {
    const mine = this.#flushed.then(() => this.#flush(applyQueue))
    this.#flushed = mine.catch(() => undefined)
    return mine
  }

  async #flush(applyQueue: () => number): Promise<Flushed> {
    this.#flushing = true
    try {
      while (this.busy) await new Promise((resolve) => setTimeout(resolve, 1))
      const applied = applyQueue()
      this.#releaseHeld(() => true, false)
      const lines = [...this.#lines.values()]
      const results = await Promise.all(lines.map((line) => this.#flushLine(line)))
      const flat = results.flat()
      return { applied, sent: flat.filter(Boolean).length, failed: flat.filter((taken) => !taken).length }
    } finally {
      this.#flushing = false
      this.#setup.wake()
    }
  }

  /** Lets go of what `permute` holds, after the rules were replaced. */
  release(): void {
    this.#releaseHeld(() => true, true)
  }

  /** Forgets what waits. */
  clear(): void {
    for (const job of [
      ...this.#held.map((held) => held.job),
      ...[...this.#lines.values()].flatMap((line) => line.drain()),
    ]) {
      this.log.forget(job.delivery)
    }
    this.#held = []
  }

  /** Takes over one delivery that was saved. */
  load(saved: unknown): void {
    const delivery = saved as Delivery
    this.log.load(delivery)
    if (delivery.status === 'pending') this.#enqueue({ delivery, copy: false, due: delivery.due })
  }

  #create(
    parts: Pick<Delivery, 'kind' | 'system' | 'url' | 'body' | 'secret'> & { dataType?: number; data?: string },
  ): void {
    const now = this.#setup.clock.now()
    const id = `msg_${randomHex(12)}`
    const due = this.#fellDue ?? now
    const fresh = { attempts: 0, status: 'pending', lastStatus: null, headers: {}, due, createdAt: now } as const
    const delivery: Delivery = { seq: this.log.nextSeq(), id, ...parts, ...fresh, headers: {} }
    const fired = this.#setup.faults.fire(parts.system, parts.kind, true)
    this.log.add(delivery)
    if (fired?.kind === 'drop') delivery.status = 'dropped'
    else if (delivery.url === null) this.#fail(delivery, 'callback: no URL registered')
    else this.#place(delivery, fired, due)
    this.log.save(delivery)
    this.#setup.wake()
  }

  #place(delivery: Delivery, fired: Fired | null, now: number): void {
    const ms = Number(fired?.params['ms'] ?? (fired?.kind === 'delay' ? 10_000 : 0))
    if (fired?.kind === 'badSignature') delivery.spoilt = true
    if (fired?.kind === 'delay') delivery.due = now + ms
    const job: Job = { delivery, copy: false, due: delivery.due }
    if (fired?.kind === 'permute') {
      const count = Number(fired.params['count'] ?? 3)
      this.#held.push({ job, rule: fired.rule, count })
      if (this.#held.filter((held) => held.rule === fired.rule).length >= count) {
        this.#releaseHeld((held) => held.rule === fired.rule, true)
      }
      return
    }
    this.#enqueue(job)
    if (fired?.kind === 'double') this.#enqueue({ delivery, copy: true, due: now + ms })
  }

  #releaseHeld(which: (held: { rule: number }) => boolean, reversed: boolean): void {
    const released = this.#held.filter(which)
    this.#held = this.#held.filter((held) => !which(held))
    if (reversed) released.reverse()
    for (const { job } of released) this.#enqueue(job)
    if (released.length > 0) this.#setup.wake()
  }

  #enqueue(job: Job): void {
    const target = `${job.delivery.kind} ${job.delivery.url ?? ''}`
    const line = this.#lines.get(target) ?? new Line()
    this.#lines.set(target, line)
    line.add(job, this.#setup.clock.now())
  }

  async #work(line: Line, job: Job): Promise<void> {
    line.busy = true
    try {
      await this.#attempt(job)
    } finally {
      line.busy = false
      this.#setup.wake()
    }
  }

  async #flushLine(line: Line): Promise<boolean[]> {
    const taken: boolean[] = []
    for (const job of line.drain()) taken.push(await this.#attempt(job))
    return taken
  }

  async #attempt(job: Job): Promise<boolean> {
    const { delivery } = job
    const headers = attemptHeaders(delivery, delivery.spoilt === true)
    const body = delivery.spoilt && delivery.kind === 'CALLBACK' ? spoil(delivery.body) : delivery.body
    delivery.spoilt = false
    delivery.headers = headers
    delivery.attempts += 1
    const { clock } = this.#setup
    const began = this.#catchingUp > 0 ? Math.min(job.due, clock.now()) : clock.now()
    const realStart = realTime()
    const received = await this.#setup.poster.post(delivery.url ?? '', headers, body)
    const taken = isTaken(delivery.kind, received)
    delivery.lastStatus = received.status
    if (this.log.has(delivery) && !job.copy) {
      const ended = began + (clock.frozen ? 0 : realTime() - realStart)
      this.#conclude(delivery, taken, received.status, ended)
    }
    this.#setup.commit()
    return taken
  }

  #conclude(delivery: Delivery, taken: boolean, status: number, ended: number): void {
    const wait = RETRY_AFTER_MS[delivery.attempts - 1]
    if (taken) delivery.status = 'delivered'
    else if (wait === undefined || delivery.status !== 'pending')
      this.#fail(delivery, `callback failed, last status ${status}`)
    else {
      delivery.due = ended + wait
      this.#enqueue({ delivery, copy: false, due: delivery.due })
    }
    this.log.save(delivery)
  }

  #fail(delivery: Delivery, message: string): void {
    delivery.status = 'failed'
    if (delivery.kind === 'CALLBACK')
      this.lost.add(delivery.dataType ?? 0, delivery.data ?? '', this.#setup.clock.at('accounting'), message)
  }
}

function spoil(body: string): string {
  return body.replace(/"signature":"(.)/, (_, first: string) => `"signature":"${first === '0' ? '1' : '0'}`)
}
