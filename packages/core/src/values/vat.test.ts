import { describe, expect, it } from 'vitest'
import { vatFromRates, vatFromText, vatToRates, vatToText } from './vat.ts'

describe('VAT', () => {
  it.each([
    ['0%', '0', 0, null],
    ['5%', '5', 5, null],
    ['8%', '8', 8, null],
    ['10%', '10', 10, null],
    ['KCT', 'KCT', -1, null],
    ['KKKNT', 'KKKNT', -2, null],
    ['5.263%', '5.263', -3, 5.263],
    ['12%', '12', -3, 12],
  ] as const)('%s', (text, vat, rate, other) => {
    expect(vatFromText(text)).toBe(vat)
    expect(vatToText(vat)).toBe(text)
    expect(vatToRates(vat)).toEqual({ rate, other })
    expect(vatFromRates(rate, other)).toBe(vat)
  })

  it.each([
    ['5', '5'],
    [' 5 % ', '5'],
    ['Không chịu thuế'.normalize('NFD'), 'KCT'],
    ['không kê khai', 'KKKNT'],
    ['Không kê khai, không nộp thuế', 'KKKNT'],
  ])('readers are lenient: %s', (text, vat) => expect(vatFromText(text)).toBe(vat))

  it.each(['', '-5%', '8,5%', 'mười'])('unknown text %s is never 0', (text) =>
    expect(vatFromText(text)).toBeUndefined(),
  )

  it('unknown numbers are never 0', () => {
    expect(vatFromRates(-3, null)).toBeUndefined()
    expect(vatFromRates(-4, 0)).toBeUndefined()
    expect(vatFromRates(-3, '5.263')).toBe('5.263')
  })
})
