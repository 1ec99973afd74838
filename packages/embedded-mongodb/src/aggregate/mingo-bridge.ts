import { Double, Int32, Long } from 'bson'
import { Context, evalExpr, OpType } from 'mingo/core'
import * as accumulatorOperators from 'mingo/operators/accumulator'
import * as expressionOperators from 'mingo/operators/expression'
import * as pipelineOperators from 'mingo/operators/pipeline'
import * as projectionOperators from 'mingo/operators/projection'
import * as queryOperators from 'mingo/operators/query'
import * as windowOperators from 'mingo/operators/window'
import type { Options } from 'mingo/types'
import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { accumulatorOverrides } from './accumulator-overrides.ts'
import { expressionOverrides } from './expression-overrides.ts'

/** Where values enter and leave mingo: it calculates with plain numbers, the server with BSON classes. */

let captured: Options | undefined

/** Operators added first win over the ones added later. */
const context = Context.init({ expression: {} })
  .addExpressionOps({
    ...expressionOverrides,
    // Gives access to mingo's own option object; see `expressionOptions`.
    $captureOptions: (_document: unknown, _expression: unknown, options: Options) => (captured = options),
  })
  .addExpressionOps(expressionOperators)
  .addAccumulatorOps(accumulatorOverrides)
  .addAccumulatorOps(accumulatorOperators)
  .addPipelineOps(pipelineOperators)
  .addProjectionOps(projectionOperators)
  .addQueryOps(queryOperators)
  .addWindowOps(windowOperators)

/** Options for mingo's aggregator and evaluator. No JavaScript runs inside the server (`$function`, `$where`). */
export function mingoOptions(variables: BsonDocument = {}): Partial<Options> {
  return { context, scriptEnabled: false, useStrictMode: true, failOnError: true, variables }
}

/**
 * mingo builds its option object anew for every evaluation unless it is given one of its own, which it does not
 * export. Letting an operator capture it once makes an evaluation about ten times cheaper.
 */
function expressionOptions(variables: BsonDocument): Options & { update(locals: BsonDocument): Options } {
  evalExpr({}, { $captureOptions: 1 }, mingoOptions(variables) as Options)
  return captured as Options & { update(locals: BsonDocument): Options }
}

/** Evaluates operator expressions over promoted values. One instance serves one command, so `$$NOW` is constant. */
export class MingoEvaluator {
  private readonly options: ReturnType<typeof expressionOptions>
  private readonly promoted = new WeakMap<object, unknown>()

  constructor(variables: BsonDocument = {}) {
    this.options = expressionOptions(promote(variables) as BsonDocument)
  }

  /** `expression` must have been promoted; the document is promoted here, once. */
  evaluate(document: BsonDocument, expression: unknown): unknown {
    let root = this.promoted.get(document)
    if (!root) {
      root = promote(document)
      this.promoted.set(document, root)
    }
    return evalExpr(root, expression, this.options.update({ root }))
  }

  /** Runs an accumulator expression over promoted documents. */
  accumulate(documents: readonly unknown[], expression: BsonDocument): unknown {
    return evalExpr(documents, expression, this.options.update({ root: null }))
  }
}

export function isExpressionOperator(name: string): boolean {
  return context.getOperator(OpType.EXPRESSION, name) !== null || context.getOperator(OpType.ACCUMULATOR, name) !== null
}

export function isAccumulator(name: string): boolean {
  return context.getOperator(OpType.ACCUMULATOR, name) !== null
}

/** A deep copy with plain numbers in place of `Int32`, `Double` and longs that a number can hold exactly. */
export function promote(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(promote)
  if (value instanceof Int32 || value instanceof Double) return value.value
  if (value instanceof Long && (value as { _bsontype: string })._bsontype === 'Long') {
    const number = value.toNumber()
    return Number.isSafeInteger(number) ? number : value
  }
  const document = asDocument(value)
  if (!document) return value
  const copy: BsonDocument = {}
  for (const name of Object.keys(document)) copy[name] = promote(document[name])
  return copy
}

/** Reports operators that do not exist, even where no document would reach them. */
export function assertKnownOperators(expression: unknown): void {
  if (Array.isArray(expression)) return expression.forEach(assertKnownOperators)
  const document = asDocument(expression)
  if (!document) return
  for (const [name, operand] of Object.entries(document)) {
    if (name === '$literal') continue
    if (name.startsWith('$') && !isExpressionOperator(name)) {
      throw new CommandError('InvalidPipelineOperator', `Unrecognized expression '${name}'`)
    }
    assertKnownOperators(operand)
  }
}
