import type { Row } from './row.ts'
import type { TableShape } from './table.ts'

/** Finds rows of one table by unique keys, by group, and counts what guards other rows. Holds positions only. */
export class Lookups {
  readonly #shape: TableShape
  readonly #live: Map<string, number>[]
  readonly #gone: Set<string>[]
  readonly #guarded = new Map<string, number>()
  readonly #groups = new Map<string, number[]>()

  constructor(shape: TableShape) {
    this.#shape = shape
    this.#live = shape.uniques.map(() => new Map())
    this.#gone = shape.uniques.map(() => new Set())
  }

  /** Position of the live row with this unique key. */
  find(key: string, unique: number): number | undefined {
    return this.#live[unique]?.get(key)
  }

  /** True if a deleted row once had this unique key. */
  hadOnce(key: string, unique: number): boolean {
    return this.#gone[unique]?.has(key) ?? false
  }

  /** How many live rows point at that row of `table`. */
  guards(table: string, target: number | string): number {
    return this.#guarded.get(`${table} ${target}`) ?? 0
  }

  /** Positions of the rows, live or not, with this group key. */
  group(key: string): readonly number[] {
    return this.#groups.get(key) ?? []
  }

  /** Adds a row to its group, once in its life. */
  join(row: Row): void {
    const key = this.#shape.group?.(row)
    if (key === undefined) return
    const seqs = this.#groups.get(key)
    if (seqs) seqs.push(row.seq)
    else this.#groups.set(key, [row.seq])
  }

  /** A row became live. */
  add(row: Row): void {
    for (const [i, key] of this.#keys(row)) this.#live[i]?.set(key, row.seq)
    this.#guard(row, 1)
  }

  /** A live row is no longer so. */
  drop(row: Row): void {
    for (const [i, key] of this.#keys(row)) this.#live[i]?.delete(key)
    this.#guard(row, -1)
  }

  /** A deleted row is remembered by its keys. */
  bury(row: Row): void {
    for (const [i, key] of this.#keys(row)) this.#gone[i]?.add(key)
  }

  /** A live row got another version. */
  change(before: Row, next: Row): void {
    for (const [i, unique] of this.#shape.uniques.entries()) {
      const old = unique.key(before)
      const key = unique.key(next)
      if (old === key) continue
      if (old !== null) this.#live[i]?.delete(old)
      if (key !== null) this.#live[i]?.set(key, next.seq)
    }
    this.#guard(before, -1)
    this.#guard(next, 1)
  }

  *#keys(row: Row): Generator<[number, string]> {
    for (const [i, unique] of this.#shape.uniques.entries()) {
      const key = unique.key(row)
      if (key !== null) yield [i, key]
    }
  }

  #guard(row: Row, step: 1 | -1): void {
    for (const guard of this.#shape.guards) {
      for (const target of guard.targets(row)) {
        const key = `${guard.table} ${target}`
        const count = (this.#guarded.get(key) ?? 0) + step
        if (count === 0) this.#guarded.delete(key)
        else this.#guarded.set(key, count)
      }
    }
  }
}
