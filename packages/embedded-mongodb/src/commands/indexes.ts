import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { encode } from '../bson/codec.ts'
import { hashKey } from '../bson/key-string.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { Collection } from '../storage/collection.ts'
import type { IndexDefinition } from '../storage/index-definition.ts'
import { describeIndex, idIndex, keyPattern, parseIndexDefinition } from '../storage/index-definition.ts'
import type { CommandHandler } from './context.ts'
import { collectionName, countOption, refuseCollation } from './context.ts'
import { listField } from './write-batch.ts'

/** `createIndexes`: builds all of them over the stored documents, or none. */
export const createIndexes: CommandHandler = (context) => {
  const { server, database } = context
  const name = collectionName(context)
  const definitions = listField(context, 'indexes').map((item) => {
    const specification = asDocument(item) ?? {}
    refuseCollation(specification['collation'])
    return parseIndexDefinition(specification)
  })
  if (definitions.length === 0) throw new CommandError('BadValue', 'Must specify at least one index to create')
  const created = !server.store.collection(database, name)
  const reply = server.store.transaction(() => {
    const collection = server.store.ensureCollection(database, name)
    const before = collection.allIndexes().length
    for (const definition of definitions) if (!isPresent(collection, definition)) collection.createIndex(definition)
    const after = collection.allIndexes().length
    const note = after === before ? { note: 'all indexes already exist' } : {}
    return {
      numIndexesBefore: new Int32(before),
      numIndexesAfter: new Int32(after),
      createdCollectionAutomatically: created,
      ...note,
    }
  })
  if (definitions.some((definition) => definition.expireAfterSeconds !== undefined)) server.onTtlIndex()
  return reply
}

/** True when the same index exists; throws when the name or the keys are taken by a different one. */
function isPresent(collection: Collection, definition: IndexDefinition): boolean {
  const pattern = hashKey(keyPattern(definition))
  if (pattern === hashKey(keyPattern(idIndex))) return true
  for (const { definition: existing } of collection.indexes.values()) {
    const sameKeys = hashKey(keyPattern(existing)) === pattern
    const sameOptions = hashKey(optionsOf(existing)) === hashKey(optionsOf(definition))
    if (existing.name === definition.name) {
      if (!sameKeys) {
        throw new CommandError(
          'IndexKeySpecsConflict',
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${definition.name}`,
        )
      }
      if (!sameOptions)
        throw new CommandError(
          'IndexOptionsConflict',
          `An equivalent index already exists with the same name but different options. Requested index: ${definition.name}`,
        )
      return true
    }
    if (sameKeys && sameOptions)
      throw new CommandError('IndexOptionsConflict', `Index already exists with a different name: ${existing.name}`)
    const samePartial = hashKey(existing.partialFilter ?? null) === hashKey(definition.partialFilter ?? null)
    if (sameKeys && samePartial)
      throw new CommandError(
        'IndexOptionsConflict',
        `An equivalent index already exists with a different name and options. Requested index: ${definition.name}`,
      )
  }
  return false
}

function optionsOf(definition: IndexDefinition): BsonDocument {
  const { name: _name, key: _key, ...options } = describeIndex(definition)
  return options
}

export const listIndexes: CommandHandler = (context) => {
  const { command, server } = context
  const collection = requireCollection(context)
  const described = collection.allIndexes().map((index) => encode(describeIndex(index.definition)))
  const batchSize = countOption(asDocument(command['cursor']) ?? {}, 'batchSize', Number.POSITIVE_INFINITY)
  return {
    cursor: server.cursors.open(collection.namespace, described.values(), context.connectionId, batchSize, false),
  }
}

/** `dropIndexes`: by name, by key pattern, a list of names, or `'*'` for all but `_id_`. */
export const dropIndexes: CommandHandler = (context) => {
  const collection = requireCollection(context)
  const nIndexesWas = new Int32(collection.allIndexes().length)
  const names = wantedNames(collection, context.command['index'])
  context.server.store.transaction(() => {
    for (const name of names) {
      if (name === idIndex.name) throw new CommandError('InvalidOptions', 'cannot drop _id index')
      collection.dropIndex(name)
    }
  })
  return { nIndexesWas }
}

function wantedNames(collection: Collection, wanted: unknown): string[] {
  if (wanted === '*') return [...collection.indexes.keys()]
  if (typeof wanted === 'string') return [wanted]
  if (Array.isArray(wanted)) return wanted.map(String)
  const pattern = asDocument(wanted)
  if (!pattern) throw new CommandError('TypeMismatch', "BSON field 'dropIndexes.index' is the wrong type")
  const found = collection.allIndexes().filter((index) => hashKey(keyPattern(index.definition)) === hashKey(pattern))
  if (found.length === 0) throw new CommandError('IndexNotFound', "can't find index with key")
  return found.map((index) => index.definition.name)
}

function requireCollection(context: Parameters<CommandHandler>[0]): Collection {
  const name = collectionName(context)
  const collection = context.server.store.collection(context.database, name)
  if (!collection) throw new CommandError('NamespaceNotFound', `ns does not exist: ${context.database}.${name}`)
  return collection
}
