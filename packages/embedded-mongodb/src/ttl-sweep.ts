import { encodeValue } from './bson/key-string.ts'
import { rank } from './bson/value-rank.ts'
import { directed } from './planner/interval.ts'
import type { Collection } from './storage/collection.ts'
import type { StoredIndex } from './storage/stored-index.ts'
import type { Store } from './storage/store.ts'

/** Documents removed in one transaction, so that a large expiry does not hold up commands. */
const batchSize = 500

/** Deletes expired documents of TTL indexes, once per interval. No timer runs while there is no TTL index. */
export class TtlSweep {
  private readonly store: Store
  private readonly intervalMs: number
  private timer: NodeJS.Timeout | undefined

  constructor(store: Store, intervalMs: number) {
    this.store = store
    this.intervalMs = intervalMs
    this.schedule()
  }

  /** Starts the timer when a TTL index exists; called again when one is created. */
  schedule(): void {
    if (this.timer || this.ttlIndexes().length === 0) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.sweepQuietly()
      this.schedule()
    }, this.intervalMs).unref()
  }

  close(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  /** Removes what has expired by now. */
  sweep(now = Date.now()): void {
    for (const { collection, index } of this.ttlIndexes()) {
      const limit = now - index.definition.expireAfterSeconds! * 1000
      while (this.sweepBatch(collection, index, limit) === batchSize);
    }
  }

  /** A sweep that fails, on a full disk for instance, is tried again at the next interval. */
  private sweepQuietly(): void {
    try {
      this.sweep()
    } catch {
      // Nothing was removed: the transaction has been undone.
    }
  }

  private ttlIndexes(): { collection: Collection; index: StoredIndex }[] {
    return this.store
      .listCollections()
      .flatMap((collection) =>
        [...collection.indexes.values()]
          .filter((index) => index.definition.expireAfterSeconds !== undefined)
          .map((index) => ({ collection, index })),
      )
  }

  /** The index holds a key per date, so the earliest date of an array decides, as in MongoDB. */
  private sweepBatch(collection: Collection, index: StoredIndex, limit: number): number {
    const { direction } = index.definition.fields[0]!
    const [first, last] = [Buffer.from([rank.date]), Buffer.concat([encodeValue(new Date(limit)), Buffer.from([0xff])])]
    const [low, high] =
      direction === 1
        ? [first, last]
        : [directed(encodeValue(new Date(limit)), -1), Buffer.concat([directed(first, -1), Buffer.from([0xff])])]
    return this.store.transaction(() => {
      const rows = this.store.sqlite.rows(
        `SELECT DISTINCT rid FROM ${index.table} WHERE key >= ? AND key < ? LIMIT ${batchSize}`,
        low,
        high,
      )
      for (const [rid] of rows) collection.delete(Number(rid), collection.get(Number(rid))!)
      return rows.length
    })
  }
}
