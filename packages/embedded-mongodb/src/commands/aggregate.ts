import type { BsonDocument } from '../bson/codec.ts'
import { encode } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { countingGroup, integer, stageCount } from '../aggregate/flow-stages.ts'
import type { CollectionReader } from '../aggregate/pipeline.ts'
import { compilePipeline, parseStages } from '../aggregate/pipeline.ts'
import { expressionCompiler } from '../aggregate/compile-expression.ts'
import { CommandError } from '../errors.ts'
import type { FindRequest } from '../planner/find-rows.ts'
import { countRows, findDocuments } from '../planner/find-rows.ts'
import { Query } from '../query/query.ts'
import { parseSort } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { collStatsDocument } from './coll-stats-stage.ts'
import type { CommandContext, CommandHandler } from './context.ts'
import { collectionName, countOption, letVariables, makeQuery, refuseCollation } from './context.ts'
import { firstBatchSize } from './cursor-registry.ts'

/** The part of a pipeline that the planner runs, and the stages that remain. */
interface SplitPipeline {
  readonly request: FindRequest
  readonly rest: BsonDocument[]
}

/** `aggregate`: the leading `$match`, `$sort`, `$skip` and `$limit` use indexes; the rest streams over the documents. */
export const aggregate: CommandHandler = (context) => {
  const { command, server, database } = context
  refuseCollation(command['collation'])
  const cursorOptions = asDocument(command['cursor'])
  if (!cursorOptions)
    throw new CommandError(
      'FailedToParse',
      "The 'cursor' option is required, except for aggregate with the explain argument",
    )
  const variables = letVariables(command)
  parseStages(command['pipeline'])
  const pipeline = command['pipeline'] as BsonDocument[]
  if (typeof command['aggregate'] !== 'string') refuseWholeDatabase(pipeline)
  const name = collectionName(context)
  const collection = server.store.collection(database, name)
  const documents = run(context, collection, pipeline, variables)
  const batchSize = countOption(cursorOptions, 'batchSize', firstBatchSize)
  return {
    cursor: server.cursors.open(`${database}.${name}`, encodeAll(documents), context.connectionId, batchSize, false),
  }
}

/** The stages that read no collection are all unsupported: any other one has nothing to read. */
function refuseWholeDatabase(pipeline: readonly BsonDocument[]): never {
  const [first] = Object.keys(pipeline[0] ?? {})
  throw new CommandError(
    'InvalidNamespace',
    first === undefined
      ? '{aggregate: 1} is not valid for an empty pipeline.'
      : `{aggregate: 1} is not valid for '${first}'; a collection is required.`,
  )
}

function run(
  context: CommandContext,
  collection: Collection | undefined,
  pipeline: BsonDocument[],
  variables: BsonDocument,
): Iterable<BsonDocument> {
  const read = collectionReader(context)
  if (pipeline[0] && '$collStats' in pipeline[0]) {
    const rest = compilePipeline(pipeline.slice(1), read, variables)
    return rest([collStatsDocument(context, pipeline[0]['$collStats'])])
  }
  // Compiled whole, so that a fault in any stage is reported also for an empty collection.
  compilePipeline(pipeline, read, variables)
  const { request, rest } = splitPipeline(pipeline, variables, context.command['hint'])
  if (!collection) return compilePipeline(rest, read, variables)([])
  return (
    countFast(context, collection, request, rest) ??
    compilePipeline(rest, read, variables)(findDocuments(context.server.store.sqlite, collection, request))
  )
}

/** `countDocuments` counts without decoding: by index alone when the bounds express the filter. */
function countFast(
  context: CommandContext,
  collection: Collection,
  request: FindRequest,
  rest: BsonDocument[],
): BsonDocument[] | undefined {
  const counting = rest.length === 1 ? countingGroup(rest[0]!['$group']) : undefined
  if (!counting || request.sort.length > 0) return undefined
  const all = countRows(context.server.store.sqlite, collection, request.query, request.hint)
  const afterSkip = Math.max(all - request.skip, 0)
  const counted = request.limit > 0 ? Math.min(afterSkip, request.limit) : afterSkip
  return counted === 0 ? [] : [{ _id: counting.id, [counting.field]: integer(counted) }]
}

/** Takes `$match`* `$sort`? `$skip`? `$limit`? off the front; `explain` uses it too. */
export function splitPipeline(
  pipeline: readonly BsonDocument[],
  variables: BsonDocument,
  hint: unknown,
): SplitPipeline {
  let position = 0
  const next = (name: string): unknown => {
    const operand = pipeline[position]?.[name]
    if (operand !== undefined) position += 1
    return operand
  }
  const filters: BsonDocument[] = []
  for (let filter = next('$match'); filter !== undefined; filter = next('$match'))
    filters.push(asDocument(filter) ?? {})
  const sort = parseSort(next('$sort'))
  const skip = next('$skip')
  const limit = next('$limit')
  const filter = filters.length === 1 ? filters[0]! : filters.length === 0 ? {} : { $and: filters }
  return {
    request: {
      query: new Query(filter, expressionCompiler(variables)),
      sort,
      skip: skip === undefined ? 0 : stageCount('$skip', skip, 0),
      limit: limit === undefined ? 0 : stageCount('$limit', limit, 1),
      hint,
      batchSize: 512,
    },
    rest: pipeline.slice(position),
  }
}

function collectionReader(context: CommandContext): CollectionReader {
  const { store } = context.server
  return function* (name, filter) {
    const collection = store.collection(context.database, name)
    if (collection)
      yield* findDocuments(store.sqlite, collection, { query: makeQuery(filter), sort: [], skip: 0, limit: 0 })
  }
}

function* encodeAll(documents: Iterable<BsonDocument>): Generator<Buffer> {
  for (const document of documents) yield encode(document)
}
