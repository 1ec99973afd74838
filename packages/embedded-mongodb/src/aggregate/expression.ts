import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { resolveFieldPath } from './field-path.ts'
import { assertKnownOperators, MingoEvaluator, promote } from './mingo-bridge.ts'

/** A compiled expression; `undefined` means missing. */
export type Expression = (document: BsonDocument) => unknown

/**
 * Compiles the expressions of one command. Field paths, constants and object shapes are read from the document as it is
 * stored, so their types survive; operators are evaluated by mingo.
 */
export class ExpressionCompilation {
  readonly variables: BsonDocument
  private readonly now = new Date()
  private evaluator: MingoEvaluator | undefined

  constructor(variables: BsonDocument = {}) {
    this.variables = variables
  }

  compile(expression: unknown): Expression {
    if (typeof expression === 'string' && expression.startsWith('$')) return this.compilePath(expression)
    if (Array.isArray(expression)) {
      const items = expression.map((item) => this.compile(item))
      return (document) => items.map((item) => item(document) ?? null)
    }
    const object = asDocument(expression)
    if (!object) return () => expression
    const [first] = Object.keys(object)
    return first?.startsWith('$') ? this.compileOperator(first, object) : this.compileObject(object)
  }

  private compileObject(object: BsonDocument): Expression {
    const fields = Object.entries(object).map(([name, value]) => [name, this.compile(value)] as const)
    return (document) => {
      const result: BsonDocument = {}
      for (const [name, field] of fields) {
        const value = field(document)
        if (value !== undefined) result[name] = value
      }
      return result
    }
  }

  private compileOperator(name: string, object: BsonDocument): Expression {
    if (Object.keys(object).length > 1) {
      throw new CommandError(
        'FailedToParse',
        `an expression specification must contain exactly one field, the name of the expression. Found ${Object.keys(object).length} fields`,
      )
    }
    if (name === '$literal') return () => object[name]
    assertKnownOperators(object)
    const promoted = promote(object)
    return (document) => {
      this.evaluator ??= new MingoEvaluator(this.variables)
      return this.evaluator.evaluate(document, promoted)
    }
  }

  private compilePath(path: string): Expression {
    if (!path.startsWith('$$')) {
      const parts = path.slice(1).split('.')
      if (parts.includes('')) throw new CommandError('BadValue', `'${path}' is not a valid field path`)
      return (document) => resolveFieldPath(document, parts)
    }
    const [name = '', ...parts] = path.slice(2).split('.')
    if (name === 'ROOT' || name === 'CURRENT') return (document) => resolveFieldPath(document, parts)
    if (name === 'REMOVE') return () => undefined
    if (name === 'NOW') return () => this.now
    if (!Object.hasOwn(this.variables, name))
      throw new CommandError('Location17276', `Use of undefined variable: ${name}`)
    return () => resolveFieldPath(this.variables[name], parts)
  }
}
