import type { Journal } from '../model/journal.ts'

/** Numbers that a tenant's server hands out, each only once. */
export class NumberCounters {
  #values: Record<string, number> = {}
  readonly #journal: Journal
  readonly #key: number

  constructor(journal: Journal, key: number) {
    this.#journal = journal
    this.#key = key
  }

  /** The next number of a series, from 1. */
  next(name: string): number {
    return this.skip(name, 1)
  }

  /** Moves a series forward and gives its last number. */
  skip(name: string, count: number): number {
    const value = (this.#values[name] ?? 0) + count
    this.#values = { ...this.#values, [name]: value }
    this.#journal.put('meta', this.#key, this.#values)
    return value
  }

  /** All series start again. */
  clear(): void {
    this.#values = {}
    this.#journal.put('meta', this.#key, null)
  }

  /** Takes over what was saved. */
  load(saved: unknown): void {
    this.#values = saved as Record<string, number>
  }
}
