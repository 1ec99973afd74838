import type { Journal } from '../model/journal.ts'
import { wholeSecond } from '../model/time.ts'
import type { LostCallback } from './delivery.ts'

/** Callbacks that reached nobody; reading does not remove them (§2.5). */
export class LostCallbacks {
  #rows: LostCallback[] = []
  readonly #journal: Journal

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Adds one, dated when it was given up. */
  add(dataType: number, data: string, at: number, message: string): void {
    const row: LostCallback = {
      id: this.#rows.length + 1,
      data_type: dataType,
      data,
      created_at: at,
      error_call_back_message: message,
    }
    this.#rows.push(row)
    this.#journal.put('lost', row.id, row)
  }

  /** Those given up in a span of whole seconds, both ends included, oldest first. */
  between(from: number, to: number): LostCallback[] {
    return this.#rows.filter((row) => wholeSecond(row.created_at) >= from && wholeSecond(row.created_at) <= to)
  }

  /** Forgets all. */
  clear(): void {
    for (const row of this.#rows) this.#journal.put('lost', row.id, null)
    this.#rows = []
  }

  /** Takes over one row that was saved. */
  load(saved: unknown): void {
    this.#rows.push(saved as LostCallback)
  }
}
