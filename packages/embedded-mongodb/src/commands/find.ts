import { Long } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { CommandError } from '../errors.ts'
import type { FindRequest } from '../planner/find-rows.ts'
import { findRows } from '../planner/find-rows.ts'
import { compileProjection } from '../query/projection.ts'
import { parseSort } from '../query/sort.ts'
import type { CommandHandler } from './context.ts'
import {
  booleanOption,
  collectionName,
  countOption,
  documentOption,
  letVariables,
  makeQuery,
  refuseCollation,
} from './context.ts'
import { firstBatchSize } from './cursor-registry.ts'
import { projectionContext } from './projection-context.ts'

/** `find`: rows are read as batches ask for them; a result is never held in memory as a whole. */
export const find: CommandHandler = (context) => {
  const { command, server } = context
  if (booleanOption(command, 'tailable'))
    throw new CommandError('BadValue', 'tailable cursors are not supported by the embedded database')
  const request = findRequest(command)
  const project = compileProjection(
    documentOption(command, 'projection'),
    projectionContext(request.query, letVariables(command)),
  )
  const name = collectionName(context)
  const collection = server.store.collection(context.database, name)
  const rows = collection ? findRows(server.store.sqlite, collection, request) : []
  const batchSize = countOption(command, 'batchSize', firstBatchSize)
  const source = projectRows(rows, project)
  return {
    cursor: server.cursors.open(
      `${context.database}.${name}`,
      source,
      context.connectionId,
      batchSize,
      booleanOption(command, 'singleBatch'),
    ),
  }
}

/** Reads the query part of a `find` command; `explain` uses it too. */
export function findRequest(command: BsonDocument): FindRequest {
  refuseCollation(command['collation'])
  return {
    query: makeQuery(command['filter'], letVariables(command)),
    sort: parseSort(command['sort']),
    skip: countOption(command, 'skip', 0),
    limit: countOption(command, 'limit', 0),
    hint: command['hint'],
    batchSize: countOption(command, 'batchSize', firstBatchSize) + 1,
  }
}

function* projectRows(rows: Iterable<{ raw: Buffer }>, project: (raw: Buffer) => Buffer): Generator<Buffer> {
  for (const { raw } of rows) yield project(raw)
}

export const getMore: CommandHandler = ({ command, database, server }) => {
  const id = command['getMore']
  if (!(id instanceof Long))
    throw new CommandError('TypeMismatch', "BSON field 'getMore.getMore' is the wrong type, expected type 'long'")
  const batchSize = command['batchSize'] === undefined ? undefined : countOption(command, 'batchSize', 0)
  return {
    cursor: server.cursors.next(
      id,
      `${database}.${String(command['collection'])}`,
      batchSize === 0 ? undefined : batchSize,
    ),
  }
}

export const killCursors: CommandHandler = ({ command, server }) => {
  const ids = command['cursors']
  if (!Array.isArray(ids))
    throw new CommandError('Location40414', "BSON field 'killCursors.cursors' is missing but a required field")
  const cursorsKilled: Long[] = []
  const cursorsNotFound: Long[] = []
  for (const id of ids) if (id instanceof Long) (server.cursors.kill(id) ? cursorsKilled : cursorsNotFound).push(id)
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
}
