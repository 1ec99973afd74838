import { describe, expect, it } from 'vitest'
import { codeKey, normaliseEmail, normaliseTaxCode, normaliseText, phoneKey, splitCodes } from './text.ts'

describe('text', () => {
  it('composes Vietnamese text, trims, folds white space; empty is null', () => {
    expect(normaliseText('  Nguye\u0302\u0303n\u00a0 Thị\tƯớc '.normalize('NFD'))).toBe('Nguyễn Thị Ước')
    expect(normaliseText(' \u00a0\ufeff ')).toBeNull()
  })

  it('codes compare without case and form, leading zeros matter', () => {
    expect(codeKey(' Đh-01 ')).toBe(codeKey('ĐH-01'.normalize('NFD')))
    expect(codeKey('007')).not.toBe(codeKey('7'))
  })

  it("splits lists of codes, each once, in the owner's order", () => {
    expect(splitCodes(' B ; a;; b;A ;C')).toEqual(['B', 'a', 'C'])
    expect(splitCodes(' ; ')).toEqual([])
  })

  it('tax codes: 10 digits and 13 digits stay two parties', () => {
    expect(normaliseTaxCode('0123 456-789')).toBe('0123456789')
    expect(normaliseTaxCode('0123456789-001')).toBe('0123456789001')
    expect(normaliseTaxCode(' - ')).toBeNull()
    expect(normaliseTaxCode('MST: chờ')).toBe('MST:chờ')
  })

  it('e-mail is lower case', () => expect(normaliseEmail(' KeToan@AnPhat.VN')).toBe('ketoan@anphat.vn'))

  it.each([
    ['+84 912 345 678', '0912345678'],
    ['84912345678', '0912345678'],
    ['0912.345.678', '0912345678'],
    ['(024) 3868-1234', '02438681234'],
    ['024 3868 1234 / 0912345678', '02438681234;0912345678'],
    ['0912345678; 024 3868 1234', '02438681234;0912345678'],
    ['0912345678, 0912 345 678', '0912345678'],
    ['024 3868 1234 - 0912345678', '02438681234;0912345678'],
    ['chưa có', ''],
  ])('phone %s compares as %s', (phone, key) => expect(phoneKey(phone)).toBe(key))
})
