import type { SystemId } from '../policy/direction-policy.ts'

/** A row exactly as a system gave it, after JSON parsing. Never trusted: codecs check it. */
export type Row = Readonly<Record<string, unknown>>

/**
 * A canonical value: plain JSON data. Decimals, dates and codes are text. `null` = empty; `undefined` or absent = this side does not
 * carry the field (contract §0.2), which never clears anything elsewhere (D8).
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value | undefined }

/** A record in canonical form, as far as one side carries it. */
export type Canonical = Readonly<Record<string, Value | undefined>>

/** Names one record of one system. `id` is unique within the resource and never reused by the system. */
export interface RecordRef {
  readonly system: SystemId
  /** The system's own name of the table: `Customers`, `AccountObjects`, `Employees`. */
  readonly resource: string
  readonly id: string
}

/** A row with what every connector can tell about it. */
export interface WireRecord {
  readonly resource: string
  readonly id: string
  /** The business code, as the owner wrote it. */
  readonly key?: string
  /** The system's own version of the row, comparable within one record: a time stamp or a counter, as text. */
  readonly version?: string
  /** Who changed the row last, as the system names him. */
  readonly changedBy?: string
  readonly row: Row
  /** When the request that gave it began (our clock, milliseconds since 1970): a row read before our own last write is no news. */
  readonly readAt?: number
}

/** A record that is gone, as a delete feed tells it. */
export interface Tombstone {
  readonly resource: string
  readonly id: string
  readonly key?: string
  /** When it was deleted, comparable with the versions of the record: one that was stored later shows the record restored. */
  readonly version?: string
}
