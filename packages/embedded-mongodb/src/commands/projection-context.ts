import { compileExpression } from '../aggregate/compile-expression.ts'
import type { Expression } from '../aggregate/expression.ts'
import { ExpressionCompilation } from '../aggregate/expression.ts'
import type { ProjectionContext } from '../query/projection.ts'
import type { Query } from '../query/query.ts'

/** Lets the projection of a `find` or `findAndModify` use expressions and the filter's positional match. */
export function projectionContext(query: Query): ProjectionContext {
  const expressions = new ExpressionCompilation()
  const compiled = new Map<unknown, Expression>()
  return {
    compileExpression,
    filter: query.tree,
    evaluate: (document, expression) => {
      let run = compiled.get(expression)
      if (!run) compiled.set(expression, (run = expressions.compile(expression)))
      return run(document)
    },
  }
}
