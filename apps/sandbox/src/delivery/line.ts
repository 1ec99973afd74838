import type { Job } from './delivery.ts'

/**
 * The line of one target. First attempts go in order of creation; a failed delivery steps aside until it is due again
 * and does not hold up the others.
 */
export class Line {
  #fresh: Job[] = []
  #head = 0
  readonly #later: Job[] = []
  busy = false

  /** How many jobs wait, now or later. */
  get size(): number {
    return this.#fresh.length - this.#head + this.#later.length
  }

  /** Puts a job behind the others; if it is due later, beside them. */
  add(job: Job, now: number): void {
    if (job.due <= now) this.#fresh.push(job)
    else this.#insertLater(job)
  }

  /** Takes the next job that is due, if there is one. */
  take(now: number): Job | undefined {
    const waiting = this.#later[0]
    const next = this.#fresh[this.#head]
    if (
      waiting &&
      waiting.due <= now &&
      (!next || waiting.delivery.seq <= next.delivery.seq || waiting.due <= next.due)
    ) {
      return this.#later.shift()
    }
    if (!next) return undefined
    this.#head += 1
    if (this.#head > 1000 && this.#head * 2 > this.#fresh.length) {
      this.#fresh = this.#fresh.slice(this.#head)
      this.#head = 0
    }
    return next
  }

  /** When the next job is due; null if none waits. */
  nextDue(): number | null {
    if (this.#head < this.#fresh.length) return Number.NEGATIVE_INFINITY
    return this.#later[0]?.due ?? null
  }

  /** Takes all jobs, in order of creation. */
  drain(): Job[] {
    const all = [...this.#fresh.slice(this.#head), ...this.#later].toSorted((a, b) => a.delivery.seq - b.delivery.seq)
    this.#fresh = []
    this.#head = 0
    this.#later.length = 0
    return all
  }

  #insertLater(job: Job): void {
    let low = 0
    let high = this.#later.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#later[middle] as Job).due <= job.due) low = middle + 1
      else high = middle
    }
    this.#later.splice(low, 0, job)
  }
}
