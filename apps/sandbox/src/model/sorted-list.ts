const CHUNK = 1024

/**
 * Numbers (row positions) in the order of a comparator, with access by rank. Chunks keep every operation at about
 * O(√n) moves in the worst case and O(1) for appends, which is how rows mostly come.
 */
export class SortedList {
  #chunks: number[][] = []
  #size = 0
  readonly #compare: (a: number, b: number) => number

  /** `compare` must be a total order that stays the same for an item from its `add` to its `remove`. */
  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare
  }

  /** How many items there are. */
  get size(): number {
    return this.#size
  }

  /** Adds an item that is not in the list. */
  add(item: number): void {
    this.#size += 1
    const last = this.#chunks.at(-1)
    if (!last) {
      this.#chunks.push([item])
      return
    }
    if (this.#compare(item, last[last.length - 1] as number) > 0) {
      if (last.length < CHUNK) last.push(item)
      else this.#chunks.push([item])
      return
    }
    const at = this.#chunkFor((other) => this.#compare(other, item))
    const chunk = this.#chunks[at] as number[]
    chunk.splice(
      lowerBound(chunk, (other) => this.#compare(other, item)),
      0,
      item,
    )
    if (chunk.length > CHUNK) this.#chunks.splice(at, 1, chunk.slice(0, CHUNK / 2), chunk.slice(CHUNK / 2))
  }

  /** Removes an item; false if it was not there. */
  remove(item: number): boolean {
    const probe = (other: number): number => this.#compare(other, item)
    const at = this.#chunkFor(probe)
    const chunk = this.#chunks[at]
    if (!chunk) return false
    const index = lowerBound(chunk, probe)
    if (chunk[index] !== item) return false
    chunk.splice(index, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
    this.#size -= 1
    return true
  }

  /** How many items stand before the first one for which `probe` is not negative. */
  rank(probe: (item: number) => number): number {
    const at = this.#chunkFor(probe)
    let before = 0
    for (let i = 0; i < at; i += 1) before += (this.#chunks[i] as number[]).length
    const chunk = this.#chunks[at]
    return chunk ? before + lowerBound(chunk, probe) : before
  }

  /** Up to `count` items from rank `start` on. */
  slice(start: number, count: number): number[] {
    const found: number[] = []
    let skip = Math.max(0, start)
    let left = start < 0 ? count + start : count
    for (const chunk of this.#chunks) {
      if (left <= 0) break
      if (skip >= chunk.length) {
        skip -= chunk.length
        continue
      }
      const part = chunk.slice(skip, skip + left)
      found.push(...part)
      left -= part.length
      skip = 0
    }
    return found
  }

  /** All items in order. */
  *[Symbol.iterator](): Generator<number> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** Sorts anew, after something outside changed what the comparator sees. */
  resort(): void {
    const items = [...this].toSorted(this.#compare)
    this.#chunks = []
    for (let i = 0; i < items.length; i += CHUNK) this.#chunks.push(items.slice(i, i + CHUNK))
  }

  #chunkFor(probe: (item: number) => number): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const chunk = this.#chunks[middle] as number[]
      if (probe(chunk[chunk.length - 1] as number) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function lowerBound(items: readonly number[], probe: (item: number) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (probe(items[middle] as number) < 0) low = middle + 1
    else high = middle
  }
  return low
}
