import { History } from './history.ts'
import { FORGETFUL, type Journal } from './journal.ts'
import type { JsonObject } from './json.ts'
import { compareIds, type Row, type RowDraft } from './row.ts'
import { Lookups } from './lookups.ts'
import { SortedList } from './sorted-list.ts'

/** Orders in which a table can be listed; `natural` is the table's own, if it has one. */
export type Order = 'modified' | 'created' | 'id' | 'natural'

/** A property that no two live rows share; rows without a key are free. */
export interface Unique {
  readonly field: string
  readonly key: (row: Row) => string | null
}

/** Rows of `table` that a row of this table keeps from being deleted: by id, or as `code:` + code key. */
export interface Guard {
  readonly table: string
  readonly targets: (row: Row) => Iterable<number | string>
}

/** What a table has to know about its rows. */
export interface TableShape {
  readonly name: string
  readonly ids: 'integer' | 'guid'
  readonly orders: readonly Order[]
  readonly natural?: (a: Row, b: Row) => number
  readonly uniques: readonly Unique[]
  readonly guards: readonly Guard[]
  /** How the table's system rounds its times; absent = not at all. */
  readonly stamp?: (ms: number) => number
  /** Rows are also found by this key, many to one. */
  readonly group?: (row: Row) => string
}

/** A listing: `from` keeps rows with `modified_date >= from`; `asOf` answers as of an earlier moment. */
export interface Selection {
  readonly order: Order
  readonly descending?: boolean
  readonly from?: number | undefined
  readonly skip: number
  readonly take: number
  readonly asOf?: number | undefined
}

/** All rows of one entity of one tenant, with every index that the APIs need. */
export class Table {
  readonly shape: TableShape
  readonly history = new History()
  /** Present version of every row ever made, deleted ones too, in creation order. */
  readonly rows: Row[] = []
  readonly #journal: Journal
  readonly #bucket: string
  readonly #now: () => number
  readonly #byGuid = new Map<string, number>()
  readonly #orders = new Map<Order, SortedList>()
  readonly #deleted: SortedList
  readonly #lookups: Lookups

  constructor(shape: TableShape, now: () => number, journal: Journal = FORGETFUL, bucket: string = shape.name) {
    this.shape = shape
    this.#now = now
    this.#journal = journal
    this.#bucket = bucket
    for (const order of shape.orders) this.#orders.set(order, new SortedList(this.#bySeq(this.comparator(order))))
    this.#deleted = new SortedList(
      this.#bySeq((a, b) => (a.deleted_at ?? 0) - (b.deleted_at ?? 0) || compareIds(a.id, b.id) || a.seq - b.seq),
    )
    this.#lookups = new Lookups(shape)
  }

  /** Number of live rows. */
  get size(): number {
    return (this.#orders.get(this.shape.orders[0] as Order) as SortedList).size
  }

  /** Number of deleted rows. */
  get deletedSize(): number {
    return this.#deleted.size
  }

  /** The version of the row with this id, live or deleted; of guids used twice, the later row. */
  get(id: number | string): Row | undefined {
    const seq = typeof id === 'number' ? id - 1 : this.#byGuid.get(id)
    return seq === undefined ? undefined : this.rows[seq]
  }

  /** The live row with this unique key. */
  find(key: string, unique = 0): Row | undefined {
    const seq = this.#lookups.find(key, unique)
    return seq === undefined ? undefined : this.rows[seq]
  }

  /** True if a deleted row once had this unique key. */
  hadOnce(key: string, unique = 0): boolean {
    return this.#lookups.hadOnce(key, unique)
  }

  /** How many live rows of this table point at that row of `table`. */
  guards(table: string, target: number | string): number {
    return this.#lookups.guards(table, target)
  }

  /** Every row, live or not, whose group key this is. */
  group(key: string): Row[] {
    return this.#lookups.group(key).map((seq) => this.#at(seq))
  }

  /** Adds a row; `id` is needed in tables of guids. */
  insert(draft: RowDraft, id?: string): Row {
    const seq = this.rows.length
    const row: Row = { seq, id: id ?? seq + 1, ...draft }
    this.history.note(this.#now(), seq, null)
    this.rows.push(row)
    this.#index(row)
    this.#lookups.join(row)
    this.#save(row)
    return row
  }

  /** Puts a row back as it was saved. Only for loading, in order of `seq`. */
  restore(row: Row): void {
    this.rows[row.seq] = row
    this.#index(row)
    this.#lookups.join(row)
  }

  /** Puts a whole row in without history or journal; the caller saves. Only for seeds. */
  plant(row: Row): void {
    this.rows.push(row)
    this.#index(row)
    this.#lookups.join(row)
    this.#save(row)
  }

  /** Replaces a live version by the next one of the same row. */
  replace(before: Row, next: Row): Row {
    this.history.note(this.#now(), before.seq, before)
    this.#change(before, next, 'modified')
    this.#lookups.change(before, next)
    this.#save(next)
    return next
  }

  /** Gives a live row a new `modified_date` and changes nothing else. */
  touch(row: Row): void {
    this.replace(row, { ...row, modified_date: this.shape.stamp?.(this.#now()) ?? this.#now() })
  }

  /** Marks a live row deleted. */
  remove(row: Row, extra: JsonObject = {}): Row {
    const at = this.#now()
    this.history.note(at, row.seq, row)
    this.#unindex(row)
    const gone: Row = { ...row, ...extra, deleted_at: at }
    this.rows[row.seq] = gone
    this.#index(gone)
    this.#save(gone)
    return gone
  }

  /** A page of live rows and how many match in all. */
  select(selection: Selection): { rows: Row[]; total: number } {
    const { order, descending = false, from, skip, take, asOf } = selection
    const then = asOf === undefined ? undefined : this.history.asOf(asOf, this.#now())
    if (then?.size || (from !== undefined && order !== 'modified')) {
      const all = this.#matching(from, then).toSorted(this.comparator(order))
      if (descending) all.reverse()
      return { rows: all.slice(skip, skip + take), total: all.length }
    }
    const list = this.#orders.get(order) as SortedList
    const first = from === undefined ? 0 : list.rank((seq) => (this.#at(seq).modified_date < from ? -1 : 0))
    const total = list.size - first
    const size = Math.max(0, Math.min(take, total - skip))
    const seqs = list.slice(descending ? list.size - skip - size : first + skip, size)
    if (descending) seqs.reverse()
    return { rows: seqs.map((seq) => this.#at(seq)), total }
  }

  /** Live rows between two ranks of an order, found by a probe that is −1 before, 0 inside and 1 behind the range. */
  range(order: Order, probe: (row: Row) => number): Row[] {
    const list = this.#orders.get(order) as SortedList
    const first = list.rank((seq) => (probe(this.#at(seq)) < 0 ? -1 : 0))
    const end = list.rank((seq) => (probe(this.#at(seq)) <= 0 ? -1 : 0))
    return list.slice(first, end - first).map((seq) => this.#at(seq))
  }

  /** Up to `take` live rows in order of change, from the first one for which `behind` holds. */
  behind(behind: (row: Row) => boolean, take: number): Row[] {
    const list = this.#orders.get('modified') as SortedList
    return list
      .slice(
        list.rank((seq) => (behind(this.#at(seq)) ? 0 : -1)),
        take,
      )
      .map((seq) => this.#at(seq))
  }

  /** Deleted rows with `deleted_at >= since`, oldest deletion first, as known at `asOf`. */
  selectDeleted(since: number | null, skip: number, take: number, asOf?: number): { rows: Row[]; total: number } {
    const first = since === null ? 0 : this.#deleted.rank((seq) => ((this.#at(seq).deleted_at ?? 0) < since ? -1 : 0))
    const end =
      asOf === undefined
        ? this.#deleted.size
        : this.#deleted.rank((seq) => ((this.#at(seq).deleted_at ?? 0) <= asOf ? -1 : 0))
    const total = Math.max(0, end - first)
    const seqs = this.#deleted.slice(first + skip, Math.max(0, Math.min(take, total - skip)))
    return { rows: seqs.map((seq) => this.#at(seq)), total }
  }

  /** Live rows in some order. */
  *live(order: Order = 'id'): Generator<Row> {
    for (const seq of this.#orders.get(order) ?? []) yield this.#at(seq)
  }

  /** Sorts an order anew after codes outside this table changed. */
  resort(order: Order): void {
    this.#orders.get(order)?.resort()
  }

  /** Total order of rows for listings. */
  comparator(order: Order): (a: Row, b: Row) => number {
    if (order === 'modified') return (a, b) => a.modified_date - b.modified_date || compareIds(a.id, b.id)
    if (order === 'created') return (a, b) => a.created_date - b.created_date || compareIds(a.id, b.id)
    if (order === 'natural' && this.shape.natural) return this.shape.natural
    return (a, b) => compareIds(a.id, b.id)
  }

  #at(seq: number): Row {
    return this.rows[seq] as Row
  }

  #bySeq(compare: (a: Row, b: Row) => number): (a: number, b: number) => number {
    return (a, b) => compare(this.#at(a), this.#at(b))
  }

  #matching(from: number | undefined, then: Map<number, Row | null> | undefined): Row[] {
    const modified = this.#orders.get('modified')
    const start =
      from === undefined || !modified ? 0 : modified.rank((seq) => (this.#at(seq).modified_date < from ? -1 : 0))
    const list = (modified ?? this.#orders.get('natural')) as SortedList
    const found = list.slice(start, list.size - start).map((seq) => this.#at(seq))
    if (!then?.size) return found
    const now = found.filter((row) => !then.has(row.seq))
    const old = [...then.values()].filter(
      (row) => row && row.deleted_at === undefined && row.modified_date >= (from ?? -Infinity),
    )
    return [...now, ...(old as Row[])]
  }

  #change(before: Row, next: Row, order: Order): void {
    const list = this.#orders.get(order)
    const moved = list && this.comparator(order)(before, next) !== 0
    if (moved) list.remove(before.seq)
    this.rows[next.seq] = next
    if (moved) list.add(next.seq)
  }

  #index(row: Row): void {
    if (typeof row.id === 'string' && (row.deleted_at === undefined || !this.#byGuid.has(row.id))) {
      this.#byGuid.set(row.id, row.seq)
    }
    if (row.deleted_at !== undefined) {
      this.#deleted.add(row.seq)
      this.#lookups.bury(row)
      return
    }
    for (const list of this.#orders.values()) list.add(row.seq)
    this.#lookups.add(row)
  }

  #unindex(row: Row): void {
    for (const list of this.#orders.values()) list.remove(row.seq)
    this.#lookups.drop(row)
  }

  #save(row: Row): void {
    this.#journal.put(this.#bucket, row.seq, row)
  }
}
