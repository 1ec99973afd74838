import { SyncError } from '@amis-sync/core'
import { z } from 'zod'

const placeSchema = z.strictObject({
  /** Where the next request begins. */
  skip: z.number().int().min(0),
  /** Rows read last, by fingerprint, oldest first: one of them must turn up in the next page. */
  anchors: z.array(z.string()),
  /** How many known rows the next page should begin with. */
  overlap: z.number().int().min(1),
  /** `CustomData.LastSyncTime` of the first page. */
  asOf: z.string().nullable(),
})

/** Where a listing stands. */
export type Place = z.output<typeof placeSchema>

export const firstPlace: Place = { skip: 0, anchors: [], overlap: 1, asOf: null }

export function toCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Throws `CURSOR_NOT_UNDERSTOOD` (kind `config`): a cursor of another version or connector; begin the listing anew. */
export function fromCursor(cursor: string | undefined): Place {
  if (cursor === undefined) return firstPlace
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new SyncError({
      code: 'CURSOR_NOT_UNDERSTOOD',
      kind: 'config',
      message: {
        vi: 'Con trỏ trang của AMIS Kế toán không đọc được. Hãy bắt đầu lại việc đọc danh sách.',
        en: 'The page cursor of AMIS Accounting cannot be read. Begin the listing anew.',
      },
      cause,
    })
  }
}

/** Up to where changed rows and deletions were read, by ACT's own clock. */
export interface Watermark {
  readonly rows: string
  readonly deleted: string
}

/** `rows`, or `rows|deleted` where deletions are asked for from an earlier time. */
export function fromWatermark({ rows, deleted }: Watermark): string {
  return rows === deleted ? rows : `${rows}|${deleted}`
}

export function toWatermark(text: string): Watermark {
  const [rows, deleted] = text.split('|') as [string, string?]
  return { rows, deleted: deleted ?? rows }
}
