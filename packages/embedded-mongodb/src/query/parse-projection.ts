import type { BsonDocument } from '../bson/codec.ts'
import { isNumeric, toDouble, toInteger } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'

/** What happens to one field; a `Map` holds the fields below it. */
export type ProjectionNode =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'tree'; readonly children: ProjectionTree }
  | { readonly kind: 'slice'; readonly skip: number | undefined; readonly limit: number }
  | { readonly kind: 'elemMatch'; readonly filter: BsonDocument }
  | { readonly kind: 'positional' }
  | { readonly kind: 'computed'; readonly expression: unknown }

export type ProjectionTree = ReadonlyMap<string, ProjectionNode>

export interface ParsedProjection {
  readonly inclusive: boolean
  readonly includesId: boolean
  readonly tree: ProjectionTree
  /** Only whole top-level fields: the projection can be done on encoded documents. */
  readonly simple: boolean
  /** Expressions occur: `find` evaluates them, `$project` leaves the stage to the aggregation library. */
  readonly computed: boolean
}

type MutableTree = Map<string, ProjectionNode>

/** Parses a projection; undefined when it keeps everything. Throws MongoDB's errors for mixed or colliding paths. */
export function parseProjection(projection: BsonDocument | undefined): ParsedProjection | undefined {
  if (!projection || Object.keys(projection).length === 0) return undefined
  const fields = flatten(projection, '')
  const inclusive = isInclusive(fields)
  const tree: MutableTree = new Map()
  let includesId = true
  for (const [path, node] of fields) {
    if (path === '_id' && (node.kind === 'include' || node.kind === 'exclude')) includesId = node.kind === 'include'
    else addPath(tree, path, checkedMode(path, node, inclusive))
  }
  const kinds = [...tree.values()].map((node) => node.kind)
  return {
    inclusive,
    includesId,
    tree,
    simple: kinds.every((kind) => kind === 'include' || kind === 'exclude'),
    computed: fields.some(([, node]) => node.kind === 'computed'),
  }
}

type FlatField = readonly [string, ProjectionNode]

function flatten(projection: BsonDocument, prefix: string): FlatField[] {
  return Object.entries(projection).flatMap(([name, value]): FlatField[] => {
    const path = prefix + name
    if (name === '' || path.split('.').includes(''))
      throw new CommandError('Location40415', 'FieldPath field names may not be empty')
    if (path.endsWith('.$')) return [[path.slice(0, -2), { kind: 'positional' }]]
    if (name.startsWith('$'))
      throw new CommandError('BadValue', `FieldPath field names may not start with '$'. Found '${name}'`)
    if (typeof value === 'boolean' || isNumeric(value)) {
      const kept = typeof value === 'boolean' ? value : toDouble(value) !== 0
      return [[path, { kind: kept ? 'include' : 'exclude' }]]
    }
    const document = asDocument(value)
    if (!document) return [[path, { kind: 'computed', expression: value }]]
    const operator = Object.keys(document)[0]
    if (operator === undefined) throw new CommandError('BadValue', 'An empty sub-projection is not a valid value')
    return operator.startsWith('$') ? [[path, parseOperator(operator, document)]] : flatten(document, `${path}.`)
  })
}

function parseOperator(operator: string, document: BsonDocument): ProjectionNode {
  const operand = document[operator]
  if (operator === '$elemMatch') {
    const filter = asDocument(operand)
    if (!filter) throw new CommandError('BadValue', 'elemMatch: Invalid argument, object required')
    return { kind: 'elemMatch', filter }
  }
  if (operator === '$slice' && (isNumeric(operand) || (Array.isArray(operand) && operand.every(isNumeric))))
    return parseSlice(operand)
  if (operator === '$meta') throw new CommandError('BadValue', '$meta is not supported by the embedded database')
  return { kind: 'computed', expression: document }
}

function parseSlice(operand: unknown): ProjectionNode {
  const values = (Array.isArray(operand) ? operand : [operand]).map(toInteger)
  if (values.length === 0 || values.length > 2 || values.includes(undefined)) {
    throw new CommandError('BadValue', '$slice needs a number or an array of [skip, limit]')
  }
  if (values.length === 1) return { kind: 'slice', skip: undefined, limit: values[0]! }
  if (values[1]! <= 0) throw new CommandError('BadValue', 'Invalid $slice syntax: the limit must be positive')
  return { kind: 'slice', skip: values[0]!, limit: values[1]! }
}

function isInclusive(fields: readonly FlatField[]): boolean {
  for (const [path, { kind }] of fields) {
    if (kind === 'include' && path !== '_id') return true
    if (kind === 'elemMatch' || kind === 'positional' || kind === 'computed') return true
    if (kind === 'exclude' && path !== '_id') return false
  }
  const ids = fields.filter(([path]) => path === '_id')
  return (
    ids.length > 0 &&
    ids.every(([, { kind }]) => kind === 'include') &&
    fields.every(([, { kind }]) => kind !== 'slice')
  )
}

function checkedMode(path: string, node: ProjectionNode, inclusive: boolean): ProjectionNode {
  if (inclusive && node.kind === 'exclude') {
    throw new CommandError('Location31254', `Cannot do exclusion on field ${path} in inclusion projection`)
  }
  if (!inclusive && node.kind !== 'exclude' && node.kind !== 'slice') {
    throw new CommandError('Location31253', `Cannot do inclusion on field ${path} in exclusion projection`)
  }
  return node
}

function addPath(tree: MutableTree, path: string, node: ProjectionNode): void {
  const parts = path.split('.')
  let level = tree
  for (const part of parts.slice(0, -1)) {
    const existing = level.get(part)
    if (existing && existing.kind !== 'tree') throw new CommandError('BadValue', `Path collision at ${path}`)
    const children: MutableTree = existing ? (existing.children as MutableTree) : new Map()
    level.set(part, { kind: 'tree', children })
    level = children
  }
  const last = parts.at(-1)!
  if (level.has(last)) throw new CommandError('BadValue', `Path collision at ${path}`)
  level.set(last, node)
}
