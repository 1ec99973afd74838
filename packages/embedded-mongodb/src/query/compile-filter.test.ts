import { BSONRegExp, Decimal128, Double, Int32, Long, MinKey, ObjectId } from 'bson'
import * as fc from 'fast-check'
import { Query as MingoQuery } from 'mingo'
import { describe, expect, it } from 'vitest'
import { compileExpression } from '../aggregate/compile-expression.ts'
import type { BsonDocument } from '../bson/codec.ts'
import { encode } from '../bson/codec.ts'
import { Query } from './query.ts'

function matches(filter: BsonDocument, document: BsonDocument): boolean {
  const query = new Query(filter, compileExpression)
  const result = query.matches(document)
  expect(query.matchesRaw(encode(document)), 'the encoded document gives the same answer').toBe(result)
  return result
}

const id = new ObjectId()

describe('filters', () => {
  it.each<[BsonDocument, BsonDocument, boolean]>([
    [{ a: 1 }, { a: new Double(1) }, true],
    [{ a: Long.fromNumber(1) }, { a: Decimal128.fromString('1.0') }, true],
    [{ a: null }, {}, true],
    [{ a: null }, { a: [] }, false],
    [{ 'a.b': null }, { a: [{ c: 1 }] }, true],
    [{ 'a.b': null }, { a: [1, 2] }, false],
    [{ a: { $exists: false } }, { a: null }, false],
    [{ a: [1, 2] }, { a: [1, 2] }, true],
    [{ a: [1, 2] }, { a: [[1, 2], 3] }, true],
    [{ a: [2, 1] }, { a: [1, 2] }, false],
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
    [{ 'a.0': 1 }, { a: [1, 2] }, true],
    [{ 'a.0.b': 1 }, { a: [{ b: 1 }] }, true],
    [{ 'a.b': { $gt: 5 } }, { a: [{ b: 3 }, { b: 7 }] }, true],
    [{ a: { $gt: 5, $lt: 5 } }, { a: [3, 7] }, true],
    [{ a: { $elemMatch: { $gt: 4, $lt: 6 } } }, { a: [3, 7] }, false],
    [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1, c: 2 }] }, true],
    [{ a: { $gt: 5 } }, { a: '6' }, false],
    [{ a: { $lt: 5 } }, { a: new Double(Number.NaN) }, false],
    [{ a: { $gte: null } }, {}, true],
    [{ a: { $gt: null } }, { a: null }, false],
    [{ a: { $gt: new MinKey() } }, { a: 'x' }, true],
    [{ a: { $ne: 1 } }, { a: [1, 2] }, false],
    [{ a: { $nin: [1] } }, {}, true],
    [{ a: { $in: [null] } }, {}, true],
    [{ a: { $in: [/^x/, 3] } }, { a: 'xy' }, true],
    [{ a: { $in: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } }, { a: [new Double(10)] }, true],
    [{ a: id }, { a: new ObjectId(id.toHexString()) }, true],
    [{ a: { $all: [1, 2] } }, { a: [2, 3, 1] }, true],
    [{ a: { $all: [] } }, { a: [] }, false],
    [{ a: { $size: 0 } }, { a: [] }, true],
    [{ a: { $size: 2 } }, { a: [[1, 2]] }, false],
    [{ a: { $type: 'int' } }, { a: new Int32(1) }, true],
    [{ a: { $type: 'double' } }, { a: new Int32(1) }, false],
    [{ a: { $type: 'array' } }, { a: [1] }, true],
    [{ a: { $type: 'number' } }, { a: ['x', Long.ZERO] }, true],
    [{ a: { $mod: [4, 0] } }, { a: new Double(8.9) }, true],
    [{ a: /b$/i }, { a: ['xB'] }, true],
    [{ a: { $regex: 'B', $options: 'i' } }, { a: 'abc' }, true],
    [{ a: new BSONRegExp('(?i)AB') }, { a: 'xab' }, true],
    [{ a: { $not: { $gt: 5 } } }, {}, true],
    [{ a: { $not: /x/ } }, { a: 'y' }, true],
    [{ $nor: [{ a: 1 }, { b: 2 }] }, { a: 3 }, true],
    [{ $or: [{ a: 1 }, { b: 2 }], c: 3 }, { b: 2, c: 3 }, true],
    [{ a: { $bitsAllSet: 6 } }, { a: 7 }, true],
    [{ a: { $bitsAnyClear: [0] } }, { a: -2 }, true],
    [{ $expr: { $gt: ['$a', '$b'] } }, { a: Decimal128.fromString('2'), b: 1 }, true],
    [{ $expr: { $eq: ['$missing', null] } }, {}, false],
    [{ constructor: { $exists: true } }, {}, false],
    [{ a: 'é' }, { a: 'e\u0301' }, false],
  ])('%j on %j: %j', (filter, document, expected) => {
    expect(matches(filter, document)).toBe(expected)
  })

  it.each<[BsonDocument, string]>([
    [{ $foo: 1 }, 'unknown top level operator: $foo'],
    [{ a: { $foo: 1 } }, 'unknown operator: $foo'],
    [{ a: { $gt: 1, b: 2 } }, 'unknown operator: b'],
    [{ a: { $in: 1 } }, '$in needs an array'],
    [{ $or: [] }, '$and/$or/$nor must be a nonempty array'],
    [{ a: { $mod: [0, 1] } }, 'divisor cannot be 0'],
    [{ a: { $type: 'nothing' } }, 'Unknown type name alias: nothing'],
    [{ $where: 'true' }, '$where is not supported'],
  ])('%j is refused', (filter, message) => {
    expect(() => new Query(filter, compileExpression)).toThrow(message)
  })

  it('agrees with mingo where mingo follows MongoDB (plain JSON, no nested arrays, no object operands)', () => {
    const scalar = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('a', 'b', 'ab'), fc.boolean())
    const field = fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }), fc.record({ b: scalar }))
    const inner = fc.record({ b: scalar })
    const nested = fc.oneof(inner, fc.array(inner, { minLength: 1, maxLength: 2 }))
    const document = fc.record({ a: field, c: field, d: nested }, { requiredKeys: [] })
    const anywhere = [
      scalar,
      fc.record({ $ne: scalar }),
      fc.record({ $gt: scalar }),
      fc.record({ $gte: scalar }),
      fc.record({ $lt: scalar, $gt: scalar }),
      fc.record({ $lte: scalar }),
      fc.record({ $in: fc.array(scalar, { maxLength: 12 }) }),
      fc.record({ $nin: fc.array(scalar, { maxLength: 3 }) }),
      fc.record({ $regex: fc.constantFrom('^a', 'b$') }),
    ] as const
    const operator = fc.oneof(
      ...anywhere,
      fc.record({ $exists: fc.boolean() }),
      fc.record({ $size: fc.integer({ min: 0, max: 3 }) }),
    )
    const simple = fc.oneof(
      fc.dictionary(fc.constantFrom('a', 'c'), operator, { minKeys: 1, maxKeys: 2 }),
      fc.dictionary(fc.constant('d.b'), fc.oneof(...anywhere), { minKeys: 1, maxKeys: 1 }),
    )
    const filter = fc.oneof(
      simple,
      fc.record({ $or: fc.array(simple, { minLength: 1, maxLength: 2 }) }),
      fc.record({ $nor: fc.array(simple, { minLength: 1, maxLength: 2 }) }),
    )
    fc.assert(
      fc.property(filter, document, (someFilter, someDocument) => {
        const query = new Query({ ...someFilter }, compileExpression)
        expect(query.matches({ ...someDocument })).toBe(
          new MingoQuery({ ...someFilter }).test(structuredClone(someDocument)),
        )
      }),
      { numRuns: 3000 },
    )
  })
})
