import { MongoClient } from 'mongodb'
import type { Collection, Db, Document } from 'mongodb'
import { startEmbeddedMongo } from './start.ts'
import type { EmbeddedMongo, EmbeddedMongoOptions } from './start.ts'

/** A server with one client, for tests; each collection it hands out is new. */
export interface TestDatabase {
  readonly server: EmbeddedMongo
  readonly client: MongoClient
  readonly db: Db
  collection<T extends Document = Document>(): Collection<T>
  close(): Promise<void>
}

export async function openTestDatabase(options: Partial<EmbeddedMongoOptions> = {}): Promise<TestDatabase> {
  const server = await startEmbeddedMongo({ dataDir: ':memory:', ...options })
  const client = new MongoClient(server.uri, { ignoreUndefined: true })
  const db = client.db('test')
  let created = 0
  return {
    server,
    client,
    db,
    collection: <T extends Document>() => db.collection<T>(`c${++created}`),
    close: async () => {
      await client.close()
      await server.close()
    },
  }
}
