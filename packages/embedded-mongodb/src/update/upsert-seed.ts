import type { BsonDocument } from '../bson/codec.ts'
import { CommandError } from '../errors.ts'
import { isFilterRegex } from '../query/compile-filter.ts'
import type { FilterNode } from '../query/filter-tree.ts'
import { writePath } from './update-path.ts'

/** The fields of a document to insert that the filter's equality conditions say. A replacement takes only the `_id`. */
export function seedForUpsert(filter: FilterNode, idOnly: boolean): BsonDocument {
  const seed: BsonDocument = {}
  const paths: string[] = []
  for (const [path, value] of equalities(filter)) {
    if (idOnly && path !== '_id') continue
    assertSingleValued(path, paths)
    paths.push(path)
    writePath(seed, path.split('.'), value)
  }
  return seed
}

/** `$or` with one branch and `$in` with one value are equalities too, as the server simplifies them. */
function* equalities(node: FilterNode): Generator<[path: string, value: unknown]> {
  if (node.kind === 'and' || (node.kind === 'or' && node.children.length === 1)) {
    for (const child of node.children) yield* equalities(child)
    return
  }
  if (node.kind !== 'predicate') return
  if (node.operator === '$eq') yield [node.path, node.operand]
  if (node.operator !== '$in') return
  const values = node.operand as unknown[]
  if (values.length === 1 && !isFilterRegex(values[0])) yield [node.path, values[0]]
}

function assertSingleValued(path: string, paths: readonly string[]): void {
  const other = paths.find((known) => `${known}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${known}.`))
  if (other === undefined) return
  throw new CommandError(
    'NotSingleValueField',
    other === path
      ? `cannot infer query fields to set, path '${path}' is matched twice`
      : `cannot infer query fields to set, both paths '${path}' and '${other}' are matched`,
  )
}
