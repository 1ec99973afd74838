import { compileFilter } from './compile-filter.ts'
import type { FilterNode, PredicateNode } from './filter-tree.ts'
import { CommandError } from '../errors.ts'

/**
 * The index that `$` stands for: the first item of the array at `arrayPath` that satisfies the filter's predicates on
 * it. Returns undefined when the filter says nothing about the array.
 */
export function matchedIndex(tree: FilterNode, arrayPath: string, array: readonly unknown[]): number | undefined {
  const predicates = predicatesOn(tree, arrayPath)
  const tests = predicates.map((node) =>
    compileFilter({ ...node, path: `item${node.path.slice(arrayPath.length)}` }, refuseExpression),
  )
  if (tests.length === 0) return undefined
  const all = array.findIndex((item) => tests.every((test) => test({ item: [item] })))
  const index = all >= 0 ? all : array.findIndex((item) => tests.some((test) => test({ item: [item] })))
  return index >= 0 ? index : undefined
}

function predicatesOn(node: FilterNode, arrayPath: string): PredicateNode[] {
  if (node.kind === 'and' || node.kind === 'or') return node.children.flatMap((child) => predicatesOn(child, arrayPath))
  if (node.kind !== 'predicate') return []
  return node.path === arrayPath || node.path.startsWith(`${arrayPath}.`) ? [node] : []
}

function refuseExpression(): never {
  throw new CommandError('BadValue', '$expr cannot select the item of a positional operator')
}
