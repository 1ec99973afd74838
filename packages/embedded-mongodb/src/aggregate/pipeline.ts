import { Aggregator } from 'mingo/aggregator'
import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { ExpressionCompilation } from './expression.ts'
import { bucket } from './bucket-stage.ts'
import { count, facet, limit, match, sample, skip, sort, sortByCount } from './flow-stages.ts'
import { group } from './group-stage.ts'
import { lookup, unionWith } from './join-stages.ts'
import { mingoOptions, promote } from './mingo-bridge.ts'
import { addFields, project, replaceRoot, replaceWith, unset, unwind } from './shape-stages.ts'
import type { Stage, StageCompiler, StageEnvironment } from './stage.ts'

const ownStages: Record<string, StageCompiler> = {
  $match: match,
  $sort: sort,
  $skip: skip,
  $limit: limit,
  $count: count,
  $sample: sample,
  $sortByCount: sortByCount,
  $facet: facet,
  $group: group,
  $bucket: bucket,
  $project: project,
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
  $unwind: unwind,
  $lookup: lookup,
  $unionWith: unionWith,
  $collStats: () => {
    throw new CommandError('Location40602', '$collStats is only valid as the first stage in a pipeline.')
  },
}

/** Stages that mingo runs whole, over plain numbers. Its other stages differ from MongoDB and are not used. */
const mingoStages = new Set(['$bucketAuto', '$setWindowFields'])

const knownButUnsupported = new Set([
  '$densify',
  '$fill',
  '$redact',
  '$documents',
  '$graphLookup',
  '$merge',
  '$out',
  '$geoNear',
  '$indexStats',
  '$planCacheStats',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$currentOp',
  '$listSessions',
  '$listLocalSessions',
  '$queryStats',
])

/** How inner pipelines reach other collections. */
export type CollectionReader = StageEnvironment['find']

/** Compiles a pipeline; unknown stages and operators are reported before any document is read. */
export function compilePipeline(pipeline: unknown, find: CollectionReader, variables: BsonDocument = {}): Stage {
  const expressions = new ExpressionCompilation(variables)
  const environment: StageEnvironment = {
    expressions,
    find,
    compile: (inner, added) => compilePipeline(inner, find, { ...variables, ...added }),
  }
  const stages = parseStages(pipeline).map(([name, operand]) => compileStage(name, operand, environment))
  return (input) => stages.reduce<Iterable<BsonDocument>>((documents, stage) => stage(documents), input)
}

/** The stages as [name, operand] pairs. */
export function parseStages(pipeline: unknown): [string, unknown][] {
  if (!Array.isArray(pipeline))
    throw new CommandError('TypeMismatch', "'pipeline' option must be specified as an array")
  return pipeline.map((stage) => {
    const entries = Object.entries(asDocument(stage) ?? {})
    if (entries.length !== 1)
      throw new CommandError('Location40323', 'A pipeline stage specification object must contain exactly one field.')
    const [name, operand] = entries[0]!
    assertKnownStage(name)
    return [name, operand]
  })
}

function assertKnownStage(name: string): void {
  if (name in ownStages || mingoStages.has(name)) return
  if (name === '$changeStream')
    throw new CommandError('Location40573', 'The $changeStream stage is only supported on replica sets')
  if (knownButUnsupported.has(name))
    throw new CommandError('NotImplemented', `The ${name} stage is not supported by the embedded database`)
  throw new CommandError('Location40324', `Unrecognized pipeline stage name: '${name}'`)
}

function compileStage(name: string, operand: unknown, environment: StageEnvironment): Stage {
  const own = ownStages[name]
  if (own) return own(operand, environment)
  const aggregator = new Aggregator([{ [name]: promote(operand) }], {
    ...mingoOptions(promote(environment.expressions.variables) as BsonDocument),
    collectionResolver: (collection) =>
      [...environment.find(collection, {})].map((document) => promote(document) as BsonDocument),
  })
  return (input) => aggregator.run([...input].map((document) => promote(document) as BsonDocument))
}
