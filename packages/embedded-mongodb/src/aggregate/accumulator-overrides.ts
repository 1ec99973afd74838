import { Double, Int32 } from 'bson'
import { evalExpr } from 'mingo/core'
import type { Options } from 'mingo/types'
import { calculate, divideDecimal } from '../bson/arithmetic.ts'
import { compareValues } from '../bson/compare.ts'
import type { Numeric } from '../bson/numeric.ts'
import { isNumeric, numberKind, toDouble } from '../bson/numeric.ts'
import { toPlain } from './expression-overrides.ts'

/** a + b; a long that overflows becomes a double, as in the server's expressions. */
export function addNumbers(a: Numeric, b: Numeric): Numeric {
  return calculate('add', a, b) ?? new Double(toDouble(a) + toDouble(b))
}

/** total ÷ count, as a decimal when the total is one. */
export function meanOf(total: Numeric, count: number): Numeric {
  return numberKind(total) === 'decimal' ? divideDecimal(total, new Int32(count)) : new Double(toDouble(total) / count)
}

/**
 * Accumulators that replace mingo's, which pass over Decimal128 and 64-bit values. They serve `$bucketAuto` and
 * `$setWindowFields`, and expressions such as `{ $sum: '$items.price' }`.
 */
export type AccumulatorOperator = (documents: readonly unknown[], expression: unknown, options: Options) => unknown

/** In expressions mingo passes the evaluated values and no expression; in stages the documents of the group. */
function valuesOf(documents: readonly unknown[], expression: unknown, options: Options): readonly unknown[] {
  if (expression === null || expression === undefined) return documents
  const scope = options as Options & { update(locals: { root: unknown }): Options }
  const values = documents.map((document) => evalExpr(document, expression, scope.update({ root: document })))
  scope.update({ root: null })
  return values
}

function extreme(side: 1 | -1): AccumulatorOperator {
  return (documents, expression, options) => {
    const values = valuesOf(documents, expression, options).filter((value) => value !== null && value !== undefined)
    if (values.length === 0) return null
    return values.reduce((best, value) => (compareValues(value, best) * side > 0 ? value : best))
  }
}

export const accumulatorOverrides: Record<string, AccumulatorOperator> = {
  $sum: (documents, expression, options) =>
    toPlain(valuesOf(documents, expression, options).filter(isNumeric).reduce<Numeric>(addNumbers, new Int32(0))),
  $avg: (documents, expression, options) => {
    const numbers = valuesOf(documents, expression, options).filter(isNumeric)
    return numbers.length === 0
      ? null
      : toPlain(meanOf(numbers.reduce<Numeric>(addNumbers, new Int32(0)), numbers.length))
  },
  $min: extreme(-1),
  $max: extreme(1),
}
