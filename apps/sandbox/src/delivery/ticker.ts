/** Something that happens when it falls due on the tenant's clock. */
export interface Timed {
  /** When the next thing is due; null = nothing waits. */
  nextDue(): number | null
  /** Does what is due. */
  run(): void
  /** True while something started by `run` is still on its way. */
  readonly busy: boolean
}

const LONGEST_TIMER = 2_000_000_000

/** Runs timed things on a tenant's clock: by timer while it runs, and whenever it is moved. */
export class Ticker {
  readonly #sources: readonly Timed[]
  readonly #clock: { now(): number; readonly frozen: boolean }
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #waiting: (() => void)[] = []
  #closed = false

  constructor(clock: { now(): number; readonly frozen: boolean }, sources: readonly Timed[]) {
    this.#clock = clock
    this.#sources = sources
  }

  /** Looks again at what is due. What is due at once happens on a frozen clock too, right after this turn. */
  wake(): void {
    if (this.#closed || this.#immediate) return
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined
      this.#tick()
    })
  }

  /** Resolves when nothing that is due is left undone. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.wake()
    })
  }

  /** Ends all timers. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    for (const resolve of this.#waiting) resolve()
  }

  #tick(): void {
    for (const source of this.#sources) if (this.#isDue(source)) source.run()
    clearTimeout(this.#timer)
    const next = this.#next()
    const wait = next === null ? null : next - this.#clock.now()
    if (wait !== null && wait <= 0) {
      this.wake()
      return
    }
    if (!this.#sources.some((source) => source.busy)) {
      const waiting = this.#waiting
      this.#waiting = []
      for (const resolve of waiting) resolve()
    }
    if (wait !== null && !this.#clock.frozen) {
      this.#timer = setTimeout(() => this.#tick(), Math.min(Math.ceil(wait), LONGEST_TIMER))
    }
  }

  #isDue(source: Timed): boolean {
    const due = source.nextDue()
    return due !== null && due <= this.#clock.now()
  }

  #next(): number | null {
    const dues = this.#sources.map((source) => source.nextDue()).filter((due) => due !== null)
    return dues.length > 0 ? Math.min(...dues) : null
  }
}
