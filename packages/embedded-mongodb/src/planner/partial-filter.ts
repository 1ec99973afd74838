import { compareValues } from '../bson/compare.ts'
import { rank, rankOf } from '../bson/value-rank.ts'
import type { FilterNode, PredicateNode } from '../query/filter-tree.ts'
import { typeAlias } from '../query/type-alias.ts'
import { conjuncts } from './field-bounds.ts'

/**
 * True when every document that satisfies the query also satisfies the partial filter, so a partial index holds all
 * results. Conservative: an implication it does not see only costs the use of the index.
 */
export function impliesPartialFilter(query: readonly FilterNode[], partial: FilterNode): boolean {
  return conjuncts(partial).every((required) => query.some((given) => implies(given, required)))
}

function implies(given: FilterNode, required: FilterNode): boolean {
  if (required.kind === 'or') return required.children.some((child) => implies(given, child))
  if (given.kind === 'or')
    return given.children.every((child) => conjuncts(child).some((node) => implies(node, required)))
  if (required.kind !== 'predicate' || given.kind !== 'predicate' || given.path !== required.path) return false
  return impliesPredicate(given, required)
}

function impliesPredicate(given: PredicateNode, required: PredicateNode): boolean {
  if (given.operator === '$in') {
    return (given.operand as unknown[]).every((operand) =>
      impliesPredicate({ ...given, operator: '$eq', operand }, required),
    )
  }
  switch (required.operator) {
    case '$exists':
      return given.operator === '$exists' || namesValue(given)
    case '$eq':
      return given.operator === '$eq' && sameValue(given.operand, required.operand)
    case '$type':
      return given.operator === '$eq' && (required.operand as Set<string>).has(typeAlias(given.operand))
    case '$gt':
    case '$gte':
      return withinLimit(given, required, ['$gt', '$gte'], 1)
    case '$lt':
    case '$lte':
      return withinLimit(given, required, ['$lt', '$lte'], -1)
    default:
      return false
  }
}

/** The predicate cannot be satisfied by a missing field. */
function namesValue(given: PredicateNode): boolean {
  if (['$eq', '$gt', '$gte', '$lt', '$lte'].includes(given.operator)) return rankOf(given.operand) !== rank.null
  return ['$regex', '$size', '$mod', '$type', '$elemMatchObject', '$elemMatchValue'].includes(given.operator)
}

function sameValue(a: unknown, b: unknown): boolean {
  return rankOf(a) === rankOf(b) && compareValues(a, b) === 0
}

function withinLimit(
  given: PredicateNode,
  required: PredicateNode,
  operators: readonly string[],
  side: 1 | -1,
): boolean {
  if (given.operator !== '$eq' && !operators.includes(given.operator)) return false
  if (rankOf(given.operand) !== rankOf(required.operand)) return false
  const order = compareValues(given.operand, required.operand) * side
  const strict = required.operator === '$gt' || required.operator === '$lt'
  const givenStrict = given.operator === '$gt' || given.operator === '$lt'
  return order > 0 || (order === 0 && (!strict || givenStrict))
}
