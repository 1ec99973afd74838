import type { Clock } from '@amis-sync/core'

const woken = 'woken'

/** Wakes sleeping loops at once. A notification that comes while nobody sleeps is kept for the next sleep. */
export class Signal {
  #pending = false
  #abort: AbortController | undefined

  notify(): void {
    this.#pending = true
    // Without a reason of its own each abort would make an exception with a stack.
    this.#abort?.abort(woken)
  }

  async wait(clock: Clock, ms: number): Promise<void> {
    if (!this.#pending) {
      this.#abort = new AbortController()
      await clock.sleep(ms, this.#abort.signal)
      this.#abort = undefined
    }
    this.#pending = false
  }
}

/** Runs tasks of one name one after the other. */
export class Locks {
  readonly #tails = new Map<string, Promise<unknown>>()

  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name) ?? Promise.resolve()
    const result = before.then(task, task)
    this.#tails.set(
      name,
      result.catch(() => undefined),
    )
    return result
  }
}
