import { describe, expect, it } from 'vitest'
import { figureText, timeText } from './figure-text.ts'

describe('figureText', () => {
  it.each([
    ['1234567.5', '1.234.567,5', '1,234,567.5'],
    ['-1000', '-1.000', '-1,000'],
    ['999', '999', '999'],
    ['0.000001', '0,000001', '0.000001'],
    ['123456789012345', '123.456.789.012.345', '123,456,789,012,345'],
    [null, '–', '–'],
  ])('%s', (value, vi, en) => {
    expect(figureText(value, 'vi')).toBe(vi)
    expect(figureText(value, 'en')).toBe(en)
  })
})

it("timeText is Vietnam's wall clock", () => {
  expect(timeText('2026-11-24T08:25:01.123+07:00')).toBe('2026-11-24 08:25:01')
  expect(timeText(Date.UTC(2026, 10, 24, 1, 25, 1))).toBe('2026-11-24 08:25:01')
  expect(timeText(undefined)).toBe('–')
})
