import { describe, expect, it } from 'vitest'
import { toBusinessDate, toInstant, toTimeStamp } from './date.ts'

describe('date', () => {
  it.each([
    ['2026-11-24', '2026-11-24'],
    ['24/11/2026', '2026-11-24'],
    ['4/1/2026', '2026-01-04'],
    ['2026-11-24T08:25:01.123+07:00', '2026-11-24'],
    ['2026-11-23T18:00:00Z', '2026-11-24'],
    ['2026-11-23T16:59:59Z', '2026-11-23'],
    ['2026-11-24 00:30:00', '2026-11-24'],
    ['2026-11-24T00:00:00', '2026-11-24'],
    ['2026-11-24T08:25:01+0700', '2026-11-24'],
  ])('%s is %s in +07:00', (wire, date) => expect(toBusinessDate(wire)).toBe(date))

  it.each(['', '31/02/2026', '2026-02-30', '2026-13-01', 'hôm nay', '11-24-2026'])('%s is no date', (wire) => {
    expect(toBusinessDate(wire)).toBeUndefined()
  })

  it("a stamp without an offset is Vietnam's wall clock", () => {
    expect(toInstant('2026-11-24 08:25:01')).toBe(Date.UTC(2026, 10, 24, 1, 25, 1))
    expect(toInstant('2026-11-24T01:25:01Z')).toBe(Date.UTC(2026, 10, 24, 1, 25, 1))
    expect(toInstant('2026-11-24')).toBeUndefined()
  })

  it('is written with the offset', () =>
    expect(toTimeStamp(Date.UTC(2026, 10, 24, 1, 25, 1, 123))).toBe('2026-11-24T08:25:01.123+07:00'))
})
