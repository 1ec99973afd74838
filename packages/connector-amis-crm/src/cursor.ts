import type { Position, WalkState } from './walk.ts'
import { notUnderstood } from './watermark.ts'

/** A place in a listing. Text for callers, who must not look inside. */
export interface Cursor {
  readonly walk: WalkState
  /** Default `id`; `modified` where the server does not order by id. */
  readonly order?: 'id' | 'modified'
  /** For a plain walk by id: since when the deleted feed is asked at the end, milliseconds since 1970. */
  readonly deletedSince?: number
}

export function formatCursor(cursor: Cursor): string {
  const { rank, last, careful } = cursor.walk
  const order = cursor.order === 'modified' ? 1 : 0
  return JSON.stringify([rank, careful ? 1 : 0, last ?? null, cursor.deletedSince ?? null, order])
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

function toLast(value: unknown): Position | null | undefined {
  if (value === null) return null
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number')
    ? (value as unknown as Position)
    : undefined
}

/** Throws `CURSOR_NOT_UNDERSTOOD`. */
export function parseCursor(text: string): Cursor {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw notUnderstood(text)
  }
  if (!Array.isArray(parsed)) throw notUnderstood(text)
  const [rank, careful, given, since, order] = parsed as unknown[]
  const last = toLast(given)
  if (!isCount(rank) || last === undefined || (since !== null && !isCount(since))) throw notUnderstood(text)
  return {
    walk: { rank, careful: careful === 1, ...(last === null ? {} : { last }) },
    ...(since === null ? {} : { deletedSince: since }),
    ...(order === 1 ? { order: 'modified' } : {}),
  }
}
