import type { EntityPlugin } from '@amis-sync/core'

/** Which entities may work: those of the steps that were reached, and inside the running step those whose turn has come. */
export class Turns {
  readonly #plugins: readonly EntityPlugin[]
  readonly #onTurn: (entity?: string) => void
  #step = 0
  /** Entities of the running step whose turn has not come: their hints wait, so that what they refer to goes first. */
  readonly #later = new Set<string>()

  /** `onTurn` is told whose turn has come; nobody named = everybody's. */
  constructor(plugins: readonly EntityPlugin[], onTurn: (entity?: string) => void) {
    this.#plugins = plugins
    this.#onTurn = onTurn
  }

  get step(): number {
    return this.#step
  }

  /** The steps up to this one are open. */
  reach(step: number): void {
    this.#step = Math.max(this.#step, step)
  }

  mayWork({ id, firstSync }: EntityPlugin): boolean {
    return !this.#later.has(id) && firstSync.step <= this.#step
  }

  /** These wait for their turn, too. */
  hold(entities: Iterable<string>): void {
    for (const entity of entities) this.#later.add(entity)
  }

  /** Its turn has come. */
  take(entity: string): void {
    if (this.#later.delete(entity)) this.#onTurn(entity)
  }

  async during(step: number, task: () => Promise<unknown>): Promise<void> {
    this.#step = step
    this.#later.clear()
    for (const { id, firstSync } of this.#plugins) if (firstSync.step === step) this.#later.add(id)
    try {
      await task()
    } finally {
      this.#later.clear()
      this.#onTurn()
    }
  }
}
