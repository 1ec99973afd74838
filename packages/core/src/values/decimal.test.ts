import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDecimals,
  compareDecimals,
  fitsWire,
  multiplyDecimals,
  roundDecimal,
  subtractDecimals,
  toDecimal,
  toWireNumber,
} from './decimal.ts'

describe('decimal', () => {
  it.each([
    [0.1, '0.1'],
    [-0, '0'],
    ['-0.00', '0'],
    ['+1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.35E6', '1350000'],
    ['1e-6', '0.000001'],
    [1e21, '1000000000000000000000'],
    [999999999999.99, '999999999999.99'],
    [' 12 ', '12'],
  ])('reads %s as %s', (wire, decimal) => expect(toDecimal(wire)).toBe(decimal))

  it.each(['', '1,5', '1.2.3', 'NaN', '0x10', '1e', Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (wire) => {
    expect(toDecimal(wire)).toBeUndefined()
  })

  it('is no float: 0.1 + 0.2 is 0.3, and big amounts keep their cents', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3')
    expect(addDecimals('999999999999.99', '0.01')).toBe('1000000000000')
    expect(subtractDecimals('0.3', '0.1')).toBe('0.2')
    expect(multiplyDecimals('1.1', '1.1')).toBe('1.21')
    expect(addDecimals()).toBe('0')
  })

  it('rounds halves away from zero', () => {
    expect(roundDecimal('2.5', 0)).toBe('3')
    expect(roundDecimal('-2.5', 0)).toBe('-3')
    expect(roundDecimal('1.005', 2)).toBe('1.01')
    expect(roundDecimal('-0.4', 0)).toBe('0')
  })

  it('compares by value', () => {
    expect(compareDecimals('10', '9.99')).toBe(1)
    expect(compareDecimals('1', '1')).toBe(0)
  })

  it('knows what a JSON number carries exactly: 15 digits', () => {
    expect(fitsWire('999999999999.99')).toBe(true)
    expect(fitsWire('-0.000000123456789012345')).toBe(true)
    expect(fitsWire('1234567890123456')).toBe(false)
  })

  it('survives the wire exactly whenever it fits', () => {
    const decimals = fc.tuple(
      fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
      fc.integer({ min: 0, max: 6 }),
    )
    fc.assert(
      fc.property(decimals, ([digits, scale]) => {
        const decimal = toDecimal(`${digits}e-${scale}`) ?? '0'
        expect(fitsWire(decimal)).toBe(true)
        expect(toDecimal(JSON.parse(JSON.stringify(toWireNumber(decimal))) as number)).toBe(decimal)
      }),
    )
  })
})
