import { Double, Long } from 'mongodb'
import type { Collection, Document } from 'mongodb'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../test-database.fixture.ts'
import { openTestDatabase } from '../test-database.fixture.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await openTestDatabase({ ttlIntervalMs: 30 })
})
afterAll(() => test.close())

interface Explained {
  readonly stages: string[]
  readonly index: string | undefined
  readonly keys: number
  readonly documents: number
}

async function explain(collection: Collection, filter: Document, sort: Document = {}, limit = 0): Promise<Explained> {
  const { queryPlanner, executionStats } = await collection
    .find(filter)
    .sort(sort)
    .limit(limit)
    .explain('executionStats')
  const stages: string[] = []
  let index: string | undefined
  for (let stage = queryPlanner.winningPlan; stage; stage = stage.inputStage) {
    stages.push(stage.stage)
    index ??= stage.indexName
  }
  return { stages, index, keys: executionStats.totalKeysExamined, documents: executionStats.totalDocsExamined }
}

describe('plans', () => {
  it('uses indexes for equality, $in, ranges, prefixes and sort order, and says COLLSCAN when it scans', async () => {
    const collection = test.collection()
    await collection.insertMany(
      Array.from({ length: 500 }, (_, n) => ({
        _id: n as never,
        a: n % 10,
        b: n,
        s: `k${String(n).padStart(3, '0')}`,
        c: n % 3,
      })),
    )
    await collection.createIndexes([
      { key: { a: 1, b: -1 }, name: 'ab' },
      { key: { s: 1 }, name: 's' },
    ])
    expect(await explain(collection, { _id: 7 })).toMatchObject({
      stages: ['FETCH', 'IXSCAN'],
      index: '_id_',
      documents: 1,
    })
    expect(await explain(collection, { a: 3 })).toMatchObject({ index: 'ab', keys: 50 })
    expect(await explain(collection, { a: 3, b: { $gte: 100, $lt: 200 } })).toMatchObject({ index: 'ab', keys: 10 })
    expect(await explain(collection, { a: { $in: [1, 2] }, b: 11 })).toMatchObject({ index: 'ab', keys: 1 })
    expect(await explain(collection, { s: /^k01/ })).toMatchObject({ index: 's', keys: 10 })
    expect(await explain(collection, { a: 3 }, { b: -1 }, 5)).toMatchObject({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 'ab',
    })
    expect(await explain(collection, { a: 3 }, { b: 1 }, 5)).toMatchObject({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 'ab',
    })
    expect(await explain(collection, { a: 3 }, { c: 1 })).toMatchObject({ stages: ['SORT', 'FETCH', 'IXSCAN'] })
    expect(await explain(collection, {}, { s: -1 }, 3)).toMatchObject({
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
      index: 's',
    })
    expect(await explain(collection, { c: 1 })).toMatchObject({ stages: ['COLLSCAN'], documents: 500 })
    const union = await collection.find({ $or: [{ a: 3 }, { s: 'k001' }] }).explain()
    expect(union['queryPlanner'].winningPlan.inputStage.stage).toBe('OR')
    expect(await collection.countDocuments({ $or: [{ a: 1 }, { s: 'k001' }] })).toBe(50)
  })

  it('matches equal numbers of other types through an index', async () => {
    const collection = test.collection()
    await collection.createIndex({ a: 1 })
    await collection.insertMany([
      { a: 1 },
      { a: new Double(1) },
      { a: Long.fromNumber(1) },
      { a: '1' },
      { a: null },
      {},
    ])
    expect(await collection.countDocuments({ a: 1 })).toBe(3)
    expect(await collection.countDocuments({ a: null })).toBe(2)
    expect(await collection.countDocuments({ a: { $lt: 5 } })).toBe(3)
  })

  it('finds the same documents with and without indexes', async () => {
    const plain = test.collection()
    const indexed = test.collection()
    await indexed.createIndexes([
      { key: { a: 1 } },
      { key: { b: -1, a: 1 } },
      { key: { 'l.x': 1, 'l.y': 1 } },
      { key: { c: 1 }, sparse: true },
      { key: { d: 1 }, partialFilterExpression: { d: { $exists: true } } },
    ])
    const scalar = fc.oneof(
      fc.integer({ min: -2, max: 3 }),
      fc.constantFrom('a', 'ab', null, true),
      fc.double({ min: -2, max: 2 }),
    )
    const value = fc.oneof({ weight: 3, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }))
    const item = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] })
    const document = fc.record(
      { a: value, b: scalar, l: fc.oneof(item, fc.array(item, { maxLength: 3 })), c: value, d: value },
      { requiredKeys: [] },
    )
    const documents = fc
      .sample(document, { numRuns: 300, seed: 42 })
      .map((fields, n) => ({ _id: n as never, ...fields }))
    await plain.insertMany(documents)
    await indexed.insertMany(documents)
    const condition = fc.oneof(
      scalar,
      fc.record({ $in: fc.array(scalar, { maxLength: 4 }) }),
      fc.record({ $gt: scalar }),
      fc.record({ $gte: scalar, $lt: scalar }),
      fc.record({ $lte: scalar }),
      fc.record({ $ne: scalar }),
      fc.record({ $exists: fc.boolean() }),
    )
    const simple = fc.dictionary(fc.constantFrom('a', 'b', 'l.x', 'l.y', 'c', 'd', '_id'), condition, {
      minKeys: 1,
      maxKeys: 3,
    })
    const filter = fc.oneof(
      { weight: 3, arbitrary: simple },
      fc.record({ $or: fc.array(simple, { minLength: 1, maxLength: 3 }) }),
    )
    const sort = fc.constantFrom<Document>(
      { _id: 1 },
      { b: -1, _id: 1 },
      { a: 1, _id: 1 },
      { b: 1, a: -1, _id: -1 },
      { c: -1, _id: 1 },
    )
    await fc.assert(
      fc.asyncProperty(filter, sort, async (someFilter, order) => {
        const find = (collection: Collection): Promise<Document[]> =>
          collection
            .find({ ...someFilter }, { projection: { _id: 1 } })
            .sort(order)
            .toArray()
        expect(await find(indexed)).toEqual(await find(plain))
        expect(await indexed.countDocuments({ ...someFilter })).toBe(await plain.countDocuments({ ...someFilter }))
      }),
      { numRuns: 300 },
    )
  })
})

describe('index kinds', () => {
  it('unique: refuses duplicates on insert, update and creation; compound keys show in the message', async () => {
    const collection = test.collection()
    await collection.createIndex({ tenant: 1, key: 1 }, { unique: true, name: 'tk' })
    await collection.insertMany([
      { tenant: 1, key: 'a' },
      { tenant: 1, key: 'b' },
    ])
    await expect(collection.insertOne({ tenant: 1, key: 'a' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { tenant: 1, key: 1 },
      keyValue: { tenant: 1, key: 'a' },
      message: expect.stringContaining('index: tk dup key: { tenant: 1, key: "a" }'),
    })
    await expect(collection.updateOne({ key: 'b' }, { $set: { key: 'a' } })).rejects.toMatchObject({ code: 11000 })
    expect(await collection.distinct('key')).toEqual(['a', 'b'])
    await expect(collection.createIndex({ tenant: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 })
    expect((await collection.indexes()).map((index) => index.name)).toEqual(['_id_', 'tk'])
    await collection.updateOne({ key: 'a' }, { $set: { other: 1 } })
  })

  it('unique treats missing as null, unless sparse or partial', async () => {
    const strict = test.collection()
    await strict.createIndex({ a: 1 }, { unique: true })
    await strict.insertOne({})
    await expect(strict.insertOne({ a: null })).rejects.toMatchObject({ code: 11000 })
    const sparse = test.collection()
    await sparse.createIndex({ a: 1 }, { unique: true, sparse: true })
    await sparse.insertMany([{}, {}, { a: 1 }])
    expect((await explain(sparse, { a: null })).stages).toEqual(['COLLSCAN'])
    expect((await explain(sparse, { a: 1 })).index).toBe('a_1')
    const partial = test.collection()
    await partial.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { a: { $exists: true }, live: true } })
    await partial.insertMany([{ a: 1, live: true }, { a: 1 }, { live: true }, { live: true }])
    await expect(partial.updateOne({ a: 1, live: { $exists: false } }, { $set: { live: true } })).rejects.toMatchObject(
      { code: 11000 },
    )
    expect((await explain(partial, { a: 1 })).stages).toEqual(['COLLSCAN'])
    expect((await explain(partial, { a: 1, live: true })).index).toBe('a_1')
  })

  it('multikey: one key per item, duplicates within one document allowed, parallel arrays refused', async () => {
    const collection = test.collection()
    await collection.createIndex({ tags: 1 }, { unique: true })
    await collection.insertOne({ _id: 1 as never, tags: ['a', 'b', 'a'] })
    await expect(collection.insertOne({ tags: ['x', 'b'] })).rejects.toMatchObject({
      code: 11000,
      keyValue: { tags: 'b' },
    })
    await collection.insertOne({ _id: 2 as never, tags: [] })
    expect(await explain(collection, { tags: 'b' })).toMatchObject({ index: 'tags_1', documents: 1 })
    expect(await collection.find({ tags: { $in: ['a', 'b'] } }).toArray()).toHaveLength(1)
    await collection.updateOne({ _id: 1 as never }, { $pull: { tags: 'b' } as never })
    expect(await collection.countDocuments({ tags: 'b' })).toBe(0)
    const parallel = test.collection()
    await parallel.createIndex({ a: 1, b: 1 })
    await expect(parallel.insertOne({ a: [1], b: [2] })).rejects.toMatchObject({ code: 171 })
  })

  it('TTL: removes expired documents in the background', async () => {
    const collection = test.collection()
    await collection.insertMany([
      { _id: 1, at: new Date(Date.now() - 60_000) },
      { _id: 2, at: new Date(Date.now() + 60_000) },
      { _id: 3, at: 'text' },
      { _id: 4 },
    ] as never[])
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 30 })
    await expect
      .poll(async () => (await collection.find().toArray()).map((document) => document._id))
      .toEqual([2, 3, 4])
    const descending = test.collection()
    await descending.createIndex({ at: -1 }, { expireAfterSeconds: 0 })
    await descending.insertMany([{ at: new Date(0) }, { at: [new Date(9e12), new Date(1)] }, { at: new Date(9e12) }])
    await expect.poll(() => descending.countDocuments()).toBe(1)
  })

  it('creates, lists and drops indexes like the server', async () => {
    const collection = test.collection()
    expect(await collection.createIndex({ a: 1, b: -1 })).toBe('a_1_b_-1')
    expect(await collection.createIndex({ a: 1, b: -1 })).toBe('a_1_b_-1')
    await expect(collection.createIndex({ a: 1, b: -1 }, { name: 'other' })).rejects.toMatchObject({ code: 85 })
    await expect(collection.createIndex({ c: 1 }, { name: 'a_1_b_-1' })).rejects.toMatchObject({ code: 86 })
    await expect(collection.createIndex({ a: 1, b: -1 }, { unique: true })).rejects.toMatchObject({ code: 85 })
    await expect(collection.createIndex({ t: 'text' })).rejects.toMatchObject({ code: 67 })
    await collection.createIndex({ d: 1 }, { sparse: true })
    await collection.dropIndex('a_1_b_-1')
    expect((await collection.indexes()).map((index) => index.name)).toEqual(['_id_', 'd_1'])
    await collection.dropIndexes()
    expect(await collection.indexes()).toHaveLength(1)
    await expect(collection.dropIndex('_id_')).rejects.toMatchObject({ code: 72 })
  })
})
