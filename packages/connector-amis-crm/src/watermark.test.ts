import { describe, expect, it } from 'vitest'
import { formatCursor, parseCursor } from './cursor.ts'
import { advance, formatWatermark, parseWatermark } from './watermark.ts'

const overlapMs = 120_000
const newest = 1_000_000_000

describe('advance', () => {
  it('stands before the newest row by the overlap', () => {
    expect(advance({ previous: 0, newest, crowded: false, overlapMs, serverDate: newest * 2 })).toBe(newest - overlapMs)
  })

  it('never goes back, and stays where it is when no row came', () => {
    expect(advance({ previous: newest, newest: newest - 5, crowded: false, overlapMs })).toBe(newest)
    expect(advance({ previous: newest, crowded: false, overlapMs })).toBe(newest)
  })

  it('stands behind a crowd once the server says that it is over', () => {
    const crowd = { previous: 0, newest, crowded: true, overlapMs }
    expect(advance({ ...crowd, serverDate: newest + overlapMs * 2 })).toBe(newest + 1)
    expect(advance({ ...crowd, serverDate: newest + 60_000 })).toBe(newest - 60_000)
    expect(advance({ ...crowd, serverDate: newest - 900_000 })).toBe(newest - overlapMs)
    expect(advance(crowd)).toBe(newest - overlapMs)
  })
})

describe('texts', () => {
  it('survive the way through the store', () => {
    const watermark = { modified: newest, deleted: newest + 7 }
    expect(parseWatermark(formatWatermark(watermark))).toEqual(watermark)
    const cursor = { walk: { rank: 298, careful: true, last: [newest, 17] as const }, deletedSince: 5 }
    expect(parseCursor(formatCursor(cursor))).toEqual(cursor)
  })

  it('may be a plain time stamp', () => {
    const modified = Date.parse('2026-11-24T01:25:01.123Z')
    expect(parseWatermark('2026-11-24T08:25:01.123+07:00')).toEqual({ modified, deleted: modified })
  })

  it.each(['', 'x', '{}', '[]', 'null', '{"modified":"soon","deleted":"later"}'])(
    'are refused when they are %j',
    (text) => {
      expect(() => parseWatermark(text)).toThrow(/CURSOR_NOT_UNDERSTOOD/)
    },
  )

  it.each(['', 'x', '{}', '[]', '[-1,0,null,null]', '[1,0,[1],null]'])(
    'are refused as cursors when they are %j',
    (text) => {
      expect(() => parseCursor(text)).toThrow(/CURSOR_NOT_UNDERSTOOD/)
    },
  )
})
