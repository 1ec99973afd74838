import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../test-database.fixture.ts'
import { openTestDatabase } from '../test-database.fixture.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await openTestDatabase()
  await test.db.collection('items').insertOne({ a: 1, s: 'text' })
})
afterAll(() => test.close())

describe("the server's own error codes", () => {
  it.each<[string, Document, number, string]>([
    ['unknown command', { doSomething: 1 }, 59, 'CommandNotFound'],
    ['unknown option', { find: 'items', nonsense: 1 }, 40415, 'Location40415'],
    ['unknown query operator', { find: 'items', filter: { a: { $foo: 1 } } }, 2, 'BadValue'],
    ['unknown top-level operator', { find: 'items', filter: { $foo: 1 } }, 2, 'BadValue'],
    ['hint without index', { find: 'items', hint: 'nope' }, 2, 'BadValue'],
    ['collation', { find: 'items', collation: { locale: 'vi' } }, 238, 'NotImplemented'],
    ['unknown stage', { aggregate: 'items', pipeline: [{ $foo: 1 }], cursor: {} }, 40324, 'Location40324'],
    [
      'two stages in one',
      { aggregate: 'items', pipeline: [{ $match: {}, $limit: 1 }], cursor: {} },
      40323,
      'Location40323',
    ],
    [
      'unknown field of an update',
      { update: 'items', updates: [{ q: {}, u: { $set: { a: 2 } }, foo: 1 }] },
      40415,
      'Location40415',
    ],
    ['update without a filter', { update: 'items', updates: [{ u: { $set: { a: 2 } } }] }, 40414, 'Location40414'],
    ['delete without a filter', { delete: 'items', deletes: [{ limit: 0 }] }, 40414, 'Location40414'],
    ['delete without a limit', { delete: 'items', deletes: [{ q: {} }] }, 40414, 'Location40414'],
    [
      'count with a hint without index',
      { aggregate: 'items', pipeline: [{ $group: { _id: 1, n: { $sum: 1 } } }], cursor: {}, hint: 'nope' },
      2,
      'BadValue',
    ],
    [
      'a collection stage on a database',
      { aggregate: 1, pipeline: [{ $match: {} }], cursor: {} },
      73,
      'InvalidNamespace',
    ],
    ['an empty pipeline on a database', { aggregate: 1, pipeline: [], cursor: {} }, 73, 'InvalidNamespace'],
    ['an unknown variable', { find: 'items', filter: { $expr: '$$nope' } }, 17276, 'Location17276'],
    ['change stream', { aggregate: 'items', pipeline: [{ $changeStream: {} }], cursor: {} }, 40573, 'Location40573'],
    ['unsupported stage', { aggregate: 'items', pipeline: [{ $out: 'x' }], cursor: {} }, 238, 'NotImplemented'],
    [
      'unknown expression',
      { aggregate: 'none', pipeline: [{ $project: { x: { $foo: 1 } } }], cursor: {} },
      168,
      'InvalidPipelineOperator',
    ],
    [
      'unknown nested expression',
      { aggregate: 'none', pipeline: [{ $project: { x: { $add: [1, { $foo: 1 }] } } }], cursor: {} },
      168,
      'InvalidPipelineOperator',
    ],
    [
      'unknown accumulator',
      { aggregate: 'items', pipeline: [{ $group: { _id: 1, x: { $foo: 1 } } }], cursor: {} },
      2,
      'BadValue',
    ],
    ['missing collection', { drop: 'nowhere' }, 26, 'NamespaceNotFound'],
    ['existing collection', { create: 'items' }, 48, 'NamespaceExists'],
    ['capped collection', { create: 'capped', capped: true, size: 1 }, 238, 'NotImplemented'],
    ['missing index', { dropIndexes: 'items', index: 'nope' }, 27, 'IndexNotFound'],
    ['transaction', { find: 'items', txnNumber: 1, autocommit: false, startTransaction: true }, 20, 'IllegalOperation'],
    ['two members', { insert: 'items', documents: [{}], writeConcern: { w: 2 } }, 2, 'BadValue'],
    ['bad namespace', { create: 'a$b' }, 73, 'InvalidNamespace'],
    ['negative limit', { find: 'items', limit: -1 }, 2, 'BadValue'],
    ['tailable cursor', { find: 'items', tailable: true }, 2, 'BadValue'],
  ])('%s', async (_name, command, code, codeName) => {
    await expect(test.db.command(command)).rejects.toMatchObject({ code, codeName })
  })

  it('a whole write command fails for one malformed operation, before anything is written', async () => {
    const updates = [{ q: {}, u: { $set: { a: 2 } } }, { u: { $set: { a: 3 } } }]
    await expect(test.db.command({ update: 'items', updates })).rejects.toMatchObject({ code: 40414 })
    expect(await test.db.collection('items').countDocuments({ a: 1 })).toBe(1)
  })

  it.each<[string, Document]>([
    ['sort for many documents', { u: { $set: { a: 2 } }, multi: true, sort: { a: 1 } }],
    ['array filters for a replacement', { u: { a: 2 }, arrayFilters: [{ 'i.a': 1 }] }],
  ])('refuses %s', async (_name, operation) => {
    const { writeErrors } = await test.db.command({ update: 'items', updates: [{ q: {}, ...operation }] })
    expect(writeErrors).toMatchObject([{ index: 0, code: 9 }])
    expect(await test.db.collection('items').countDocuments({ a: 1 })).toBe(1)
  })

  it.each<[string, Document | Document[], number]>([
    ['unknown modifier', { $foo: { a: 1 } }, 9],
    ['conflicting paths', { $set: { 'a.b': 1 }, $inc: { a: 1 } }, 40],
    ['$inc of text', { $inc: { s: 1 } }, 14],
    ['$inc by text', { $inc: { a: 'x' } }, 14],
    ['a field below a scalar', { $set: { 'a.b': 1 } }, 28],
    ['$push to a scalar', { $push: { a: 1 } }, 2],
    ['a positional operator without match', { $set: { 'a.$': 1 } }, 2],
    ['$[] on a missing array', { $set: { 'x.$[]': 1 } }, 2],
    ['$[id] without filter', { $set: { 'x.$[e]': 1 } }, 2],
    ['an empty path', { $set: { '': 1 } }, 56],
    ['$group in an update', [{ $group: { _id: 1 } }], 72],
  ])('update with %s', async (_name, update, code) => {
    const { writeErrors } = await test.db.command({ update: 'items', updates: [{ q: {}, u: update }] })
    expect(writeErrors).toMatchObject([{ index: 0, code }])
    expect(await test.db.collection('items').findOne({}, { projection: { _id: 0 } })).toEqual({ a: 1, s: 'text' })
  })

  it('refuses transactions and change streams through the driver', async () => {
    const items = test.db.collection('items')
    const session = test.client.startSession()
    await expect(session.withTransaction(() => items.insertOne({ t: 1 }, { session }))).rejects.toMatchObject({
      errorResponse: { originalError: { code: 20, codeName: 'IllegalOperation' } },
    })
    await session.endSession()
    await expect(items.watch().next()).rejects.toMatchObject({ code: 40573 })
  })
})
