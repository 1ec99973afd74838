import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { toInteger } from '../bson/numeric.ts'
import { CommandError } from '../errors.ts'
import { findRows } from '../planner/find-rows.ts'
import type { CommandContext, CommandHandler } from './context.ts'
import { collectionName, letVariables, makeQuery, refuseCollation } from './context.ts'
import type { OperationShape } from './write-batch.ts'
import { runBatch, withWriteErrors, writeOperations } from './write-batch.ts'

const shape: OperationShape = {
  required: ['q', 'limit'],
  known: new Set(['q', 'limit', 'collation', 'hint']),
}

/** `delete`: `limit` is 1 for one document, 0 for all that match. */
export const deleteDocuments: CommandHandler = (context) => {
  const name = collectionName(context)
  const operations = writeOperations(context, 'deletes', shape)
  return context.server.store.transaction(() => {
    let removed = 0
    const errors = runBatch(context, operations, (operation) => {
      removed += runDelete(context, name, operation)
    })
    return withWriteErrors({ n: new Int32(removed) }, errors)
  })
}

function runDelete(context: CommandContext, name: string, operation: BsonDocument): number {
  refuseCollation(operation['collation'])
  const limit = toInteger(operation['limit'])
  if (limit !== 0 && limit !== 1)
    throw new CommandError(
      'FailedToParse',
      'The limit field in delete objects must be 0 or 1. Got ' + String(operation['limit']),
    )
  const query = makeQuery(operation['q'], letVariables(context.command))
  const { store } = context.server
  const collection = store.collection(context.database, name)
  if (!collection) return 0
  const rids = [
    ...findRows(store.sqlite, collection, { query, sort: [], skip: 0, limit, hint: operation['hint'] }),
  ].map((row) => row.rid)
  for (const rid of rids) collection.delete(rid, collection.get(rid)!)
  return rids.length
}
