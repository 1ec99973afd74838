import type { BsonDocument } from '../bson/codec.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { ExpressionCompiler } from '../query/compile-filter.ts'
import { ExpressionCompilation } from './expression.ts'

/** Makes the compiler for `$expr`: a document matches when the result is neither false, null, 0 nor missing. */
export function expressionCompiler(variables: BsonDocument = {}): ExpressionCompiler {
  return (expression) => {
    const compiled = new ExpressionCompilation(variables).compile(expression)
    return (document) => isTruthy(compiled(document))
  }
}

export const compileExpression: ExpressionCompiler = expressionCompiler()

function isTruthy(value: unknown): boolean {
  if (isNumeric(value)) return toDouble(value) !== 0
  return value !== false && value !== null && value !== undefined
}
