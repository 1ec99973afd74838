import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { compileProjector } from '../query/projection.ts'
import { parseProjection } from '../query/parse-projection.ts'
import { expressionCompiler } from './compile-expression.ts'
import type { Expression } from './expression.ts'
import { resolveFieldPath } from './field-path.ts'
import type { StageCompiler, StageEnvironment } from './stage.ts'
import { mapStage } from './stage.ts'

/** Stages that change the shape of each document: `$project`, `$addFields`, `$unset`, `$replaceRoot`, `$unwind`. */

export const project: StageCompiler = (operand, environment) => {
  const document = asDocument(operand)
  if (!document) throw new CommandError('BadValue', '$project specification must be an object')
  const parsed = parseProjection(document)
  if (!parsed)
    throw new CommandError(
      'BadValue',
      'Invalid $project :: caused by :: projection specification must have at least one field',
    )
  const compiled = new Map<unknown, Expression>()
  const evaluate = (target: BsonDocument, expression: unknown): unknown => {
    let run = compiled.get(expression)
    if (!run) compiled.set(expression, (run = environment.expressions.compile(expression)))
    return run(target)
  }
  // Reports faults of the expressions before any document arrives.
  for (const node of parsed.tree.values())
    if (node.kind === 'computed') environment.expressions.compile(node.expression)
  return mapStage(
    compileProjector(parsed, {
      compileExpression: expressionCompiler(environment.expressions.variables),
      evaluate,
      filter: { kind: 'and', children: [] },
    }),
  )
}

export const addFields: StageCompiler = (operand, environment) => {
  const document = asDocument(operand)
  if (!document || Object.keys(document).length === 0)
    throw new CommandError('BadValue', '$addFields specification stage must be an object with at least one field')
  const fields = flattenFields(document, [], environment)
  return mapStage((input) => {
    let result = input
    for (const { parts, expression } of fields) result = withField(result, parts, expression(input)) as BsonDocument
    return result
  })
}

interface AddedField {
  readonly parts: readonly string[]
  readonly expression: Expression
}

/** `{ a: { b: '$x' } }` sets `a.b` and keeps the other fields of `a`. */
function flattenFields(document: BsonDocument, prefix: readonly string[], environment: StageEnvironment): AddedField[] {
  return Object.entries(document).flatMap(([name, value]) => {
    const parts = [...prefix, ...name.split('.')]
    if (parts.some((part) => part === '' || part.startsWith('$')))
      throw new CommandError('BadValue', `Invalid field path '${parts.join('.')}'`)
    const nested = asDocument(value)
    const isObject = nested && Object.keys(nested).length > 0 && !Object.keys(nested)[0]!.startsWith('$')
    return isObject
      ? flattenFields(nested, parts, environment)
      : [{ parts, expression: environment.expressions.compile(value) }]
  })
}

/** A copy with one path replaced; arrays on the way get it in each item. A missing value removes the field. */
function withField(target: unknown, parts: readonly string[], value: unknown): unknown {
  const [name, ...rest] = parts
  if (name === undefined) return value
  if (Array.isArray(target)) return target.map((item) => withField(item, parts, value))
  const copy = { ...asDocument(target) }
  const next = withField(copy[name], rest, value)
  if (next === undefined) delete copy[name]
  else copy[name] = next
  return copy
}

export const unset: StageCompiler = (operand, environment) => {
  const paths = Array.isArray(operand) ? operand : [operand]
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string' && path !== '')) {
    throw new CommandError('BadValue', '$unset specification must be a string or an array of non-empty strings')
  }
  return project(Object.fromEntries(paths.map((path: string) => [path, false])), environment)
}

export const replaceRoot: StageCompiler = (operand, environment) => {
  const newRoot = asDocument(operand)?.['newRoot']
  if (newRoot === undefined)
    throw new CommandError('Location40414', "BSON field '$replaceRoot.newRoot' is missing but a required field")
  return replaceWith(newRoot, environment)
}

export const replaceWith: StageCompiler = (operand, environment) => {
  const expression = environment.expressions.compile(operand)
  return mapStage((input) => {
    const result = asDocument(expression(input))
    if (!result) throw new CommandError('BadValue', "'newRoot' expression must evaluate to an object")
    return result
  })
}

export const unwind: StageCompiler = (operand) => {
  const options: BsonDocument = typeof operand === 'string' ? { path: operand } : (asDocument(operand) ?? {})
  const path = options['path']
  if (typeof path !== 'string' || !path.startsWith('$') || path.length < 2)
    throw new CommandError('BadValue', "path option to $unwind stage should be prefixed with a '$'")
  const parts = path.slice(1).split('.')
  const keepEmpty = options['preserveNullAndEmptyArrays'] === true
  const indexField = options['includeArrayIndex']
  const withIndex = (document: BsonDocument, index: number | null): BsonDocument =>
    typeof indexField === 'string' ? (withField(document, indexField.split('.'), index) as BsonDocument) : document
  return function* (input) {
    for (const document of input) {
      const value = resolveFieldPath(document, parts)
      if (Array.isArray(value) && value.length > 0) {
        for (const [index, item] of value.entries())
          yield withIndex(withField(document, parts, item) as BsonDocument, index)
      } else if (Array.isArray(value)) {
        if (keepEmpty) yield withIndex(withField(document, parts, undefined) as BsonDocument, null)
      } else if (keepEmpty || (value !== null && value !== undefined)) {
        yield withIndex(document, null)
      }
    }
  }
}
