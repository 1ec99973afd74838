import * as fc from 'fast-check'
import { updateOne } from 'mingo/updater'
import { describe, expect, it } from 'vitest'
import { promote } from '../aggregate/mingo-bridge.ts'
import { decode, encode } from '../bson/codec.ts'
import type { BsonDocument } from '../bson/codec.ts'
import { Update } from './update.ts'

const everything = { kind: 'and', children: [] } as const

function applyOurs(document: BsonDocument, update: BsonDocument): unknown {
  return promote(decode(new Update(update).apply(encode(document), everything)))
}

function applyMingo(document: BsonDocument, update: BsonDocument): unknown {
  const documents = [structuredClone(document)]
  updateOne(documents, {}, structuredClone(update) as never)
  return documents[0]
}

describe('updates', () => {
  it('agree with mingo on plain JSON', () => {
    const number = fc.integer({ min: -5, max: 5 })
    const list = fc.array(number, { maxLength: 4 })
    // mingo's $addToSet also removes duplicates that were there before; MongoDB's does not.
    const distinct = fc.uniqueArray(number, { maxLength: 4 })
    const document = fc.record(
      { _id: fc.constant(1), n: number, m: number, l: distinct, o: fc.record({ x: number }, { requiredKeys: [] }) },
      { requiredKeys: ['_id', 'n', 'l', 'o'] },
    )
    const update = fc.record(
      {
        $set: fc.record({ s: number, 'o.y': number, 'o.z.w': list }, { requiredKeys: ['s'] }),
        $inc: fc.record({ n: number }),
        $max: fc.record({ m: number }),
        $min: fc.record({ 'o.x': number }),
        $push: fc.record({
          l: fc.oneof(
            number,
            fc.record({ $each: list, $slice: fc.integer({ min: -3, max: 3 }), $sort: fc.constantFrom(1, -1) }),
          ),
        }),
        $unset: fc.constant({ gone: '' }),
      },
      { requiredKeys: ['$set'] },
    )
    const onList = fc.oneof(
      fc.record({ $addToSet: fc.record({ l: fc.oneof(number, fc.record({ $each: list })) }) }),
      fc.record({ $pull: fc.record({ l: fc.oneof(number, fc.record({ $gte: number })) }) }),
      fc.record({ $pullAll: fc.record({ l: list }) }),
      fc.record({ $pop: fc.record({ l: fc.constantFrom(1, -1) }) }),
    )
    fc.assert(
      fc.property(document, fc.oneof(update, onList), (someDocument, someUpdate) => {
        expect(applyOurs({ ...someDocument }, { ...someUpdate })).toEqual(
          applyMingo({ ...someDocument }, { ...someUpdate }),
        )
      }),
      { numRuns: 1500 },
    )
  })

  it('return the very same bytes when nothing changes', () => {
    const raw = encode({ _id: 1, a: 1, l: [1] })
    expect(new Update({ $set: { a: 1 }, $addToSet: { l: 1 }, $unset: { b: '' } }).apply(raw, everything)).toBe(raw)
  })
})
