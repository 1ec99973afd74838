import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { RawDocument } from '../bson/raw-reply.ts'
import { CommandError } from '../errors.ts'
import { findRows } from '../planner/find-rows.ts'
import { compileProjection } from '../query/projection.ts'
import { parseSort } from '../query/sort.ts'
import type { Query } from '../query/query.ts'
import type { Collection, StoredRow } from '../storage/collection.ts'
import { Update } from '../update/update.ts'
import type { CommandContext, CommandHandler } from './context.ts'
import { booleanOption, collectionName, documentOption, letVariables, makeQuery, refuseCollation } from './context.ts'
import { projectionContext } from './projection-context.ts'
import { idOf } from './update.ts'

/** `findAndModify`: finds, changes and returns one document, atomically because commands run one at a time. */
export const findAndModify: CommandHandler = (context) => {
  const { command } = context
  refuseCollation(command['collation'])
  const remove = booleanOption(command, 'remove')
  const returnNew = booleanOption(command, 'new')
  const upsert = booleanOption(command, 'upsert')
  if (remove && command['update'] !== undefined)
    throw new CommandError('FailedToParse', 'Cannot specify both an update and remove=true')
  if (remove && (upsert || returnNew))
    throw new CommandError(
      'FailedToParse',
      "Cannot specify both new=true or upsert=true and remove=true; 'remove' always returns the deleted document",
    )
  if (!remove && command['update'] === undefined)
    throw new CommandError('FailedToParse', 'Either an update or remove=true must be specified')
  const variables = letVariables(command)
  const query = makeQuery(command['query'], variables)
  const project = compileProjection(documentOption(command, 'fields'), projectionContext(query, variables))
  const change = remove ? undefined : new Update(command['update'], command['arrayFilters'], variables)
  const name = collectionName(context)
  return context.server.store.transaction(() => {
    const collection = context.server.store.collection(context.database, name)
    const row = collection && findOne(context, collection, query)
    if (!change) return removeRow(collection, row, project)
    if (collection && row) return updateRow(collection, row, change, query, returnNew, project)
    if (!upsert) return { lastErrorObject: { n: new Int32(0), updatedExisting: false }, value: null }
    const raw = change.createForUpsert(query.tree)
    context.server.store.ensureCollection(context.database, name).insert(raw)
    return {
      lastErrorObject: { n: new Int32(1), updatedExisting: false, upserted: idOf(raw) },
      value: returnNew ? new RawDocument(project(raw)) : null,
    }
  })
}

function findOne(context: CommandContext, collection: Collection, query: Query): StoredRow | undefined {
  const request = { query, sort: parseSort(context.command['sort']), skip: 0, limit: 1, hint: context.command['hint'] }
  const [row] = findRows(context.server.store.sqlite, collection, request)
  return row
}

function removeRow(
  collection: Collection | undefined,
  row: StoredRow | undefined,
  project: (raw: Buffer) => Buffer,
): BsonDocument {
  if (!collection || !row) return { lastErrorObject: { n: new Int32(0) }, value: null }
  collection.delete(row.rid, row.raw)
  return { lastErrorObject: { n: new Int32(1) }, value: new RawDocument(project(row.raw)) }
}

function updateRow(
  collection: Collection,
  row: StoredRow,
  change: Update,
  query: Query,
  returnNew: boolean,
  project: (raw: Buffer) => Buffer,
): BsonDocument {
  const after = change.apply(row.raw, query.tree)
  if (after !== row.raw) collection.replace(row.rid, row.raw, after)
  return {
    lastErrorObject: { n: new Int32(1), updatedExisting: true },
    value: new RawDocument(project(returnNew ? after : row.raw)),
  }
}
