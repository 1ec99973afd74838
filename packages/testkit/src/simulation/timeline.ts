import type { Clock } from '@amis-sync/core'

/** Taken before anything traps timers: lets everything run that needs no time, and nothing else. */
const realTurn = globalThis.setImmediate

function turn(): Promise<void> {
  return new Promise((resolve) => {
    realTurn(resolve)
  })
}

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Something outside that has dates of its own: the simulated systems. */
export interface TimedSource {
  /** Milliseconds since 1970; null = nothing waits. */
  nextDue(): number | null
  run(): void
}

/** Nothing will ever happen any more, although something is waited for. */
export class Stalled extends Error {}

/**
 * Virtual time and the only scheduler: one event after the other, by time and then by order of arrival; between two of them every promise
 * that can go on does. What happens when is decided by the delays that callers give, so one source of chance decides every interleaving.
 */
export class Timeline {
  #now: number
  #order = 0
  #events = new Set<Event>()
  readonly #sources: TimedSource[] = []
  /** Events so far. */
  count = 0

  constructor(start: number) {
    this.#now = start
  }

  get now(): number {
    return this.#now
  }

  addSource(source: TimedSource): void {
    this.#sources.push(source)
  }

  /** Runs something so many milliseconds from now; the result takes it back. */
  after(ms: number, run: () => void): () => void {
    const event: Event = { at: this.#now + Math.max(0, ms), order: (this.#order += 1), run }
    this.#events.add(event)
    return () => this.#events.delete(event)
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }

  /** A clock of this time. `waits` may hold a sleeper back: a process that was stopped. */
  clock(waits: (ms: number, wake: () => void) => () => void = (ms, wake) => this.after(ms, wake)): Clock {
    return {
      now: () => this.#now,
      monotonic: () => this.#now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve()
          const done = (): void => {
            signal?.removeEventListener('abort', abort)
            resolve()
          }
          const cancel = waits(ms, done)
          const abort = (): void => {
            cancel()
            resolve()
          }
          signal?.addEventListener('abort', abort, { once: true })
        }),
    }
  }

  /** Lets time pass until the task is finished. Rejects with {@link Stalled}, or when there were too many events. */
  async drive<T>(task: Promise<T>, mostEvents: number): Promise<T> {
    let finished = false
    const end = task.finally(() => {
      finished = true
    })
    end.catch(() => undefined)
    for (;;) {
      await turn()
      if (finished) return end
      if ((this.count += 1) > mostEvents) throw new Stalled(`no end after ${mostEvents} events`)
      this.#step()
    }
  }

  #step(): void {
    let first: Event | undefined
    for (const event of this.#events) {
      if (!first || event.at < first.at || (event.at === first.at && event.order < first.order)) first = event
    }
    let source: TimedSource | undefined
    let due = first?.at ?? Infinity
    for (const one of this.#sources) {
      const at = one.nextDue()
      if (at === null || at >= due) continue
      due = at
      source = one
    }
    if (due === Infinity) throw new Stalled('nothing is left to happen')
    this.#now = Math.max(this.#now, due)
    if (source) return source.run()
    this.#events.delete(first!)
    first!.run()
  }
}
