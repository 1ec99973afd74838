import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'
import { MongoClient } from 'mongodb'
import type { Db } from 'mongodb'

export interface TestDatabase {
  readonly uri: string
  readonly database: string
  readonly db: Db
  /** Drops the database. */
  close(): Promise<void>
}

/** A database of its own for one test file: on the server that `MONGODB_URI` names, else on an embedded one. */
export async function openTestDatabase(name: string): Promise<TestDatabase> {
  const given = process.env['MONGODB_URI']
  const embedded = given === undefined ? await startEmbeddedMongo({ dataDir: ':memory:' }) : undefined
  const uri = given ?? embedded!.uri
  const client = await new MongoClient(uri).connect()
  const database = `amis_sync_test_${name}_${process.pid}_${Date.now().toString(36)}`
  const db = client.db(database)
  const close = async (): Promise<void> => {
    await db.dropDatabase()
    await client.close()
    await embedded?.close()
  }
  return { uri, database, db, close }
}
