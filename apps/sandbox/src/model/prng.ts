/** mulberry32 exactly as §5.5; the state can be read and set so that it survives a restart. */
export class Prng {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** Present state. */
  get state(): number {
    return this.#state
  }

  /** Next number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
