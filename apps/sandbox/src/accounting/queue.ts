import type { Journal } from '../model/journal.ts'
import { asText, type JsonObject } from '../model/json.ts'

/** A `save`, `save_dictionary` or `delete` that was accepted and waits to be applied (§2.3.1). */
export interface QueuedCall {
  readonly seq: number
  readonly sessionId: string
  readonly kind: 'save' | 'delete'
  readonly vouchers: readonly JsonObject[]
  readonly dictionary: readonly JsonObject[]
  /** When it falls due on the tenant's clock. */
  readonly due: number
  /** Rows that a `partialBatch` fault makes fail, counted through dictionary first, and with which code. */
  readonly failing: readonly number[]
  readonly failCode: string
  readonly reversed: boolean
}

/** Accepted calls in the order of their acceptance. */
export class AccountingQueue {
  #calls: QueuedCall[] = []
  readonly #journal: Journal
  readonly #apply: (call: QueuedCall) => void
  readonly #clock: { now(): number }
  readonly #saving = new Map<string, number>()
  #seq = 0
  readonly busy = false

  constructor(clock: { now(): number }, journal: Journal, apply: (call: QueuedCall) => void) {
    this.#clock = clock
    this.#journal = journal
    this.#apply = apply
  }

  /** How many calls wait. */
  get size(): number {
    return this.#calls.length
  }

  /** Accepts a call. */
  add(call: Omit<QueuedCall, 'seq'>): void {
    this.#seq += 1
    const full: QueuedCall = { seq: this.#seq, ...call }
    this.#calls.push(full)
    this.#count(full, 1)
    this.#journal.put('queue', full.seq, full)
  }

  /** When the next call is due. The order of acceptance holds even if a later call were due earlier. */
  nextDue(): number | null {
    return this.#calls[0]?.due ?? null
  }

  /** Applies what is due. */
  run(): void {
    while (this.#calls[0] && this.#calls[0].due <= this.#clock.now()) this.#applyFirst()
  }

  /** Applies everything; how many calls that were. */
  runAll(): number {
    const count = this.#calls.length
    while (this.#calls.length > 0) this.#applyFirst()
    return count
  }

  /** True if a `save` for this document waits. */
  holds(orgRefid: string): boolean {
    return this.#saving.has(orgRefid)
  }

  /** Forgets what waits. */
  clear(): void {
    for (const call of this.#calls) this.#journal.put('queue', call.seq, null)
    this.#calls = []
    this.#saving.clear()
  }

  /** Takes over one call that was saved. */
  load(saved: unknown): void {
    const call = saved as QueuedCall
    this.#calls.push(call)
    this.#count(call, 1)
    this.#seq = Math.max(this.#seq, call.seq)
  }

  #applyFirst(): void {
    const call = this.#calls.shift()
    if (!call) return
    this.#journal.put('queue', call.seq, null)
    this.#count(call, -1)
    this.#apply(call)
  }

  #count(call: QueuedCall, step: 1 | -1): void {
    if (call.kind !== 'save') return
    for (const voucher of call.vouchers) {
      const id = asText(voucher['org_refid']).toLowerCase()
      const count = (this.#saving.get(id) ?? 0) + step
      if (count > 0) this.#saving.set(id, count)
      else this.#saving.delete(id)
    }
  }
}
