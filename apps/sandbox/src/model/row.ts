import type { Json } from './json.ts'

/**
 * One version of a row. Versions are never changed in place: a write makes a new one, so the old one can serve stale
 * reads. Times are ms; a column that is absent has its default. References are kept as ids of other rows.
 */
export interface Row {
  /** Position in creation order from 0, never used again. */
  readonly seq: number
  /** Integer in the CRM (`seq + 1`), guid elsewhere. */
  readonly id: number | string
  readonly created_date: number
  readonly modified_date: number
  readonly created_by: string
  readonly modified_by: string
  /** Set on deleted rows only. */
  readonly deleted_at?: number
  readonly [column: string]: Json
}

/** Columns of a new version, before the table adds position and id. */
export interface RowDraft {
  readonly created_date: number
  readonly modified_date: number
  readonly created_by: string
  readonly modified_by: string
  readonly [column: string]: Json
}

/** Compares ids, which are of one kind inside a table. */
export function compareIds(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
