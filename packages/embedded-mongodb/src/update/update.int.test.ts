import { Decimal128, Double, Int32, Long } from 'mongodb'
import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../test-database.fixture.ts'
import { openTestDatabase } from '../test-database.fixture.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await openTestDatabase()
})
afterAll(() => test.close())

/** Applies an update to one document and returns the result without `_id`. */
async function apply(
  document: Document,
  update: Document,
  options: Document = {},
  filter: Document = {},
): Promise<Document> {
  const collection = test.collection()
  await collection.insertOne({ _id: 1 as never, ...document })
  await collection.updateOne(filter, update, options)
  const { _id, ...rest } = (await collection.findOne({}, { promoteValues: false }))!
  return rest
}

const int = (value: number): Int32 => new Int32(value)

describe('operators', () => {
  it('$inc and $mul widen int to long, mix with double and decimal, and create missing fields', async () => {
    expect(await apply({ a: int(1) }, { $inc: { a: int(2) } })).toEqual({ a: int(3) })
    expect(await apply({ a: int(2 ** 31 - 1) }, { $inc: { a: int(1) } })).toEqual({ a: Long.fromNumber(2 ** 31) })
    expect(await apply({ a: int(1) }, { $inc: { a: new Double(1) } })).toEqual({ a: new Double(2) })
    expect(await apply({ a: Decimal128.fromString('0.1') }, { $inc: { a: Decimal128.fromString('0.2') } })).toEqual({
      a: Decimal128.fromString('0.3'),
    })
    expect(await apply({}, { $inc: { 'a.b': int(5) }, $mul: { c: new Double(2) } })).toEqual({
      a: { b: int(5) },
      c: new Double(0),
    })
  })

  it('$set, $unset, $rename, $min, $max, $bit, $currentDate', async () => {
    expect(await apply({ a: { x: int(1) }, l: [int(1)] }, { $set: { 'a.y': int(2), 'l.3': int(9) } })).toEqual({
      a: { x: int(1), y: int(2) },
      l: [int(1), null, null, int(9)],
    })
    expect(await apply({ a: int(1), l: [int(1), int(2)] }, { $unset: { a: '', 'l.0': '', nothing: '' } })).toEqual({
      l: [null, int(2)],
    })
    expect(await apply({ a: { b: 'x' } }, { $rename: { 'a.b': 'c' } })).toEqual({ a: {}, c: 'x' })
    expect(await apply({ a: int(5), b: int(5) }, { $min: { a: int(3), b: int(9) }, $max: { c: int(1) } })).toEqual({
      a: int(3),
      b: int(5),
      c: int(1),
    })
    expect(await apply({ a: int(5) }, { $bit: { a: { and: int(4), or: int(1) } } })).toEqual({ a: int(5) })
    expect((await apply({}, { $currentDate: { at: true } }))['at']).toBeInstanceOf(Date)
  })

  it('creates new fields in name order', async () => {
    expect(Object.keys(await apply({}, { $set: { c: 1, a: 1 }, $inc: { b: 1 } }))).toEqual(['a', 'b', 'c'])
  })

  it('array operators', async () => {
    const list = [int(3), int(1), int(2)]
    expect(await apply({ a: list }, { $push: { a: int(4) } })).toEqual({ a: [...list, int(4)] })
    expect(await apply({ a: list }, { $push: { a: { $each: [int(0)], $position: 1 } } })).toEqual({
      a: [int(3), int(0), int(1), int(2)],
    })
    expect(await apply({ a: list }, { $push: { a: { $each: [int(0)], $sort: -1, $slice: 2 } } })).toEqual({
      a: [int(3), int(2)],
    })
    expect(await apply({ a: [{ n: int(2) }] }, { $push: { a: { $each: [{ n: int(1) }], $sort: { n: 1 } } } })).toEqual({
      a: [{ n: int(1) }, { n: int(2) }],
    })
    expect(await apply({ a: list }, { $addToSet: { a: { $each: [new Double(3), int(7)] } } })).toEqual({
      a: [...list, int(7)],
    })
    expect(await apply({ a: list }, { $pop: { a: -1 } })).toEqual({ a: [int(1), int(2)] })
    expect(await apply({ a: list }, { $pull: { a: { $gte: 2 } } })).toEqual({ a: [int(1)] })
    expect(await apply({ a: [{ k: 'x', v: int(1) }, { k: 'y' }] }, { $pull: { a: { k: 'x' } } })).toEqual({
      a: [{ k: 'y' }],
    })
    expect(await apply({ a: list }, { $pullAll: { a: [int(3), int(2)] } })).toEqual({ a: [int(1)] })
  })

  it('positional: $, $[] and $[id] with arrayFilters', async () => {
    const list = [
      { k: 'a', n: int(1) },
      { k: 'b', n: int(2) },
      { k: 'c', n: int(3) },
    ]
    const values = async (update: Document, options: Document, filter: Document): Promise<number[]> =>
      (await apply({ l: list }, update, options, filter))['l'].map((item: { n: Int32 }) => Number(item.n))
    expect(await values({ $set: { 'l.$.n': int(9) } }, {}, { 'l.k': 'b' })).toEqual([1, 9, 3])
    expect(await values({ $set: { 'l.$.n': int(9) } }, {}, { l: { $elemMatch: { k: 'c', n: 3 } } })).toEqual([1, 2, 9])
    expect(await values({ $inc: { 'l.$[].n': int(1) } }, {}, {})).toEqual([2, 3, 4])
    expect(await values({ $set: { 'l.$[e].n': int(0) } }, { arrayFilters: [{ 'e.n': { $gte: 2 } }] }, {})).toEqual([
      1, 0, 0,
    ])
    expect(
      await apply(
        { l: [[int(1), int(2)], [int(3)]] },
        { $inc: { 'l.$[].$[e]': int(10) } },
        { arrayFilters: [{ e: { $gt: 1 } }] },
      ),
    ).toEqual({
      l: [[int(1), int(12)], [int(13)]],
    })
  })

  it('counts only real modifications', async () => {
    const collection = test.collection()
    await collection.insertMany([{ a: int(1) }, { a: new Double(1) }, { a: int(2) }])
    expect(await collection.updateMany({}, { $set: { a: int(1) } })).toMatchObject({
      matchedCount: 3,
      modifiedCount: 2,
    })
    expect(await collection.updateMany({}, { $set: { a: int(1) } })).toMatchObject({
      matchedCount: 3,
      modifiedCount: 0,
    })
  })
})

describe('upserts', () => {
  it('builds the document from equality conditions and the update', async () => {
    const collection = test.collection()
    const result = await collection.updateOne(
      { _id: 'x' as never, 'a.b': 1, c: { $gt: 5 }, $and: [{ d: { $eq: 2 } }] },
      { $set: { e: 1 }, $setOnInsert: { f: 1 } },
      { upsert: true },
    )
    expect(result).toMatchObject({ upsertedId: 'x', upsertedCount: 1, matchedCount: 0 })
    expect(await collection.findOne()).toEqual({ _id: 'x', a: { b: 1 }, d: 2, e: 1, f: 1 })
    await collection.updateOne({ _id: 'x' as never }, { $setOnInsert: { f: 9 } }, { upsert: true })
    expect((await collection.findOne())?.['f']).toBe(1)
    await collection.replaceOne({ _id: 'y' as never, z: 1 }, { only: true }, { upsert: true })
    expect(await collection.findOne({ _id: 'y' as never })).toEqual({ _id: 'y', only: true })
  })
})

describe('pipeline updates', () => {
  it('computes from the document and leaves other fields as they are', async () => {
    const document = {
      price: Decimal128.fromString('1.50'),
      count: int(2),
      note: new Double(1),
      long: Long.fromNumber(1),
    }
    const result = await apply(document, [
      {
        $set: {
          total: { $multiply: ['$price', '$count'] },
          copy: '$note',
          'nested.at': { $cond: [{ $gt: ['$count', 1] }, 'many', 'one'] },
        },
      },
      { $unset: 'count' },
    ])
    expect(result).toEqual({
      price: document.price,
      note: document.note,
      long: document.long,
      total: Decimal128.fromString('3.00'),
      copy: document.note,
      nested: { at: 'many' },
    })
  })

  it('replaces the root and keeps _id', async () => {
    expect(await apply({ inner: { a: int(1) } }, [{ $replaceWith: '$inner' }])).toEqual({ a: int(1) })
  })
})

describe('an upsert', () => {
  it.each<[string, Document, Document]>([
    ['equality', { a: 5, 'b.c': { $eq: 6 } }, { a: 5, b: { c: 6 } }],
    ['$and', { $and: [{ a: 5 }, { b: 6 }] }, { a: 5, b: 6 }],
    ['$or of one branch', { $or: [{ a: 5 }] }, { a: 5 }],
    ['$in and $all of one value', { a: { $in: [5] }, b: { $all: [6] } }, { a: 5, b: 6 }],
    ['several possibilities', { $or: [{ a: 5 }, { a: 6 }], b: { $in: [1, 2] } }, {}],
    ['patterns and ranges', { a: { $in: [/x/] }, b: /y/, c: { $gt: 1 } }, {}],
  ])('takes from the filter what it says for certain: %s', async (_name, filter, fields) => {
    const collection = test.collection()
    await collection.updateOne(filter, { $set: { z: 1 } }, { upsert: true })
    expect(await collection.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ ...fields, z: 1 }])
  })

  it.each<[string, Document]>([
    ['one path twice', { a: 5, $and: [{ a: 6 }] }],
    ['a path and one below it', { a: { b: 1 }, 'a.c': 2 }],
  ])('refuses a filter that names %s', async (_name, filter) => {
    const collection = test.collection()
    const upsert = collection.updateOne(filter, { $set: { z: 1 } }, { upsert: true })
    await expect(upsert).rejects.toMatchObject({ code: 54 })
    expect(await collection.countDocuments()).toBe(0)
  })
})
