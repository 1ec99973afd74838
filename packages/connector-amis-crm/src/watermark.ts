import { SyncError, toInstant, toTimeStamp } from '@amis-sync/core'

/** Where the next poll starts, in server time, milliseconds since 1970; 0 = from the beginning. */
export interface Watermark {
  readonly modified: number
  readonly deleted: number
}

export function formatWatermark(watermark: Watermark): string {
  return JSON.stringify({ modified: toTimeStamp(watermark.modified), deleted: toTimeStamp(watermark.deleted) })
}

/** Reads what {@link formatWatermark} made, or a plain time stamp. */
export function parseWatermark(text: string): Watermark {
  const plain = toInstant(text)
  if (plain !== undefined) return { modified: plain, deleted: plain }
  try {
    const { modified, deleted } = JSON.parse(text) as Record<string, unknown>
    const times = [modified, deleted].map((time) => (typeof time === 'string' ? toInstant(time) : undefined))
    if (times[0] !== undefined && times[1] !== undefined) return { modified: times[0], deleted: times[1] }
  } catch {
    throw notUnderstood(text)
  }
  throw notUnderstood(text)
}

/** A cursor or watermark that this version did not make. */
export function notUnderstood(text: string): SyncError {
  return new SyncError({
    code: 'CURSOR_NOT_UNDERSTOOD',
    kind: 'config',
    message: {
      vi: 'Dấu vị trí đọc đã lưu không hiểu được. Hãy chạy đồng bộ toàn bộ cho loại dữ liệu này để bắt đầu lại.',
      en: 'The stored read position is not understood. Run a full sync of this kind of data to start anew.',
    },
    detail: { cursor: text.slice(0, 200) },
  })
}

export interface Advance {
  readonly previous: number
  /** Newest time on the first page; absent = it had no row. */
  readonly newest?: number
  /** Is the overlap before `newest` fuller than one page? */
  readonly crowded: boolean
  /** The server's clock when it answered. */
  readonly serverDate?: number
  readonly overlapMs: number
}

/**
 * The newest time seen on the first page minus the overlap; never back (contract §1.2). After an import thousands of rows share their
 * last moments, and every poll would read them all again: then, once the server's own clock is past the overlap, the watermark stands
 * right behind the newest row. An answer without rows moves nothing.
 */
export function advance(options: Advance): number {
  const { previous, newest, serverDate, overlapMs } = options
  if (newest === undefined) return previous
  const settled = options.crowded && serverDate !== undefined ? Math.min(newest + 1, serverDate - overlapMs) : 0
  return Math.max(previous, newest - overlapMs, settled, 0)
}
