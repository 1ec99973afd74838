import type { Row } from './row.ts'

/** How long earlier versions are kept for stale reads; the contract asks for ten minutes (§5.5). */
const KEPT_MS = 15 * 60_000

interface Change {
  readonly at: number
  readonly seq: number
  readonly before: Row | null
}

/** What the rows of one table were before each recent change. */
export class History {
  #changes: Change[] = []
  #first = 0

  /** Remembers that row `seq` was `before` (null = did not exist) until now. */
  note(at: number, seq: number, before: Row | null): void {
    this.#changes.push({ at, seq, before })
    while (this.#first < this.#changes.length && (this.#changes[this.#first] as Change).at < at - KEPT_MS)
      this.#first += 1
    if (this.#first > 1000 && this.#first * 2 > this.#changes.length) {
      this.#changes = this.#changes.slice(this.#first)
      this.#first = 0
    }
  }

  /**
   * Rows that were different at `moment`, by position; null = did not exist then. Empty = as now. Changes dated after
   * `now` were made before the clock was put back; they count as older than any moment that can be asked for.
   */
  asOf(moment: number, now: number): Map<number, Row | null> {
    const different = new Map<number, Row | null>()
    for (let i = this.#changes.length - 1; i >= this.#first; i -= 1) {
      const change = this.#changes[i] as Change
      if (change.at <= moment || change.at > now) break
      different.set(change.seq, change.before)
    }
    return different
  }

  /** Forgets everything. */
  clear(): void {
    this.#changes = []
    this.#first = 0
  }
}
