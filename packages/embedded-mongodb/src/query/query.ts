import { decode } from '../bson/codec.ts'
import type { BsonDocument } from '../bson/codec.ts'
import { pickFields } from '../bson/raw-document.ts'
import type { ExpressionCompiler, Matcher } from './compile-filter.ts'
import { compileFilter } from './compile-filter.ts'
import type { FilterNode } from './filter-tree.ts'
import { parseFilter } from './parse-filter.ts'

/** A filter ready to run: its tree for the planner, its test for decoded documents and for encoded ones. */
export class Query {
  readonly filter: BsonDocument
  readonly tree: FilterNode
  readonly matches: Matcher
  /** Top-level fields that the filter reads; undefined when it may read any. */
  readonly rootFields: ReadonlySet<string> | undefined

  constructor(filter: BsonDocument, compileExpression: ExpressionCompiler) {
    this.filter = filter
    this.tree = parseFilter(filter)
    this.matches = compileFilter(this.tree, compileExpression)
    this.rootFields = collectRootFields(this.tree)
  }

  /** True when the filter is `{}`. */
  get matchesAll(): boolean {
    return this.tree.kind === 'and' && this.tree.children.length === 0
  }

  /** Tests an encoded document, decoding only the top-level fields that the filter reads. */
  matchesRaw(raw: Buffer): boolean {
    if (this.matchesAll) return true
    return this.matches(decode(this.rootFields ? pickFields(raw, this.rootFields) : raw))
  }
}

/** Top-level fields that a filter reads, or undefined when it may read any (`$expr`). */
function collectRootFields(tree: FilterNode): ReadonlySet<string> | undefined {
  const names = new Set<string>()
  return addRootFields(tree, names) ? names : undefined
}

function addRootFields(node: FilterNode, names: Set<string>): boolean {
  switch (node.kind) {
    case 'expression':
      return false
    case 'constant':
      return true
    case 'not':
      return addRootFields(node.child, names)
    case 'predicate':
      names.add(node.path.split('.', 1)[0]!)
      return true
    default:
      return node.children.every((child) => addRootFields(child, names))
  }
}
