import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { choosePlan } from '../planner/choose-plan.ts'
import type { FindRequest } from '../planner/find-rows.ts'
import { runPlan } from '../planner/find-rows.ts'
import type { Interval } from '../planner/interval.ts'
import type { IndexScanPlan, Plan } from '../planner/plan.ts'
import { parseSort } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { keyPattern } from '../storage/index-definition.ts'
import { splitPipeline } from './aggregate.ts'
import type { CommandContext, CommandHandler } from './context.ts'
import { makeQuery } from './context.ts'
import { findRequest } from './find.ts'

/** `explain`: the plan that the command would run, from the planner that runs it. */
export const explain: CommandHandler = (context) => {
  const inner = asDocument(context.command['explain'])
  const [name] = Object.keys(inner ?? {})
  if (!inner || name === undefined) throw new CommandError('BadValue', 'explain command requires a nested object')
  const request = explainedRequest(name, inner)
  const collection = context.server.store.collection(context.database, String(inner[name]))
  const plan: Plan | undefined =
    collection && choosePlan(context.server.store.sqlite, collection, request.query, request.sort, request.hint)
  const namespace = `${context.database}.${String(inner[name])}`
  return {
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: request.query.filter,
      winningPlan: plan ? describePlan(plan, request) : { stage: 'EOF' },
      rejectedPlans: [],
    },
    ...(context.command['verbosity'] === 'queryPlanner' ? {} : executionStats(context, collection, plan, request)),
    command: { ...inner, $db: context.database },
  }
}

function explainedRequest(name: string, command: BsonDocument): FindRequest {
  const plain = (filter: unknown, limit: number): FindRequest => ({
    query: makeQuery(filter),
    sort: [],
    skip: 0,
    limit,
    hint: command['hint'],
  })
  switch (name) {
    case 'find':
      return findRequest(command)
    case 'count':
    case 'distinct':
      return plain(command['query'], 0)
    case 'aggregate':
      return splitPipeline((command['pipeline'] as BsonDocument[] | undefined) ?? [], {}, command['hint']).request
    case 'findAndModify':
    case 'findandmodify':
      return { ...plain(command['query'], 1), sort: parseSort(command['sort']) }
    case 'update':
    case 'delete': {
      const [operation] = (command[`${name}s`] as unknown[] | undefined) ?? []
      return plain(asDocument(operation)?.['q'], 0)
    }
    default:
      throw new CommandError('CommandNotFound', `Explain failed due to unknown command: ${name}`)
  }
}

function describePlan(plan: Plan, request: FindRequest): BsonDocument {
  let stage: BsonDocument = describeScan(plan, request)
  if (!plan.providesSort) {
    const sortPattern = Object.fromEntries(request.sort.map((field) => [field.path, new Int32(field.direction)]))
    if (request.sort.length > 0) stage = { stage: 'SORT', sortPattern, inputStage: stage }
  }
  if (request.skip > 0) stage = { stage: 'SKIP', skipAmount: new Int32(request.skip), inputStage: stage }
  if (request.limit > 0) stage = { stage: 'LIMIT', limitAmount: new Int32(request.limit), inputStage: stage }
  return stage
}

function describeScan(plan: Plan, request: FindRequest): BsonDocument {
  const filter = plan.exact ? {} : { filter: request.query.filter }
  if (plan.kind === 'collection') return { stage: 'COLLSCAN', ...filter, direction: 'forward' }
  if (plan.kind === 'index') return { stage: 'FETCH', ...filter, inputStage: describeIndexScan(plan) }
  return { stage: 'FETCH', ...filter, inputStage: { stage: 'OR', inputStages: plan.branches.map(describeIndexScan) } }
}

function describeIndexScan(plan: IndexScanPlan): BsonDocument {
  const { definition, multikey } = plan.index
  return {
    stage: 'IXSCAN',
    keyPattern: keyPattern(definition),
    indexName: definition.name,
    isMultiKey: multikey,
    isUnique: definition.unique || plan.index.isIdIndex,
    isSparse: definition.sparse,
    isPartial: definition.partialFilter !== undefined,
    direction: plan.direction === 1 ? 'forward' : 'backward',
    indexBounds: Object.fromEntries(
      plan.bounds.map(({ path, intervals }) => [path, intervals.slice(0, 20).map(describeInterval)]),
    ),
  }
}

/** Bounds as hexadecimal keys: exact, and enough to compare two plans. */
function describeInterval({ low, high, point }: Interval): string {
  if (point) return `[${low.bytes.toString('hex')}]`
  return `${low.inclusive ? '[' : '('}${low.bytes.toString('hex')}, ${high.bytes.toString('hex')}${high.inclusive ? ']' : ')'}`
}

function executionStats(
  context: CommandContext,
  collection: Collection | undefined,
  plan: Plan | undefined,
  request: FindRequest,
): BsonDocument {
  const statistics = { keysExamined: 0, documentsExamined: 0 }
  const started = performance.now()
  let returned = 0
  if (collection && plan) {
    for (const _row of runPlan(context.server.store.sqlite, collection, plan, { ...request, statistics })) returned += 1
  }
  return {
    executionStats: {
      executionSuccess: true,
      nReturned: new Int32(returned),
      executionTimeMillis: new Int32(Math.round(performance.now() - started)),
      totalKeysExamined: new Int32(statistics.keysExamined),
      totalDocsExamined: new Int32(statistics.documentsExamined),
    },
  }
}
