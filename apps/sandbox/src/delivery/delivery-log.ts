import type { Journal } from '../model/journal.ts'
import { isoTime } from '../model/time.ts'
import type { Delivery } from './delivery.ts'

const KEPT = 10_000
/** Among how many of the oldest rows a finished one is looked for when there are too many. */
const LOOKED_AT = 100

/** The latest deliveries, for `GET /deliveries`. */
export class DeliveryLog {
  readonly #rows = new Map<number, Delivery>()
  readonly #journal: Journal
  #count = 0

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Number of the next delivery. */
  nextSeq(): number {
    this.#count += 1
    return this.#count
  }

  /** Keeps a delivery; the oldest finished one gives way. */
  add(delivery: Delivery): void {
    this.#rows.set(delivery.seq, delivery)
    if (this.#rows.size <= KEPT) return
    let looked = 0
    for (const row of this.#rows.values()) {
      if (row.status !== 'pending') {
        this.forget(row)
        return
      }
      looked += 1
      if (looked > LOOKED_AT) return
    }
  }

  /** True if the delivery was not cleared away meanwhile. */
  has(delivery: Delivery): boolean {
    return this.#rows.get(delivery.seq) === delivery
  }

  /** Remembers what became of a delivery. */
  save(delivery: Delivery): void {
    if (this.has(delivery)) this.#journal.put('deliveries', delivery.seq, delivery)
  }

  /** Drops a delivery. */
  forget(delivery: Delivery): void {
    this.#rows.delete(delivery.seq)
    this.#journal.put('deliveries', delivery.seq, null)
  }

  /** Drops all. */
  clear(): void {
    for (const row of this.#rows.values()) this.#journal.put('deliveries', row.seq, null)
    this.#rows.clear()
    this.#count = 0
  }

  /** Takes over one delivery that was saved. */
  load(delivery: Delivery): void {
    this.#rows.set(delivery.seq, delivery)
    this.#count = Math.max(this.#count, delivery.seq)
  }

  /** Rows as `GET /deliveries` gives them, oldest first. */
  describe(): unknown[] {
    return [...this.#rows.values()].slice(-KEPT).map((row) => ({
      id: row.id,
      kind: row.kind,
      system: row.system,
      url: row.url,
      attempts: row.attempts,
      status: row.status,
      lastStatus: row.lastStatus,
      createdAt: isoTime(row.createdAt),
      headers: row.headers,
      body: row.body,
    }))
  }
}
