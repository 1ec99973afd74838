import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareValues } from './compare.ts'
import { encodeKey, encodeValue } from './key-string.ts'

const d = (text: string): Decimal128 => Decimal128.fromString(text)
const l = (text: string): Long => Long.fromString(text)

/** Each line is smaller than the next; values on one line are equal. MongoDB's order. */
const ascending: unknown[][] = [
  [new MinKey()],
  [null, undefined],
  [new Double(Number.NaN), d('NaN')],
  [new Double(Number.NEGATIVE_INFINITY), d('-Infinity')],
  [d('-1E+6000')],
  [new Double(-1e300)],
  [l('-9223372036854775808'), new Double(-(2 ** 63)), d('-9223372036854775808')],
  [l('-9223372036854775807')],
  [new Int32(-2)],
  [new Double(-1.1)],
  [d('-1.1')],
  [new Int32(-1), new Double(-1), l('-1'), d('-1.000')],
  [new Double(-5e-324)],
  [d('-1E-6000')],
  [new Int32(0), new Double(-0), new Double(0), l('0'), d('0E+10'), d('-0')],
  [d('1E-6000')],
  [new Double(5e-324)],
  [d('0.1')],
  [new Double(0.1)],
  [new Int32(1), 1],
  [d('1.000000000000000000000000000000001')],
  [new Double(9007199254740992), l('9007199254740992')],
  [l('9007199254740993')],
  [l('9007199254740994'), new Double(9007199254740994)],
  [l('9223372036854775807')],
  [new Double(2 ** 63)],
  [d('1E+6000')],
  [new Double(Number.POSITIVE_INFINITY), d('Infinity')],
  [''],
  ['\0'],
  ['\0a'],
  ['a'],
  ['a\0'],
  ['a\0b'],
  ['aa'],
  ['b'],
  ['đ'],
  ['\uffff'],
  ['😀'],
  [{}],
  [{ a: new Int32(1) }, { a: new Double(1) }],
  [{ a: new Int32(1), b: new Int32(1) }],
  [{ a: new Int32(2) }],
  [{ b: new Int32(1) }],
  [{ a: 'x' }],
  [[]],
  [[new Int32(1)]],
  [[new Int32(1), new Int32(2)]],
  [[new Int32(2)]],
  [new Binary(Buffer.from([9]))],
  [new Binary(Buffer.from([1, 2]))],
  [new ObjectId('000000000000000000000001')],
  [new ObjectId('ff0000000000000000000001')],
  [false],
  [true],
  [new Date(-8.64e15)],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1)],
  [new Timestamp({ t: 1, i: 2 })],
  [new Timestamp({ t: 2, i: 1 })],
  [new BSONRegExp('a')],
  [new BSONRegExp('a', 'i')],
  [new BSONRegExp('b')],
  [new MaxKey()],
]
const flat = ascending.flatMap((values, position) => values.map((value) => ({ value, position })))

describe('key encoding', () => {
  it('orders every pair as MongoDB does, and equal values encode equally', () => {
    for (const a of flat) {
      for (const b of flat) {
        const expected = Math.sign(a.position - b.position)
        expect(
          Math.sign(Buffer.compare(encodeValue(a.value), encodeValue(b.value))),
          `${String(a.value)} ? ${String(b.value)}`,
        ).toBe(expected)
        expect(Math.sign(compareValues(a.value, b.value)), `${String(a.value)} ? ${String(b.value)}`).toBe(expected)
        expect(Math.sign(Buffer.compare(encodeKey([a.value], [-1]), encodeKey([b.value], [-1])))).toBe(
          expected === 0 ? 0 : -expected,
        )
      }
    }
  })

  it('keeps compound order whatever the components are', () => {
    const value = fc.constantFrom(...flat)
    fc.assert(
      fc.property(
        value,
        value,
        value,
        value,
        fc.constantFrom(1, -1),
        fc.constantFrom(1, -1),
        (a1, a2, b1, b2, x, y) => {
          const first = Math.sign(a1.position - b1.position) * x
          const expected = first !== 0 ? first : Math.sign(a2.position - b2.position) * y
          const order = Buffer.compare(encodeKey([a1.value, a2.value], [x, y]), encodeKey([b1.value, b2.value], [x, y]))
          expect(Math.sign(order)).toBe(expected === 0 ? 0 : expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('agrees with comparison on arbitrary numbers and text', () => {
    const number = fc.oneof(
      fc.double().map((value) => new Double(value)),
      fc.integer().map((value) => new Int32(value)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
      fc
        .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -40, max: 40 }))
        .map(([c, e]) => d(`${c}E${e}`)),
    )
    const any = fc.oneof(number, fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(Math.sign(Buffer.compare(encodeValue(a), encodeValue(b)))).toBe(Math.sign(compareValues(a, b)))
      }),
      { numRuns: 2000 },
    )
  })
})
