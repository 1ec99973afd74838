import { BSONValue } from 'bson'
import { CommandError } from '../errors.ts'
import { numberKind, toInteger, isNumeric } from '../bson/numeric.ts'

const codeByAlias: Record<string, number> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
}
const aliasByCode = new Map(Object.entries(codeByAlias).map(([alias, code]) => [code, alias]))

const aliasByBsonType: Record<string, string> = {
  ObjectId: 'objectId',
  Binary: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  Code: 'javascript',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  DBRef: 'object',
}

/** MongoDB's alias of a value's type; 'missing' for undefined, as `$type` in expressions says. */
export function typeAlias(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (Array.isArray(value)) return 'array'
  if (isNumeric(value)) return numberKind(value)
  if (value instanceof Date) return 'date'
  if (value instanceof RegExp) return 'regex'
  if (value instanceof Uint8Array) return 'binData'
  if (value instanceof BSONValue) return aliasByBsonType[value._bsontype] ?? 'object'
  return 'object'
}

/** The aliases that a `$type` operand names (a name, a code, or a list of them). */
export function parseTypeOperand(operand: unknown): Set<string> {
  const aliases = new Set<string>()
  for (const item of Array.isArray(operand) ? operand : [operand]) {
    if (item === 'number') for (const alias of ['int', 'long', 'double', 'decimal']) aliases.add(alias)
    else aliases.add(aliasOf(item))
  }
  return aliases
}

function aliasOf(item: unknown): string {
  if (typeof item === 'string') {
    if (Object.hasOwn(codeByAlias, item)) return item
    throw new CommandError('BadValue', `Unknown type name alias: ${item}`)
  }
  const code = toInteger(item)
  const alias = code === undefined ? undefined : aliasByCode.get(code)
  if (!alias) throw new CommandError('BadValue', `Invalid numerical type code: ${String(item)}`)
  return alias
}
