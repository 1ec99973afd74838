import { type Canonical, type Field, type Value, codeKey, normaliseText, toDecimal } from '@amis-sync/core'
import * as fc from 'fast-check'

const phrases = ['Công ty TNHH An Phát', 'Đường Giải Phóng, Hà Nội', 'NGUYỄN THỊ ƯỚC', 'a/b - c', '"', '=1+1', '👍']

function text(maxLength: number): fc.Arbitrary<string> {
  return fc
    .oneof(fc.constantFrom(...phrases), fc.string({ unit: 'grapheme', maxLength }))
    .map((raw) => normaliseText(raw))
    .filter((value) => value !== null && value.length <= maxLength)
    .map((value) => value ?? '')
}

const code = text(50).filter((value) => !/[;[]/.test(value))
const decimal = fc
  .tuple(fc.bigInt({ min: -99_999_999_999_999n, max: 99_999_999_999_999n }), fc.integer({ min: 0, max: 4 }))
  .map(([digits, scale]) => toDecimal(`${digits}e-${scale}`) ?? '0')
const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10))

/** Values of single fields by path (`vat`, `lines[].vat`), where not every value of the kind is one: choices, VAT, e-mail. */
export type SampleValues = Readonly<Record<string, readonly Value[]>>

/** Canonical values of a field, never null. */
export function canonicalValues(path: string, field: Field, given: SampleValues): fc.Arbitrary<Value> {
  const values = given[path]
  if (values) return fc.constantFrom(...values)
  switch (field.kind) {
    case 'text':
      return text(200)
    case 'code':
      return code
    case 'codes':
      return fc.uniqueArray(code, { selector: codeKey, maxLength: 4 })
    case 'phone':
      return fc.constantFrom('024 3868 1234', '+84 912 345 678; 0243 868 1234', '0912345678/0987654321')
    case 'flag':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: 0, max: 1_000_000 })
    case 'decimal':
      return decimal
    case 'date':
      return date
    case 'list': {
      const { key, fields } = field.items!
      const parts = Object.entries(fields).map(
        ([name, part]) => [name, canonicalValues(`${path}[].${name}`, part, given)] as const,
      )
      const item: fc.Arbitrary<Canonical> = fc.record(Object.fromEntries(parts))
      return fc.uniqueArray(item, {
        selector: (one) => codeKey(one[key] as string),
        maxLength: 4,
      }) as fc.Arbitrary<Value>
    }
  }
}
