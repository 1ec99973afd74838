import { hostname } from 'node:os'
import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { integer } from '../aggregate/flow-stages.ts'
import { CommandError } from '../errors.ts'
import { collStats } from './catalog.ts'
import type { CommandContext } from './context.ts'
import { collectionName } from './context.ts'

const unsupported = new Set(['latencyStats', 'queryExecStats'])

/** The one document that a leading `$collStats` yields: with `count`, what older drivers estimate a count by. */
export function collStatsDocument(context: CommandContext, operand: unknown): BsonDocument {
  const options = asDocument(operand)
  if (!options) throw new CommandError('TypeMismatch', '$collStats must take a nested object')
  for (const name of Object.keys(options)) {
    if (unsupported.has(name))
      throw new CommandError('NotImplemented', `$collStats.${name} is not supported by the embedded database`)
    if (name !== 'count' && name !== 'storageStats')
      throw new CommandError('Location40415', `BSON field '$collStats.${name}' is an unknown field.`)
  }
  const { ns, ...storageStats } = collStats(context)
  return {
    ns,
    host: hostname(),
    localTime: new Date(),
    ...(options['storageStats'] === undefined ? {} : { storageStats }),
    ...(options['count'] === undefined ? {} : { count: countOf(context) }),
  }
}

function countOf(context: CommandContext): unknown {
  const name = collectionName(context)
  const collection = context.server.store.collection(context.database, name)
  if (!collection)
    throw new CommandError(
      'NamespaceNotFound',
      `Unable to retrieve count in $collStats stage :: caused by :: Collection [${context.database}.${name}] not found.`,
    )
  return integer(collection.count())
}
