import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { AnyBulkWriteOperation, Collection, Document } from 'mongodb'
import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'

/**
 * Speed of the embedded database, measured through the official driver over TCP on a file in a temporary directory.
 * Usage: npm run bench -- [documents]
 * Exits with 1 when a median is above its limit.
 */
const documentCount = Number(process.argv[2] ?? 100_000)

interface Row {
  readonly name: string
  readonly median: number
  readonly p99: number
  /** Milliseconds the median may take; undefined when the design sets none. */
  readonly limit?: number
}

function makeDocument(n: number): Document {
  return {
    _id: `id-${n}`,
    key: `key-${String(n).padStart(8, '0')}`,
    group: n % 1000,
    amount: n / 4,
    updatedAt: new Date(1_700_000_000_000 + n * 1000),
    tags: ['a', 'b', `t${n % 50}`],
    address: { province: `P${n % 63}`, ward: `W${n % 700}`, street: 'Đường số 1' },
    filler: 'x'.repeat(700),
  }
}

async function measure(
  name: string,
  rounds: number,
  run: (round: number) => Promise<unknown>,
  limit?: number,
): Promise<Row> {
  for (let round = 0; round < Math.min(rounds, 50); round++) await run(round)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await run(round)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(Math.floor(times.length * share), times.length - 1)]!
  return { name, median: at(0.5), p99: at(0.99), ...(limit === undefined ? {} : { limit }) }
}

function random(): number {
  return Math.floor(Math.random() * documentCount)
}

function keys(count: number): string[] {
  return Array.from({ length: count }, () => `key-${String(random()).padStart(8, '0')}`)
}

async function fill(collection: Collection): Promise<Row> {
  const start = performance.now()
  for (let n = 0; n < documentCount; n += 1000) {
    await collection.insertMany(
      Array.from({ length: Math.min(1000, documentCount - n) }, (_, i) => makeDocument(n + i)),
    )
  }
  const perThousand = ((performance.now() - start) * 1000) / documentCount
  return { name: 'insertMany of 1000, three indexes', median: perThousand, p99: perThousand }
}

async function measureAll(collection: Collection): Promise<Row[]> {
  const rows: Row[] = [await fill(collection)]
  rows.push(await measure('point read by indexed key', 3000, () => collection.findOne({ key: keys(1)[0] }), 0.4))
  rows.push(await measure('point read by _id', 3000, () => collection.findOne({ _id: `id-${random()}` as never })))
  rows.push(
    await measure('$in of 100 indexed keys', 300, () => collection.find({ key: { $in: keys(100) } }).toArray(), 6),
  )
  const updates = (): AnyBulkWriteOperation[] =>
    keys(100).map((key) => ({
      updateOne: { filter: { key }, update: { $set: { amount: Math.random(), updatedAt: new Date() } } },
    }))
  rows.push(
    await measure('bulkWrite of 100 updates', 300, () => collection.bulkWrite(updates(), { ordered: false }), 10),
  )
  const upserts = (): AnyBulkWriteOperation[] =>
    keys(100).map((key) => ({
      replaceOne: {
        filter: { _id: `new-${key}` as never },
        replacement: { ...makeDocument(1), _id: undefined, key: `new-${key}` },
        upsert: true,
      },
    }))
  rows.push(
    await measure('bulkWrite of 100 upserting replacements', 100, () =>
      collection.bulkWrite(upserts(), { ordered: false }),
    ),
  )
  rows.push(
    await measure('findOneAndUpdate by key, $inc', 2000, () =>
      collection.findOneAndUpdate({ key: keys(1)[0] }, { $inc: { n: 1 } }),
    ),
  )
  rows.push(
    await measure('insertOne', 2000, (round) =>
      collection.insertOne({ ...makeDocument(round), _id: undefined, key: `one-${Math.random()}` }),
    ),
  )
  rows.push(
    await measure('page of 50 by index, sorted by index', 500, () =>
      collection
        .find({ updatedAt: { $gte: new Date(1_700_000_000_000 + random() * 1000) } })
        .sort({ updatedAt: 1 })
        .limit(50)
        .toArray(),
    ),
  )
  rows.push(
    await measure('countDocuments of 100 by index', 500, () => collection.countDocuments({ group: random() % 1000 })),
  )
  rows.push(await measure('countDocuments of all', 20, () => collection.countDocuments()))
  rows.push(await measure('collection scan, nothing found', 3, () => collection.find({ nowhere: 1 }).toArray()))
  rows.push(
    await measure('$group over all by province', 3, () =>
      collection.aggregate([{ $group: { _id: '$address.province', total: { $sum: '$amount' } } }]).toArray(),
    ),
  )
  return rows
}

const dataDir = mkdtempSync(join(tmpdir(), 'embedded-mongodb-bench-'))
const server = await startEmbeddedMongo({ dataDir })
const client = new MongoClient(server.uri, { ignoreUndefined: true, maxPoolSize: 8 })
try {
  const collection = client.db('bench').collection('documents')
  await collection.createIndexes([
    { key: { key: 1 }, unique: true },
    { key: { group: 1, updatedAt: -1 } },
    { key: { updatedAt: 1 } },
  ])
  const rows = await measureAll(collection)
  process.stdout.write(
    `${documentCount} documents of ${JSON.stringify(makeDocument(1)).length} bytes of JSON, Node ${process.version}, milliseconds\n`,
  )
  for (const { name, median, p99, limit } of rows) {
    const verdict = limit === undefined ? '' : median <= limit ? `  <= ${limit} holds` : `  <= ${limit} MISSED`
    process.stdout.write(
      `${name.padEnd(42)} median ${median.toFixed(3).padStart(9)}  p99 ${p99.toFixed(3).padStart(9)}${verdict}\n`,
    )
  }
  if (rows.some(({ median, limit }) => limit !== undefined && median > limit)) process.exitCode = 1
} finally {
  await client.close()
  await server.close()
  rmSync(dataDir, { recursive: true, force: true })
}
