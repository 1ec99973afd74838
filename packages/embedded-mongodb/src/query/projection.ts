import type { BsonDocument } from '../bson/codec.ts'
import { decode, encode } from '../bson/codec.ts'
import { omitFields, pickFields } from '../bson/raw-document.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { ExpressionCompiler } from './compile-filter.ts'
import type { FilterNode } from './filter-tree.ts'
import type { ParsedProjection, ProjectionNode, ProjectionTree } from './parse-projection.ts'
import { parseProjection } from './parse-projection.ts'
import { matchedIndex } from './positional.ts'
import { Query } from './query.ts'

/** Evaluates an aggregation expression of a `find` projection. */
export type ExpressionEvaluator = (document: BsonDocument, expression: unknown) => unknown

export interface ProjectionContext {
  readonly compileExpression: ExpressionCompiler
  readonly evaluate: ExpressionEvaluator
  /** The filter of the same command: `field.$` needs it. */
  readonly filter: FilterNode
}

/** Compiles a projection over encoded documents. Whole top-level fields are cut out without decoding. */
export function compileProjection(
  projection: BsonDocument | undefined,
  context: ProjectionContext,
): (raw: Buffer) => Buffer {
  const parsed = parseProjection(projection)
  if (!parsed) return (raw) => raw
  if (parsed.simple) return compileSimple(parsed)
  const apply = compileProjector(parsed, context)
  return (raw) => encode(apply(decode(raw)))
}

function compileSimple(parsed: ParsedProjection): (raw: Buffer) => Buffer {
  const names = new Set(parsed.tree.keys())
  if (parsed.inclusive === parsed.includesId) names.add('_id')
  return parsed.inclusive ? (raw) => pickFields(raw, names) : (raw) => omitFields(raw, names)
}

/** Compiles a parsed projection over decoded documents. */
export function compileProjector(
  parsed: ParsedProjection,
  context: ProjectionContext,
): (document: BsonDocument) => BsonDocument {
  const root = new Map(parsed.tree)
  if (parsed.inclusive && parsed.includesId && !root.has('_id')) root.set('_id', { kind: 'include' })
  if (!parsed.inclusive && !parsed.includesId) root.set('_id', { kind: 'exclude' })
  const elementFilters = new Map<ProjectionNode, Query>()
  return (document) =>
    projectDocument(document, root, '', { ...context, inclusive: parsed.inclusive, root: document, elementFilters })
}

interface Run extends ProjectionContext {
  readonly inclusive: boolean
  readonly root: BsonDocument
  readonly elementFilters: Map<ProjectionNode, Query>
}

function projectDocument(document: BsonDocument, tree: ProjectionTree, prefix: string, run: Run): BsonDocument {
  const result: BsonDocument = {}
  for (const [name, value] of Object.entries(document)) {
    const node = tree.get(name)
    const projected = node ? projectValue(value, node, prefix + name, run) : run.inclusive ? undefined : value
    if (projected !== undefined) result[name] = projected
  }
  addComputed(result, tree, run)
  return result
}

function projectValue(value: unknown, node: ProjectionNode, path: string, run: Run): unknown {
  switch (node.kind) {
    case 'include':
      return value
    case 'exclude':
    case 'computed':
      return undefined
    case 'slice':
      return Array.isArray(value) ? slice(value, node.skip, node.limit) : value
    case 'tree':
      return projectNested(value, node.children, `${path}.`, run)
    case 'elemMatch':
      return firstMatch(value, node, run)
    case 'positional':
      return positionalItem(value, path, run)
  }
}

function projectNested(value: unknown, tree: ProjectionTree, prefix: string, run: Run): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => projectNested(item, tree, prefix, run))
    return items.filter((item) => item !== undefined)
  }
  const document = asDocument(value)
  if (document) return projectDocument(document, tree, prefix, run)
  return run.inclusive ? undefined : value
}

function addComputed(result: BsonDocument, tree: ProjectionTree, run: Run): void {
  for (const [name, node] of tree) {
    if (node.kind === 'computed') {
      const value = run.evaluate(run.root, node.expression)
      if (value !== undefined) result[name] = value
    } else if (node.kind === 'tree' && !(name in result) && hasComputed(node.children)) {
      const nested: BsonDocument = {}
      addComputed(nested, node.children, run)
      result[name] = nested
    }
  }
}

function hasComputed(tree: ProjectionTree): boolean {
  return [...tree.values()].some(
    (node) => node.kind === 'computed' || (node.kind === 'tree' && hasComputed(node.children)),
  )
}

function slice(array: readonly unknown[], skip: number | undefined, limit: number): unknown[] {
  if (skip === undefined) return limit < 0 ? array.slice(limit) : array.slice(0, limit)
  const start = skip < 0 ? Math.max(array.length + skip, 0) : skip
  return array.slice(start, start + limit)
}

function firstMatch(value: unknown, node: ProjectionNode & { kind: 'elemMatch' }, run: Run): unknown {
  if (!Array.isArray(value)) return undefined
  let query = run.elementFilters.get(node)
  if (!query) {
    query = new Query({ item: { $elemMatch: node.filter } }, run.compileExpression)
    run.elementFilters.set(node, query)
  }
  const matches = query.matches
  const found = value.find((item) => matches({ item: [item] }))
  return found === undefined ? undefined : [found]
}

function positionalItem(value: unknown, path: string, run: Run): unknown {
  if (!Array.isArray(value)) return value
  const index = matchedIndex(run.filter, path, value)
  if (index === undefined) {
    throw new CommandError(
      'Location51246',
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    )
  }
  return [value[index]]
}
