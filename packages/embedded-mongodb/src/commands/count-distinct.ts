import type { BsonDocument } from '../bson/codec.ts'
import { decode } from '../bson/codec.ts'
import { encodeValue } from '../bson/key-string.ts'
import { pickFields } from '../bson/raw-document.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { integer } from '../aggregate/flow-stages.ts'
import { CommandError } from '../errors.ts'
import { countRows, findRows } from '../planner/find-rows.ts'
import { visitPath } from '../query/path-walk.ts'
import type { CommandHandler } from './context.ts'
import { collectionName, countOption, makeQuery, refuseCollation } from './context.ts'

export const count: CommandHandler = (context) => {
  const { command, server } = context
  refuseCollation(command['collation'])
  const query = makeQuery(command['query'])
  const collection = server.store.collection(context.database, collectionName(context))
  const skip = countOption(command, 'skip', 0)
  const limit = absoluteLimit(command)
  const all = collection ? countRows(server.store.sqlite, collection, query, command['hint']) : 0
  const afterSkip = Math.max(all - skip, 0)
  return { n: integer(limit > 0 ? Math.min(afterSkip, limit) : afterSkip) }
}

function absoluteLimit(command: BsonDocument): number {
  const limit = command['limit']
  return isNumeric(limit) ? Math.abs(toDouble(limit)) : 0
}

/** `distinct`: the values of a path in order, arrays item by item. */
export const distinct: CommandHandler = (context) => {
  const { command, server } = context
  refuseCollation(command['collation'])
  const key = command['key']
  if (typeof key !== 'string' || key === '')
    throw new CommandError('TypeMismatch', "BSON field 'distinct.key' is the wrong type, expected type 'string'")
  const query = makeQuery(command['query'])
  const collection = server.store.collection(context.database, collectionName(context))
  const parts = key.split('.')
  const roots = new Set([parts[0]!])
  const found = new Map<string, { key: Buffer; value: unknown }>()
  const add = (value: unknown): void => {
    if (value === undefined) return
    const encoded = encodeValue(value)
    found.set(encoded.toString('latin1'), { key: encoded, value })
  }
  const rows = collection
    ? findRows(server.store.sqlite, collection, {
        query,
        sort: [],
        skip: 0,
        limit: 0,
        hint: command['hint'],
        batchSize: 512,
      })
    : []
  for (const { raw } of rows) {
    visitPath(decode(pickFields(raw, roots)), parts, 0, (value) => {
      if (Array.isArray(value)) value.forEach(add)
      else add(value)
      return false
    })
  }
  const entries = [...found.values()].toSorted((a, b) => Buffer.compare(a.key, b.key))
  return { values: entries.map((entry) => entry.value) }
}
