import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from './test-database.fixture.ts'
import { openTestDatabase } from './test-database.fixture.ts'

let test: TestDatabase
let clients: MongoClient[]
beforeAll(async () => {
  test = await openTestDatabase()
  clients = await Promise.all([1, 2, 3, 4].map(() => new MongoClient(test.server.uri).connect()))
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await test.close()
})

describe('several clients', () => {
  it('claim each task once with findOneAndUpdate, in order', async () => {
    const tasks = test.collection()
    await tasks.createIndex({ state: 1, at: 1 })
    await tasks.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n as never, state: 'ready', at: n })))
    const claims = await Promise.all(
      clients.map(async (client) => {
        const claimed: unknown[] = []
        const mine = client.db('test').collection(tasks.collectionName)
        for (;;) {
          const task = await mine.findOneAndUpdate(
            { state: 'ready' },
            { $set: { state: 'taken' } },
            { sort: { at: 1 } },
          )
          if (!task) return claimed
          claimed.push(task._id)
        }
      }),
    )
    expect(claims.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 300 }, (_, n) => n))
    for (const claimed of claims) expect(claimed).toEqual(claimed.toSorted((a, b) => Number(a) - Number(b)))
  })

  it('count with $inc and upsert without losing one', async () => {
    const { collectionName } = test.collection()
    const increments = clients.flatMap((client) =>
      Array.from({ length: 100 }, () => client.db('test').collection(collectionName)),
    )
    await Promise.all(
      increments.map((counters) => counters.updateOne({ _id: 'n' as never }, { $inc: { n: 1 } }, { upsert: true })),
    )
    expect(await test.db.collection(collectionName).find().toArray()).toEqual([{ _id: 'n', n: 400 }])
  })
})
