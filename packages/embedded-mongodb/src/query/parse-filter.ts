import { CommandError } from '../errors.ts'
import type { BsonDocument } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { isNumeric, toDouble, toInteger } from '../bson/numeric.ts'
import type { FilterNode, PredicateNode, PredicateOperator } from './filter-tree.ts'
import { isRegex, toFilterRegex } from './regex.ts'
import { parseTypeOperand } from './type-alias.ts'
import { parseBitOperand } from './bit-mask.ts'

/** Parses a filter document. Throws `BadValue` for what MongoDB refuses, and for operators that this server lacks. */
export function parseFilter(filter: unknown): FilterNode {
  const document = asDocument(filter)
  if (!document) throw new CommandError('BadValue', 'filter must be an object')
  const children: FilterNode[] = []
  for (const [name, operand] of Object.entries(document)) {
    if (name.startsWith('$')) children.push(...parseTopLevel(name, operand))
    else children.push(...parseField(name, operand))
  }
  return conjunction(children)
}

function conjunction(children: readonly FilterNode[]): FilterNode {
  return children.length === 1 ? children[0]! : { kind: 'and', children }
}

function parseTopLevel(name: string, operand: unknown): FilterNode[] {
  switch (name) {
    case '$and':
      return parseList(name, operand)
    case '$or':
    case '$nor':
      return [{ kind: name === '$or' ? 'or' : 'nor', children: parseList(name, operand) }]
    case '$expr':
      return [{ kind: 'expression', expression: operand }]
    case '$comment':
      return []
    case '$alwaysTrue':
    case '$alwaysFalse':
      return [{ kind: 'constant', value: name === '$alwaysTrue' }]
    case '$where':
    case '$text':
    case '$jsonSchema':
      throw new CommandError('BadValue', `${name} is not supported by the embedded database`)
    default:
      throw new CommandError(
        'BadValue',
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
  }
}

function parseList(name: string, operand: unknown): FilterNode[] {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', `${name} must be an array`)
  if (operand.length === 0) throw new CommandError('BadValue', '$and/$or/$nor must be a nonempty array')
  return operand.map((item) => {
    if (!asDocument(item)) throw new CommandError('BadValue', '$or/$and/$nor entries need to be full objects')
    return parseFilter(item)
  })
}

/** `{ path: operand }`: an operator document, a regex, or a value to equal. */
export function parseField(path: string, operand: unknown): FilterNode[] {
  if (isRegex(operand)) return [predicate(path, '$regex', toFilterRegex(operand))]
  const operators = asDocument(operand)
  if (!operators || !isOperatorDocument(operators)) return [predicate(path, '$eq', operand)]
  return parseOperators(path, operators)
}

/** `$ref`, `$id` and `$db` are the fields of a database reference, which is a value. */
export function isOperatorDocument(document: BsonDocument): boolean {
  const [first] = Object.keys(document)
  return first !== undefined && first.startsWith('$') && !['$ref', '$id', '$db'].includes(first)
}

function parseOperators(path: string, operators: BsonDocument): FilterNode[] {
  return Object.entries(operators).flatMap(([name, operand]) => parseOperator(path, name, operand, operators))
}

function predicate(path: string, operator: PredicateOperator, operand: unknown): PredicateNode {
  return { kind: 'predicate', path, operator, operand }
}

function not(child: FilterNode): FilterNode {
  return { kind: 'not', child }
}

function parseOperator(path: string, name: string, operand: unknown, siblings: BsonDocument): FilterNode[] {
  switch (name) {
    case '$eq':
      return [predicate(path, '$eq', operand)]
    case '$ne':
      if (isRegex(operand)) throw new CommandError('BadValue', "Can't have regex as arg to $ne.")
      return [not(predicate(path, '$eq', operand))]
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (isRegex(operand))
        throw new CommandError('BadValue', `Can't have RegEx as arg to predicate over field '${path}'.`)
      return [predicate(path, name, operand)]
    case '$in':
      return [predicate(path, '$in', parseInList('$in', operand))]
    case '$nin':
      return [not(predicate(path, '$in', parseInList('$nin', operand)))]
    case '$exists': {
      const exists = predicate(path, '$exists', true)
      return [isTruthy(operand) ? exists : not(exists)]
    }
    case '$type':
      return [predicate(path, '$type', parseTypeOperand(operand))]
    case '$mod':
      return [predicate(path, '$mod', parseMod(operand))]
    case '$regex':
      return [predicate(path, '$regex', toFilterRegex(operand, siblings['$options']))]
    case '$options':
      if (!('$regex' in siblings)) throw new CommandError('BadValue', '$options needs a $regex')
      return []
    case '$size':
      return [predicate(path, '$size', parseSize(operand))]
    case '$all':
      return parseAll(path, operand)
    case '$elemMatch':
      return [parseElemMatch(path, operand)]
    case '$not':
      return [parseNot(path, operand)]
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return [predicate(path, name, parseBitOperand(name, operand))]
    case '$comment':
      return []
    default:
      throw new CommandError('BadValue', `unknown operator: ${name}`)
  }
}

function parseInList(name: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', `${name} needs an array`)
  for (const item of operand) {
    const document = asDocument(item)
    if (document && isOperatorDocument(document)) throw new CommandError('BadValue', `cannot nest $ under ${name}`)
  }
  return operand.map((item: unknown) => (isRegex(item) ? toFilterRegex(item) : item))
}

function isTruthy(value: unknown): boolean {
  if (isNumeric(value)) return toDouble(value) !== 0
  return value !== false && value !== null && value !== undefined
}

function parseMod(operand: unknown): readonly [bigint, bigint] {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', 'malformed mod, needs to be an array')
  if (operand.length !== 2)
    throw new CommandError('BadValue', `malformed mod, ${operand.length < 2 ? 'not enough' : 'too many'} elements`)
  const [divisor, remainder] = operand.map((item: unknown) => {
    const number = isNumeric(item) ? toDouble(item) : Number.NaN
    if (!Number.isFinite(number))
      throw new CommandError('BadValue', 'malformed mod, divisor and remainder must be numbers')
    return BigInt(Math.trunc(number))
  })
  if (divisor === 0n) throw new CommandError('BadValue', 'divisor cannot be 0')
  return [divisor!, remainder!]
}

function parseSize(operand: unknown): number {
  const size = toInteger(operand)
  if (size === undefined) throw new CommandError('BadValue', 'Failed to parse $size. Expected an integer')
  if (size < 0) throw new CommandError('BadValue', 'Failed to parse $size. Expected a non-negative number')
  return size
}

function parseAll(path: string, operand: unknown): FilterNode[] {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$all needs an array')
  if (operand.length === 0) return [{ kind: 'constant', value: false }]
  return operand.map((item: unknown) => {
    if (isRegex(item)) return predicate(path, '$regex', toFilterRegex(item))
    const document = asDocument(item)
    if (!document || !isOperatorDocument(document)) return predicate(path, '$eq', item)
    if (!('$elemMatch' in document)) throw new CommandError('BadValue', 'no $ expressions in $all')
    return parseElemMatch(path, document['$elemMatch'])
  })
}

/** The path under which the inner filter of a value `$elemMatch` sees each array item. */
export const elementPath = 'element'

function parseElemMatch(path: string, operand: unknown): FilterNode {
  const document = asDocument(operand)
  if (!document) throw new CommandError('BadValue', '$elemMatch needs an Object')
  const first = Object.keys(document)[0]
  const logical = first === '$and' || first === '$or' || first === '$nor' || first === '$expr'
  const byValue = first !== undefined && first.startsWith('$') && !logical
  const inner = byValue ? conjunction(parseOperators(elementPath, document)) : parseFilter(document)
  return {
    kind: 'predicate',
    path,
    operator: byValue ? '$elemMatchValue' : '$elemMatchObject',
    operand,
    inner: [inner],
  }
}

function parseNot(path: string, operand: unknown): FilterNode {
  if (isRegex(operand)) return not(predicate(path, '$regex', toFilterRegex(operand)))
  const document = asDocument(operand)
  if (!document) throw new CommandError('BadValue', '$not needs a regex or a document')
  if (!isOperatorDocument(document)) throw new CommandError('BadValue', '$not cannot be empty')
  return not(conjunction(parseOperators(path, document)))
}
