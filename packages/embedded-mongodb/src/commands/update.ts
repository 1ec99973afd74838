import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { decode } from '../bson/codec.ts'
import { idElement, joinElements } from '../bson/raw-document.ts'
import { CommandError } from '../errors.ts'
import { findRows } from '../planner/find-rows.ts'
import { parseSort } from '../query/sort.ts'
import { isTrue } from '../storage/index-definition.ts'
import { Update } from '../update/update.ts'
import type { CommandContext, CommandHandler } from './context.ts'
import { collectionName, documentOption, letVariables, makeQuery, refuseCollation } from './context.ts'
import type { OperationShape } from './write-batch.ts'
import { runBatch, withWriteErrors, writeOperations } from './write-batch.ts'

interface UpdateCounts {
  matched: number
  modified: number
  upserted: BsonDocument[]
}

const shape: OperationShape = {
  required: ['q', 'u'],
  known: new Set(['q', 'u', 'c', 'multi', 'upsert', 'collation', 'arrayFilters', 'hint', 'sort']),
}

/** `update`: all operations of the command commit together. */
export const update: CommandHandler = (context) => {
  const name = collectionName(context)
  const operations = writeOperations(context, 'updates', shape)
  return context.server.store.transaction(() => {
    const counts: UpdateCounts = { matched: 0, modified: 0, upserted: [] }
    const errors = runBatch(context, operations, (operation, index) =>
      runUpdate(context, name, operation, index, counts),
    )
    const reply = {
      n: new Int32(counts.matched + counts.upserted.length),
      nModified: new Int32(counts.modified),
      ...(counts.upserted.length > 0 ? { upserted: counts.upserted } : {}),
    }
    return withWriteErrors(reply, errors)
  })
}

function runUpdate(
  context: CommandContext,
  name: string,
  operation: BsonDocument,
  index: number,
  counts: UpdateCounts,
): void {
  refuseCollation(operation['collation'])
  const variables = letVariables(context.command)
  const query = makeQuery(operation['q'], variables)
  const multi = isTrue(operation['multi'])
  const change = new Update(operation['u'], operation['arrayFilters'], documentOption(operation, 'c') ?? variables)
  if (multi && change.kind === 'replacement')
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update')
  if (multi && operation['sort'] !== undefined)
    throw new CommandError('FailedToParse', 'Cannot specify sort with multi=true')
  const { store } = context.server
  const collection = store.collection(context.database, name)
  let matched = 0
  if (collection) {
    const request = {
      query,
      sort: parseSort(operation['sort']),
      skip: 0,
      limit: multi ? 0 : 1,
      hint: operation['hint'],
    }
    const rows = findRows(store.sqlite, collection, request)
    // An update may move a row ahead of its own scan: all rows are found first.
    const targets = multi ? [...rows].map((row) => row.rid) : [...rows]
    for (const target of targets) {
      const row = typeof target === 'number' ? { rid: target, raw: collection.get(target)! } : target
      matched += 1
      const after = change.apply(row.raw, query.tree)
      if (after === row.raw) continue
      collection.replace(row.rid, row.raw, after)
      counts.modified += 1
    }
  }
  counts.matched += matched
  if (matched === 0 && isTrue(operation['upsert'])) {
    const raw = change.createForUpsert(query.tree)
    store.ensureCollection(context.database, name).insert(raw)
    counts.upserted.push({ index: new Int32(index), _id: idOf(raw) })
  }
}

export function idOf(raw: Buffer): unknown {
  return decode(joinElements([idElement(raw)!]))['_id']
}
