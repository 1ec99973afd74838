import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { FilterNode } from '../query/filter-tree.ts'
import { isArrayIndex } from '../query/path-walk.ts'
import { showValue } from '../bson/show-value.ts'
import type { ArrayFilters } from './array-filters.ts'
import { arrayOperators } from './array-operators.ts'
import type { FieldOperator } from './field-operators.ts'
import { fieldOperators, unchanged } from './field-operators.ts'
import type { PathParts } from './update-path.ts'
import { concretePaths, isPositional, readPath, removePath, writePath } from './update-path.ts'

interface FieldChange {
  readonly path: string
  readonly parts: PathParts
  readonly operator: string
  readonly apply: FieldOperator | undefined
  /** `$rename`: where the value comes from. */
  readonly source?: PathParts
}

export interface UpdateRun {
  /** The filter that selected the document: `$` needs it. */
  readonly query: FilterNode
  readonly isInsert: boolean
}

const operatorFactories = { ...fieldOperators, ...arrayOperators }

/** Compiles `{ $set: …, $inc: … }`. The returned function changes the decoded document in place. */
export function compileOperatorUpdate(
  update: BsonDocument,
  filters: ArrayFilters,
): (document: BsonDocument, run: UpdateRun) => void {
  const changes = Object.entries(update).flatMap(([operator, fields]) => parseOperator(operator, fields, filters))
  filters.assertAllUsed()
  assertNoConflict(changes)
  // Fields are created in this order: by name, numbers by value.
  changes.sort((a, b) => comparePaths(a.parts, b.parts))
  return (document, run) => {
    for (const change of changes) {
      if (change.operator === '$setOnInsert' && !run.isInsert) continue
      if (change.source) applyRename(document, change.source, change.parts)
      else applyChange(document, change, filters, run)
    }
  }
}

function parseOperator(operator: string, fields: unknown, filters: ArrayFilters): FieldChange[] {
  if (!(operator in operatorFactories) && operator !== '$unset' && operator !== '$rename') {
    throw new CommandError(
      'FailedToParse',
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    )
  }
  const document = asDocument(fields)
  if (!document) {
    throw new CommandError(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${typeof fields} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${showValue(fields)}}`,
    )
  }
  return Object.entries(document).map(([path, operand]) => {
    const parts = parsePath(path, filters)
    if (operator === '$rename') return parseRename(path, operand)
    const apply = operator === '$unset' ? undefined : operatorFactories[operator]!(operand, path)
    return { path, parts, operator, apply }
  })
}

function parsePath(path: string, filters: ArrayFilters): string[] {
  if (path === '') throw new CommandError('EmptyFieldName', 'An empty update path is not valid.')
  const parts = path.split('.')
  parts.forEach((part, position) => {
    if (part === '')
      throw new CommandError(
        'EmptyFieldName',
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      )
    if (isPositional(part)) {
      if (position === 0)
        throw new CommandError(
          'BadValue',
          `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
        )
      if (part !== '$') filters.use(part.slice(2, -1), path)
    } else if (part.startsWith('$') && position === 0) {
      throw new CommandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
  })
  return parts
}

function parseRename(from: string, to: unknown): FieldChange {
  if (typeof to !== 'string')
    throw new CommandError('BadValue', `The 'to' field for $rename must be a string: ${from}: ${showValue(to)}`)
  if (to === from)
    throw new CommandError('BadValue', `The source and target field for $rename must differ: ${from}: "${to}"`)
  if ([...from.split('.'), ...to.split('.')].some((part) => part === '' || isPositional(part))) {
    throw new CommandError(
      'BadValue',
      `The source and target field for $rename must not be dynamic or empty: ${from}: "${to}"`,
    )
  }
  return { path: to, parts: to.split('.'), operator: '$rename', apply: undefined, source: from.split('.') }
}

function assertNoConflict(changes: readonly FieldChange[]): void {
  const paths = changes
    .flatMap((change) => (change.source ? [change.path, change.source.join('.')] : [change.path]))
    .toSorted()
  const seen = new Set<string>()
  for (const path of paths) {
    const parts = path.split('.')
    const conflict = parts.map((_, end) => parts.slice(0, end + 1).join('.')).find((prefix) => seen.has(prefix))
    if (conflict !== undefined) {
      throw new CommandError(
        'ConflictingUpdateOperators',
        `Updating the path '${path}' would create a conflict at '${conflict}'`,
      )
    }
    seen.add(path)
  }
}

function comparePaths(a: PathParts, b: PathParts): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!]
    if (x === y) continue
    if (isArrayIndex(x) && isArrayIndex(y)) return Number(x) - Number(y)
    return x < y ? -1 : 1
  }
  return a.length - b.length
}

function applyChange(document: BsonDocument, change: FieldChange, filters: ArrayFilters, run: UpdateRun): void {
  for (const parts of concretePaths(document, change.parts, filters, run.query)) {
    if (!change.apply) {
      removePath(document, parts)
      continue
    }
    const result = change.apply(readPath(document, parts), { path: parts.join('.'), documentId: document['_id'] })
    if (result !== unchanged) writePath(document, parts, result)
  }
}

function applyRename(document: BsonDocument, source: PathParts, target: PathParts): void {
  for (const parts of [source, target]) {
    for (let end = 1; end < parts.length; end++) {
      if (Array.isArray(readPath(document, parts.slice(0, end)))) {
        throw new CommandError(
          'BadValue',
          `The source and destination field of $rename cannot be an array element: '${parts.join('.')}'`,
        )
      }
    }
  }
  const value = readPath(document, source)
  if (value === undefined) return
  removePath(document, source)
  writePath(document, target, value)
}
