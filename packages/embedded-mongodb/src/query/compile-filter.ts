import { BSONRegExp } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { compareValues } from '../bson/compare.ts'
import { hashKey } from '../bson/key-string.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { rank, rankOf } from '../bson/value-rank.ts'
import { bitsOf } from './bit-mask.ts'
import type { FilterNode, PredicateNode } from './filter-tree.ts'
import { elementPath } from './parse-filter.ts'
import { visitLeaves, visitPath } from './path-walk.ts'
import type { FilterRegex } from './regex.ts'
import { typeAlias } from './type-alias.ts'

export type Matcher = (document: BsonDocument) => boolean
type ValueTest = (value: unknown) => boolean
/** Compiles an aggregation expression for `$expr`; given by the aggregation side to avoid a dependency cycle. */
export type ExpressionCompiler = (expression: unknown) => Matcher

/** Turns a parsed filter into a predicate over decoded documents. */
export function compileFilter(node: FilterNode, compileExpression: ExpressionCompiler): Matcher {
  switch (node.kind) {
    case 'constant':
      return () => node.value
    case 'expression':
      return compileExpression(node.expression)
    case 'not': {
      const child = compileFilter(node.child, compileExpression)
      return (document) => !child(document)
    }
    case 'predicate':
      return compilePredicate(node, compileExpression)
    default:
      return compileBranch(
        node.kind,
        node.children.map((child) => compileFilter(child, compileExpression)),
      )
  }
}

function compileBranch(kind: 'and' | 'or' | 'nor', children: readonly Matcher[]): Matcher {
  if (kind === 'and') return (document) => children.every((child) => child(document))
  if (kind === 'or') return (document) => children.some((child) => child(document))
  return (document) => !children.some((child) => child(document))
}

function compilePredicate(node: PredicateNode, compileExpression: ExpressionCompiler): Matcher {
  const parts = node.path.split('.')
  const wholeArrays = compileArrayTest(node, compileExpression)
  if (wholeArrays) return (document) => visitPath(document, parts, 0, wholeArrays)
  const test = compileValueTest(node)
  if (parts.length === 1) {
    const name = node.path
    return (document) => {
      const value = Object.hasOwn(document, name) ? document[name] : undefined
      return Array.isArray(value) ? value.some(test) || test(value) : test(value)
    }
  }
  return (document) => visitLeaves(document, parts, test)
}

/** Tests that look at an array as a whole. */
function compileArrayTest(node: PredicateNode, compileExpression: ExpressionCompiler): ValueTest | undefined {
  if (node.operator === '$size') return (value) => Array.isArray(value) && value.length === node.operand
  if (!node.inner) return undefined
  const inner = node.inner.map((child) => compileFilter(child, compileExpression))
  if (node.operator === '$elemMatchValue') {
    return (value) =>
      Array.isArray(value) && value.some((item) => inner.every((match) => match({ [elementPath]: item })))
  }
  return (value) =>
    Array.isArray(value) &&
    value.some((item) => {
      const type = rankOf(item)
      return (type === rank.object || type === rank.array) && inner.every((match) => match(item as BsonDocument))
    })
}

function compileValueTest(node: PredicateNode): ValueTest {
  const { operand } = node
  switch (node.operator) {
    case '$eq':
      return equalityTest(operand)
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return comparisonTest(node.operator, operand)
    case '$in':
      return membershipTest(operand as unknown[])
    case '$exists':
      return (value) => value !== undefined
    case '$type':
      return (value) => value !== undefined && (operand as Set<string>).has(typeAlias(value))
    case '$mod':
      return modTest(operand as readonly [bigint, bigint])
    case '$regex':
      return regexTest(operand as FilterRegex)
    default:
      return bitTest(node.operator, operand as bigint)
  }
}

function equalityTest(operand: unknown): ValueTest {
  if (typeof operand === 'string') return (value) => value === operand
  const type = rankOf(operand)
  return (value) => rankOf(value) === type && compareValues(value, operand) === 0
}

/** Comparison looks only at values of the operand's own type; `MinKey` and `MaxKey` compare with every type. */
function comparisonTest(operator: '$gt' | '$gte' | '$lt' | '$lte', operand: unknown): ValueTest {
  const type = rankOf(operand)
  const anyType = type === rank.minKey || type === rank.maxKey
  const operandIsNaN = isNaNValue(operand)
  const accepts: (order: number) => boolean =
    operator === '$gt'
      ? (o) => o > 0
      : operator === '$gte'
        ? (o) => o >= 0
        : operator === '$lt'
          ? (o) => o < 0
          : (o) => o <= 0
  return (value) => {
    if (!anyType && rankOf(value) !== type) return false
    if (type === rank.number && isNaNValue(value) !== operandIsNaN) return false
    return accepts(compareValues(value, operand))
  }
}

function isNaNValue(value: unknown): boolean {
  return isNumeric(value) && Number.isNaN(toDouble(value))
}

/** Lists longer than this are looked up by encoded key instead of compared one by one. */
const linearSearchLimit = 8

function membershipTest(operands: readonly unknown[]): ValueTest {
  const regexes = operands.filter(isFilterRegex).map((regex) => regexTest(regex))
  const values = operands.filter((operand) => !isFilterRegex(operand))
  const inValues = values.length > linearSearchLimit ? setTest(values) : listTest(values)
  return regexes.length === 0 ? inValues : (value) => inValues(value) || regexes.some((test) => test(value))
}

function listTest(values: readonly unknown[]): ValueTest {
  const tests = values.map(equalityTest)
  return (value) => tests.some((test) => test(value))
}

function setTest(values: readonly unknown[]): ValueTest {
  const keys = new Set(values.map(hashKey))
  return (value) => keys.has(hashKey(value))
}

export function isFilterRegex(value: unknown): value is FilterRegex {
  return typeof value === 'object' && value !== null && (value as { compiled?: unknown }).compiled instanceof RegExp
}

function modTest([divisor, remainder]: readonly [bigint, bigint]): ValueTest {
  return (value) => {
    if (!isNumeric(value)) return false
    const number = toDouble(value)
    return Number.isFinite(number) && BigInt(Math.trunc(number)) % divisor === remainder
  }
}

function regexTest(regex: FilterRegex): ValueTest {
  return (value) => {
    if (typeof value === 'string') return regex.compiled.test(value)
    return value instanceof BSONRegExp && value.pattern === regex.pattern && value.options === regex.options
  }
}

function bitTest(operator: PredicateNode['operator'], mask: bigint): ValueTest {
  return (value) => {
    const bits = bitsOf(value)
    if (bits === undefined) return false
    const set = bits & mask
    switch (operator) {
      case '$bitsAllSet':
        return set === mask
      case '$bitsAllClear':
        return set === 0n
      case '$bitsAnySet':
        return set !== 0n
      default:
        return set !== mask
    }
  }
}
