import { Int32, Long } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { encode } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { integer } from '../aggregate/flow-stages.ts'
import { CommandError } from '../errors.ts'
import type { Collection } from '../storage/collection.ts'
import { describeIndex, idIndex, isTrue } from '../storage/index-definition.ts'
import type { CommandHandler } from './context.ts'
import { booleanOption, collectionName, countOption, makeQuery } from './context.ts'

/** Options of `create` that would change what a collection does. */
const refusedCreateOptions = [
  'capped',
  'timeseries',
  'viewOn',
  'validator',
  'clusteredIndex',
  'expireAfterSeconds',
  'encryptedFields',
]

export const create: CommandHandler = (context) => {
  const { command, server, database } = context
  const name = collectionName(context)
  const refused = refusedCreateOptions.find((option) => command[option] !== undefined && command[option] !== false)
  if (refused)
    throw new CommandError(
      'NotImplemented',
      `The collection option '${refused}' is not supported by the embedded database`,
    )
  if (server.store.collection(database, name))
    throw new CommandError('NamespaceExists', `Collection ${database}.${name} already exists.`)
  server.store.createCollection(database, name, {})
  return {}
}

export const drop: CommandHandler = (context) => {
  const { server, database } = context
  const collection = server.store.collection(database, collectionName(context))
  if (!collection) throw new CommandError('NamespaceNotFound', 'ns not found')
  const nIndexesWas = new Int32(collection.allIndexes().length)
  server.store.dropCollection(collection)
  return { nIndexesWas, ns: collection.namespace }
}

export const dropDatabase: CommandHandler = ({ server, database }) => {
  server.store.transaction(() => {
    for (const collection of server.store.listCollections(database)) server.store.dropCollection(collection)
  })
  return { dropped: database }
}

export const listCollections: CommandHandler = (context) => {
  const { command, server, database } = context
  const filter = makeQuery(command['filter'])
  const nameOnly = booleanOption(command, 'nameOnly')
  const described = server.store.listCollections(database).map((collection) => describeCollection(collection, nameOnly))
  const matching = described
    .filter((description) => filter.matches(description))
    .map((description) => encode(description))
  const batchSize = countOption(asDocument(command['cursor']) ?? {}, 'batchSize', Number.POSITIVE_INFINITY)
  return {
    cursor: server.cursors.open(
      `${database}.$cmd.listCollections`,
      matching.values(),
      context.connectionId,
      batchSize,
      false,
    ),
  }
}

function describeCollection(collection: Collection, nameOnly: boolean): BsonDocument {
  const summary = { name: collection.name, type: 'collection' }
  if (nameOnly) return summary
  const { uuid, ...options } = collection.options
  return { ...summary, options, info: { readOnly: false, uuid }, idIndex: describeIndex(idIndex) }
}

export const listDatabases: CommandHandler = ({ command, server }) => {
  const filter = makeQuery(command['filter'])
  const nameOnly = isTrue(command['nameOnly'])
  const databases = server.store
    .databases()
    .map((name) => ({ name, ...(nameOnly ? {} : databaseSize(server.store.listCollections(name))) }))
  const wanted = databases.filter((database) => filter.matches(database))
  return {
    databases: wanted,
    ...(nameOnly
      ? {}
      : {
          totalSize: Long.fromNumber(
            wanted.reduce((sum, { sizeOnDisk }: { sizeOnDisk?: Long }) => sum + Number(sizeOnDisk ?? 0), 0),
          ),
        }),
  }
}

function databaseSize(collections: readonly Collection[]): { sizeOnDisk: Long; empty: boolean } {
  return {
    sizeOnDisk: Long.fromNumber(collections.reduce((sum, collection) => sum + collection.dataSize(), 0)),
    empty: false,
  }
}

export const collStats: CommandHandler = (context) => {
  const { server, database } = context
  const name = collectionName(context)
  const collection = server.store.collection(database, name)
  const documents = collection?.count() ?? 0
  const size = collection?.dataSize() ?? 0
  return {
    ns: `${database}.${name}`,
    count: integer(documents),
    size: integer(size),
    avgObjSize: integer(documents === 0 ? 0 : Math.round(size / documents)),
    storageSize: integer(size),
    nindexes: new Int32(collection?.allIndexes().length ?? 0),
    capped: false,
  }
}

export const dbStats: CommandHandler = ({ server, database }) => {
  const collections = server.store.listCollections(database)
  const objects = collections.reduce((sum, collection) => sum + collection.count(), 0)
  const dataSize = collections.reduce((sum, collection) => sum + collection.dataSize(), 0)
  return {
    db: database,
    collections: new Int32(collections.length),
    objects: integer(objects),
    dataSize: integer(dataSize),
    storageSize: integer(dataSize),
    indexes: new Int32(collections.reduce((sum, collection) => sum + collection.allIndexes().length, 0)),
  }
}
