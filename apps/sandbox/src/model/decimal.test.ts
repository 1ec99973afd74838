import { describe, expect, it } from 'vitest'
import { decimal, dividedBy, minus, plus, rounded, sum, times, toNumber } from './decimal.ts'

describe('decimal', () => {
  it('reads numbers as they were written and gives them back', () => {
    for (const value of [0, 1, -1, 0.1, 123456789.123456, -0.000001, 1e21, 1.5e-7, 999999999999999]) {
      expect(toNumber(decimal(value))).toBe(value)
    }
  })

  it('adds, subtracts and multiplies exactly', () => {
    expect(toNumber(plus(decimal(0.1), decimal(0.2)))).toBe(0.3)
    expect(toNumber(minus(decimal(0.3), decimal(0.1)))).toBe(0.2)
    expect(toNumber(times(decimal(1.005), decimal(1000)))).toBe(1005)
    expect(sum([0.1, 0.2, null, 0.3])).toBe(0.6)
  })

  it('rounds halves away from zero', () => {
    expect(
      [2.5, -2.5, 1.005, -1.005, 2.4].map((value) => toNumber(rounded(decimal(value), value % 0.5 === 0 ? 0 : 2))),
    ).toEqual([3, -3, 1.01, -1.01, 2.4])
    expect(toNumber(dividedBy(decimal(1), decimal(8), 2))).toBe(0.13)
    expect(toNumber(dividedBy(decimal(-1), decimal(8), 2))).toBe(-0.13)
    expect(toNumber(dividedBy(decimal(10), decimal(3), 6))).toBe(3.333333)
  })
})
