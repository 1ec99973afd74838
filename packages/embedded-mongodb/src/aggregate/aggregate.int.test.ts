import { Decimal128, Long, ObjectId } from 'mongodb'
import type { Collection, Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../test-database.fixture.ts'
import { openTestDatabase } from '../test-database.fixture.ts'

let test: TestDatabase
let orders: Collection
const customer = new ObjectId()
beforeAll(async () => {
  test = await openTestDatabase()
  orders = test.db.collection('orders')
  await orders.insertMany([
    {
      _id: 1,
      customer,
      amount: Decimal128.fromString('0.10'),
      n: Long.fromString('9007199254740993'),
      tags: ['a', 'b'],
      at: new Date('2024-01-15T00:00:00Z'),
    },
    {
      _id: 2,
      customer,
      amount: Decimal128.fromString('0.20'),
      n: Long.fromNumber(1),
      tags: [],
      at: new Date('2024-01-20T00:00:00Z'),
    },
    {
      _id: 3,
      customer: null,
      amount: Decimal128.fromString('5'),
      n: 2,
      tags: ['b'],
      note: '',
      at: new Date('2024-02-01T00:00:00Z'),
    },
  ] as never[])
  await test.db.collection('customers').insertMany([{ _id: customer, name: 'Công ty A' }, { name: 'B' }])
})
afterAll(() => test.close())

async function run(...pipeline: Document[]): Promise<Document[]> {
  return orders.aggregate(pipeline, { promoteLongs: false }).toArray()
}

describe('aggregate', () => {
  it('sums decimals and longs exactly, groups by ObjectId', async () => {
    expect(
      await run(
        { $group: { _id: '$customer', total: { $sum: '$amount' }, n: { $sum: '$n' }, count: { $sum: 1 } } },
        { $sort: { count: -1 } },
      ),
    ).toEqual([
      { _id: customer, total: Decimal128.fromString('0.30'), n: Long.fromString('9007199254740994'), count: 2 },
      { _id: null, total: Decimal128.fromString('5'), n: 2, count: 1 },
    ])
    expect(
      await run({
        $group: {
          _id: null,
          average: { $avg: '$amount' },
          least: { $min: '$amount' },
          most: { $max: '$amount' },
          ids: { $push: '$_id' },
        },
      }),
    ).toMatchObject([
      {
        average: Decimal128.fromString('1.766666666666666666666666666666667'),
        least: Decimal128.fromString('0.10'),
        most: Decimal128.fromString('5'),
        ids: [1, 2, 3],
      },
    ])
  })

  it('joins by index, with and without an inner pipeline', async () => {
    const [first, , third] = await run(
      { $lookup: { from: 'customers', localField: 'customer', foreignField: '_id', as: 'found' } },
      { $project: { names: '$found.name' } },
    )
    expect([first, third]).toEqual([
      { _id: 1, names: ['Công ty A'] },
      { _id: 3, names: [] },
    ])
    const joined = await run(
      { $match: { _id: 1 } },
      {
        $lookup: {
          from: 'customers',
          let: { c: '$customer' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$c'] } } }, { $project: { _id: 0 } }],
          as: 'c',
        },
      },
    )
    expect(joined[0]!['c']).toEqual([{ name: 'Công ty A' }])
  })

  it('unwinds, reshapes and counts', async () => {
    expect(await run({ $unwind: '$tags' }, { $sortByCount: '$tags' })).toEqual([
      { _id: 'b', count: 2 },
      { _id: 'a', count: 1 },
    ])
    expect(
      await run(
        { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
        { $project: { tags: 1, i: 1 } },
      ),
    ).toHaveLength(4)
    expect(await run({ $unwind: '$note' }, { $count: 'n' })).toEqual([{ n: 1 }])
    expect(
      await run(
        { $match: { _id: 1 } },
        { $addFields: { 'x.y': { $concat: ['a', 'b'] }, amount: '$$REMOVE' } },
        { $project: { x: 1, amount: 1 } },
      ),
    ).toEqual([{ _id: 1, x: { y: 'ab' } }])
    expect(await run({ $match: { _id: 9 } }, { $count: 'n' })).toEqual([])
    expect(await run({ $replaceRoot: { newRoot: { id: '$_id', size: { $size: '$tags' } } } }, { $limit: 1 })).toEqual([
      { id: 1, size: 2 },
    ])
  })

  it('evaluates expressions over dates, conditions, types and arrays', async () => {
    const [result] = await run(
      { $match: { _id: 1 } },
      {
        $project: {
          _id: 0,
          month: { $dateToString: { date: '$at', format: '%Y-%m' } },
          year: { $year: '$at' },
          big: { $gt: ['$amount', 0.05] },
          double: { $multiply: ['$amount', 2] },
          type: { $type: '$amount' },
          hex: { $toString: '$customer' },
          upper: { $map: { input: '$tags', as: 't', in: { $toUpper: '$$t' } } },
          missing: { $ifNull: ['$nothing', 'none'] },
          isNull: { $eq: ['$nothing', null] },
          days: { $divide: [{ $subtract: [new Date('2024-01-16T00:00:00Z'), '$at'] }, 86_400_000] },
        },
      },
    )
    expect(result).toEqual({
      month: '2024-01',
      year: 2024,
      big: true,
      double: Decimal128.fromString('0.20'),
      type: 'decimal',
      hex: customer.toHexString(),
      upper: ['A', 'B'],
      missing: 'none',
      isNull: false,
      days: 1,
    })
  })

  it('runs facets, buckets and unions', async () => {
    const [facets] = await run({
      $facet: {
        few: [{ $match: { _id: { $lt: 3 } } }, { $count: 'n' }],
        top: [{ $sort: { _id: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
      },
    })
    expect(facets).toEqual({ few: [{ n: 2 }], top: [{ _id: 3 }] })
    expect(await run({ $bucket: { groupBy: '$_id', boundaries: [1, 3, 5], output: { n: { $sum: 1 } } } })).toEqual([
      { _id: 1, n: 2 },
      { _id: 3, n: 1 },
    ])
    expect(await run({ $project: { _id: 1 } }, { $unionWith: 'customers' }, { $count: 'n' })).toEqual([{ n: 5 }])
  })

  it('uses an index for a leading $match and returns batches', async () => {
    const many = test.collection()
    await many.insertMany(Array.from({ length: 500 }, (_, n) => ({ n, even: n % 2 === 0 })))
    await many.createIndex({ n: 1 })
    const plan = await many.aggregate([{ $match: { n: { $gte: 490 } } }]).explain()
    expect(plan['queryPlanner'].winningPlan.inputStage.stage).toBe('IXSCAN')
    expect(
      await many
        .aggregate([{ $match: { even: true } }, { $sort: { n: -1 } }, { $addFields: { m: '$n' } }], { batchSize: 20 })
        .toArray(),
    ).toHaveLength(250)
    expect(await many.countDocuments({ n: { $gte: 490 } }, { limit: 3 })).toBe(3)
  })
})
