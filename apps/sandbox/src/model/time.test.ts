import { describe, expect, it } from 'vitest'
import { actTime, dateOf, isoTime, parseDate, parseMoment, windowStart } from './time.ts'

const AT = Date.parse('2026-11-24T01:25:01.123Z')

describe('§0.2 times', () => {
  it('are given in +07:00, in ACT in whole seconds', () => {
    expect([isoTime(AT), actTime(AT), dateOf(AT)]).toEqual([
      '2026-11-24T08:25:01.123+07:00',
      '2026-11-24 08:25:01',
      '2026-11-24',
    ])
  })

  it('are read in every accepted form', () => {
    expect(parseMoment('2026-11-24T08:25:01.123+07:00', false)).toBe(AT)
    expect(parseMoment('2026-11-24T01:25:01.123Z', false)).toBe(AT)
    expect(parseMoment('2026-11-24 08:25:01', true)).toBe(AT - 123)
    expect(parseMoment('2026-11-24', true)).toBe(Date.parse('2026-11-23T17:00:00Z'))
    for (const text of ['2026-11-24T08:25:01', '2026-02-30T00:00:00Z', '2026-11-24T25:00:00Z', 'today', '']) {
      expect([text, parseMoment(text, false)]).toEqual([text, null])
    }
  })

  it('business dates come in three forms', () => {
    expect(['2026-11-24', '24/11/2026', '2026-11-23T20:00:00Z'].map((text) => parseDate(text, true))).toEqual(
      Array(3).fill('2026-11-24'),
    )
    expect([parseDate('24/11/2026', false), parseDate('31/02/2026', true), parseDate('2026-13-01', true)]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('windows are aligned to the wall clock of Vietnam', () => {
    expect(isoTime(windowStart(AT, 86_400_000))).toBe('2026-11-24T00:00:00.000+07:00')
    expect(isoTime(windowStart(AT, 60_000))).toBe('2026-11-24T08:25:00.000+07:00')
  })
})
