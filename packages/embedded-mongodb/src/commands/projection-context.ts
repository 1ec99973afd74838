import { expressionCompiler } from '../aggregate/compile-expression.ts'
import type { Expression } from '../aggregate/expression.ts'
import { ExpressionCompilation } from '../aggregate/expression.ts'
import type { BsonDocument } from '../bson/codec.ts'
import type { ProjectionContext } from '../query/projection.ts'
import type { Query } from '../query/query.ts'

/** Lets the projection of a `find` or `findAndModify` use expressions and the filter's positional match. */
export function projectionContext(query: Query, variables: BsonDocument): ProjectionContext {
  const expressions = new ExpressionCompilation(variables)
  const compiled = new Map<unknown, Expression>()
  return {
    compileExpression: expressionCompiler(variables),
    filter: query.tree,
    evaluate: (document, expression) => {
      let run = compiled.get(expression)
      if (!run) compiled.set(expression, (run = expressions.compile(expression)))
      return run(document)
    },
  }
}
