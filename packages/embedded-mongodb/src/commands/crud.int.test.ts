import { Binary, BSONRegExp, DBRef, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'mongodb'
import type { MongoServerError } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../test-database.fixture.ts'
import { openTestDatabase } from '../test-database.fixture.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await openTestDatabase()
})
afterAll(() => test.close())

const exact = { promoteValues: false, bsonRegExp: true } as const

async function fault(promise: Promise<unknown>): Promise<MongoServerError> {
  return promise.then(
    () => Promise.reject(new Error('the command succeeded')),
    (error: unknown) => error as MongoServerError,
  )
}

describe('types', () => {
  it('round-trips every type exactly, also through an update of another field', async () => {
    const collection = test.collection()
    const document = {
      _id: new ObjectId(),
      int: new Int32(1),
      double: new Double(1),
      minusZero: new Double(-0),
      nan: new Double(Number.NaN),
      long: Long.fromNumber(1),
      bigLong: Long.fromString('9223372036854775807'),
      decimal: Decimal128.fromString('1.500'),
      date: new Date(1),
      binary: new Binary(Buffer.from([1, 2, 3]), 4),
      regex: new BSONRegExp('^a', 'i'),
      timestamp: new Timestamp({ t: 5, i: 6 }),
      null: null,
      nested: { z: new Double(2), a: [new Int32(1), new Double(1), { deep: Long.fromNumber(7) }] },
      text: 'Nguyễn Văn Á 😀',
    }
    await collection.insertOne(document)
    const before = await collection.findOne({}, { raw: true })
    expect(await collection.findOne({}, exact)).toEqual(document)
    await collection.updateOne({}, { $set: { added: new Int32(1) } })
    await collection.updateOne({}, { $unset: { added: '' } })
    const after = await collection.findOne({}, { raw: true })
    expect(Buffer.from(after as unknown as Uint8Array).equals(Buffer.from(before as unknown as Uint8Array))).toBe(true)
  })

  it('keeps null and missing apart', async () => {
    const collection = test.collection()
    await collection.insertMany([{ _id: 1, a: null }, { _id: 2 }] as never)
    expect(await collection.find({ a: null }).toArray()).toHaveLength(2)
    expect(await collection.find({ a: { $exists: true } }).toArray()).toEqual([{ _id: 1, a: null }])
    expect(await collection.find({ a: { $type: 'null' } }).toArray()).toEqual([{ _id: 1, a: null }])
  })

  it('adds a missing _id and moves it first', async () => {
    const collection = test.collection()
    await collection.insertOne({ a: 1, _id: 'x' as never })
    expect(Object.keys((await collection.findOne())!)).toEqual(['_id', 'a'])
    await test.db.command({ insert: collection.collectionName, documents: [{ b: 1 }] })
    expect((await collection.findOne({ b: 1 }))?._id).toBeInstanceOf(ObjectId)
  })
})

describe('find', () => {
  it('sorts across types, skips, limits and projects', async () => {
    const collection = test.collection()
    const values = [new Date(0), 'b', 2, null, Decimal128.fromString('1.5'), 'a', true, [0, 9], Long.fromNumber(3)]
    await collection.insertMany(values.map((v, n) => ({ _id: n as never, v })))
    const ids = async (direction: 1 | -1): Promise<unknown[]> =>
      (await collection.find().sort({ v: direction }).toArray()).map((document) => document._id)
    expect(await ids(1)).toEqual([3, 7, 4, 2, 8, 5, 1, 6, 0])
    expect(await ids(-1)).toEqual([0, 6, 1, 5, 7, 8, 2, 4, 3])
    expect(
      await collection
        .find({}, { projection: { _id: 1 } })
        .sort({ v: 1 })
        .skip(1)
        .limit(2)
        .toArray(),
    ).toEqual([{ _id: 7 }, { _id: 4 }])
  })

  it('projects by inclusion, exclusion, nesting, $slice, $elemMatch, position and expression', async () => {
    const collection = test.collection()
    await collection.insertOne({
      _id: 1 as never,
      a: { x: 1, y: 2 },
      list: [
        { k: 1, v: 'a' },
        { k: 2, v: 'b' },
      ],
      n: 5,
    })
    const get = async (projection: object, filter: object = {}): Promise<unknown> =>
      collection.findOne(filter, { projection })
    expect(await get({ n: 1 })).toEqual({ _id: 1, n: 5 })
    expect(await get({ n: 1, _id: 0 })).toEqual({ n: 5 })
    expect(await get({ list: 0, a: 0 })).toEqual({ _id: 1, n: 5 })
    expect(await get({ 'a.x': 1, 'list.v': 1 })).toEqual({ _id: 1, a: { x: 1 }, list: [{ v: 'a' }, { v: 'b' }] })
    expect(await get({ 'a.x': 0, list: 0, n: 0 })).toEqual({ _id: 1, a: { y: 2 } })
    expect(await get({ list: { $slice: -1 }, a: 0 })).toEqual({ _id: 1, list: [{ k: 2, v: 'b' }], n: 5 })
    expect(await get({ list: { $elemMatch: { k: 2 } } })).toEqual({ _id: 1, list: [{ k: 2, v: 'b' }] })
    expect(await get({ 'list.$': 1 }, { 'list.k': 2 })).toEqual({ _id: 1, list: [{ k: 2, v: 'b' }] })
    expect(await get({ double: { $multiply: ['$n', 2] }, a: '$a.y' })).toEqual({ _id: 1, a: 2, double: 10 })
    expect((await fault(get({ a: 1, n: 0 }))).code).toBe(31254)
    expect((await fault(get({ a: 0, n: 1 }))).code).toBe(31253)
  })

  it('serves batches through getMore, ends cursors, and survives a dropped collection', async () => {
    const collection = test.collection()
    await collection.insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n as never, even: n % 2 === 0 })))
    expect((await collection.find().batchSize(7).toArray()).map((document) => document._id)).toEqual(
      Array.from({ length: 1000 }, (_, n) => n),
    )
    expect(await collection.find({ even: true }).sort({ _id: -1 }).batchSize(3).limit(10).toArray()).toHaveLength(10)
    const cursor = collection.find().batchSize(2)
    await cursor.next()
    await cursor.close()
    const dropped = collection.find().batchSize(2)
    await dropped.next()
    await collection.drop()
    expect((await fault(dropped.toArray())).code).toBe(175)
    expect((await fault(test.db.command({ getMore: Long.fromNumber(123), collection: 'x' }))).code).toBe(43)
  })

  it("names variables of the command's let in $expr", async () => {
    const collection = test.collection()
    await collection.insertMany([{ _id: 1 }, { _id: 2 }] as never[])
    const filter = { $expr: { $eq: ['$_id', '$$wanted'] } }
    expect(await collection.find(filter, { let: { wanted: { $add: [1, 1] } } }).toArray()).toEqual([{ _id: 2 }])
    expect(await collection.deleteMany(filter, { let: { wanted: 1 } })).toMatchObject({ deletedCount: 1 })
  })

  it('compares database references as values', async () => {
    const collection = test.collection()
    const id = new ObjectId()
    await collection.insertOne({ _id: 1 as never, ref: new DBRef('other', id) })
    await collection.updateOne({}, { $set: { a: 1 } })
    expect(await collection.countDocuments({ ref: new DBRef('other', id), 'ref.$id': id })).toBe(1)
  })

  it('counts and lists distinct values', async () => {
    const collection = test.collection()
    await collection.insertMany([{ a: [1, 2] }, { a: 2 }, { a: { b: 'x' } }, { a: new Double(1) }])
    expect(await collection.countDocuments({ a: 2 })).toBe(2)
    expect(await collection.countDocuments({ a: 2 }, { skip: 1 })).toBe(1)
    expect(await collection.estimatedDocumentCount()).toBe(4)
    expect(await collection.distinct('a')).toEqual([1, 2, { b: 'x' }])
    expect(await test.collection().countDocuments({})).toBe(0)
  })
})

describe('writes', () => {
  it('reports a duplicate key with code, pattern, value and the server message; ordered stops, unordered goes on', async () => {
    const collection = test.collection()
    await collection.insertOne({ _id: 1 as never })
    const documents = [{ _id: 2 }, { _id: 1 }, { _id: 3 }] as never[]
    const ordered = await fault(collection.insertMany(documents))
    expect(ordered).toMatchObject({ code: 11000, result: { insertedCount: 1 } })
    expect(ordered.message).toBe(
      `E11000 duplicate key error collection: test.${collection.collectionName} index: _id_ dup key: { _id: 1 }`,
    )
    const single = await fault(collection.insertOne({ _id: 1 as never }))
    expect(single).toMatchObject({ code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 } })
    const unordered = await fault(
      collection.insertMany([{ _id: 1 }, { _id: 4 }, { _id: 2 }, { _id: 5 }] as never[], { ordered: false }),
    )
    expect(unordered['result'].insertedCount).toBe(2)
    expect(unordered['writeErrors']).toHaveLength(2)
  })

  it('runs mixed bulk writes', async () => {
    const collection = test.collection()
    const result = await collection.bulkWrite([
      { insertOne: { document: { _id: 1 as never, a: 1 } } },
      { updateOne: { filter: { _id: 1 as never }, update: { $inc: { a: 1 } } } },
      { updateOne: { filter: { _id: 2 as never }, update: { $setOnInsert: { b: 1 } }, upsert: true } },
      { replaceOne: { filter: { _id: 2 as never }, replacement: { c: 1 } } },
      { deleteOne: { filter: { _id: 1 as never } } },
      { updateMany: { filter: {}, update: { $set: { d: 1 } } } },
    ])
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 3,
      modifiedCount: 3,
      upsertedCount: 1,
      deletedCount: 1,
    })
    expect(await collection.find().toArray()).toEqual([{ _id: 2, c: 1, d: 1 }])
  })

  it('accepts unacknowledged writes', async () => {
    const collection = test.collection()
    await collection.insertOne({ _id: 1 as never }, { writeConcern: { w: 0 } })
    await expect.poll(() => collection.countDocuments()).toBe(1)
  })

  it('finds and modifies: before, after, upsert, remove, sort, projection', async () => {
    const collection = test.collection()
    await collection.insertMany([
      { _id: 1, n: 5 },
      { _id: 2, n: 9 },
    ] as never[])
    const byId = { _id: 3 as never }
    expect(await collection.findOneAndUpdate({}, { $inc: { n: 1 } }, { sort: { n: -1 } })).toEqual({ _id: 2, n: 9 })
    expect(
      await collection.findOneAndUpdate(
        {},
        { $inc: { n: 1 } },
        { sort: { n: -1 }, returnDocument: 'after', projection: { _id: 0 } },
      ),
    ).toEqual({ n: 11 })
    expect(await collection.findOneAndUpdate(byId, { $set: { n: 1 } }, { upsert: true })).toBeNull()
    expect(await collection.findOneAndReplace(byId, { m: 1 }, { returnDocument: 'after' })).toEqual({ _id: 3, m: 1 })
    expect(await collection.findOneAndDelete(byId)).toEqual({ _id: 3, m: 1 })
    expect(await collection.findOneAndDelete(byId)).toBeNull()
    const raw = await collection.findOneAndUpdate(
      { k: 1 },
      { $set: { n: 1 } },
      { upsert: true, includeResultMetadata: true, returnDocument: 'after' },
    )
    expect(raw.lastErrorObject).toMatchObject({ n: 1, updatedExisting: false, upserted: raw.value?._id })
  })

  it('enforces the 16 MB limit', async () => {
    const collection = test.collection()
    await collection.insertOne({ _id: 1 as never, text: 'x'.repeat(16 * 1024 * 1024 - 100) })
    const grow = await fault(collection.updateOne({ _id: 1 as never }, { $set: { more: 'x'.repeat(20_000) } }))
    expect(grow.code).toBe(10334)
    expect((await collection.findOne({ _id: 1 as never }))?.['text']).toHaveLength(16 * 1024 * 1024 - 100)
    const tooLarge = await fault(collection.insertOne({ text: 'x'.repeat(16 * 1024 * 1024) }))
    expect(tooLarge).toMatchObject({ code: 10334 })
  })

  it('tells counts and sizes as the first stage of a pipeline, and nowhere else', async () => {
    const collection = test.collection()
    await collection.insertMany([{ n: 1 }, { n: 2 }])
    const stats = { $collStats: { count: {}, storageStats: {} } }
    const sum = { $group: { _id: 1, n: { $sum: '$count' }, nindexes: { $max: '$storageStats.nindexes' } } }
    expect(await collection.aggregate([stats, sum]).toArray()).toEqual([{ _id: 1, n: 2, nindexes: 1 }])
    const absent = test.collection()
    expect((await fault(absent.aggregate([stats]).toArray())).code).toBe(26)
    expect((await fault(collection.aggregate([{ $match: {} }, stats]).toArray())).code).toBe(40602)
    expect((await fault(collection.aggregate([{ $collStats: { latencyStats: {} } }]).toArray())).code).toBe(238)
    expect((await fault(collection.aggregate([{ $collStats: { other: 1 } }]).toArray())).code).toBe(40415)
  })

  it('refuses a changed _id and an array as _id', async () => {
    const collection = test.collection()
    await collection.insertOne({ _id: 1 as never })
    expect((await fault(collection.updateOne({}, { $set: { _id: 2 } as never }))).code).toBe(66)
    expect((await fault(collection.replaceOne({}, { _id: 2 }))).code).toBe(66)
    expect((await fault(collection.insertOne({ _id: [1] as never }))).code).toBe(53)
  })

  it.each<[string, unknown, number]>([
    ['an array', [1], 53],
    ['a regular expression', /a/, 53],
    ['a document with a $ name', { $a: 1 }, 52],
    ['a $ name further in', { a: [{ $b: 1 }] }, 52],
    ['an unfinished reference', { $ref: 'items', x: 1 }, 52],
  ])('refuses %s as the _id of an upsert, as it does of an insert', async (_name, id, code) => {
    const collection = test.collection()
    const _id = id as never
    const upsert = { upsert: true }
    expect((await fault(collection.insertOne({ _id }))).code).toBe(code)
    expect((await fault(collection.replaceOne({ k: 1 }, { _id }, upsert))).code).toBe(code)
    expect((await fault(collection.updateOne({ k: 1 }, [{ $set: { _id: { $literal: id } } }], upsert))).code).toBe(code)
    expect((await fault(collection.findOneAndReplace({ k: 1 }, { _id }, upsert))).code).toBe(code)
    expect(await collection.countDocuments()).toBe(0)
  })

  it('stores any other _id and $ names elsewhere', async () => {
    const collection = test.collection()
    const reference = { $ref: 'items', $id: 1, $db: 'test' }
    const documents = [{ _id: { 'a.b': 1 } }, { _id: reference }, { _id: 1, $a: 1, b: { $c: 1 } }]
    await collection.insertMany(documents as never[])
    expect(await collection.countDocuments({ _id: { $type: 'object' } as never })).toBe(2)
    expect(await collection.findOne({ _id: 1 as never })).toEqual(documents[2])
  })
})
