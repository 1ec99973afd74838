import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'

export interface IndexField {
  readonly path: string
  readonly parts: readonly string[]
  readonly direction: 1 | -1
}

/** One index as `createIndexes` describes it and `listIndexes` shows it. */
export interface IndexDefinition {
  readonly name: string
  readonly fields: readonly IndexField[]
  readonly unique: boolean
  readonly sparse: boolean
  readonly partialFilter?: BsonDocument
  readonly expireAfterSeconds?: number
}

const knownOptions = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'ns',
  'hidden',
  'collation',
])

/** Parses one element of `createIndexes.indexes`; refuses what this server cannot honour. */
export function parseIndexDefinition(spec: BsonDocument): IndexDefinition {
  const key = asDocument(spec['key'])
  if (!key || Object.keys(key).length === 0)
    throw new CommandError('CannotCreateIndex', 'Index keys cannot be an empty object')
  for (const option of Object.keys(spec)) {
    if (!knownOptions.has(option)) {
      throw new CommandError(
        'CannotCreateIndex',
        `The index option '${option}' is not supported by the embedded database`,
      )
    }
  }
  const fields = Object.entries(key).map(([path, direction]) => parseIndexField(path, direction))
  const name = spec['name']
  if (typeof name !== 'string' || name === '')
    throw new CommandError('FailedToParse', "The 'name' field is a required property of an index specification")
  const partialFilter =
    spec['partialFilterExpression'] === undefined ? undefined : asDocument(spec['partialFilterExpression'])
  if (spec['partialFilterExpression'] !== undefined && !partialFilter) {
    throw new CommandError('TypeMismatch', "The field 'partialFilterExpression' must be an object")
  }
  const sparse = isTrue(spec['sparse'])
  if (partialFilter && sparse) {
    throw new CommandError('CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options')
  }
  const expireAfterSeconds = parseExpiry(spec['expireAfterSeconds'], fields)
  return {
    name,
    fields,
    unique: isTrue(spec['unique']),
    sparse,
    ...(partialFilter ? { partialFilter } : {}),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
  }
}

function parseIndexField(path: string, direction: unknown): IndexField {
  if (typeof direction === 'string') {
    throw new CommandError('CannotCreateIndex', `Index type '${direction}' is not supported by the embedded database`)
  }
  const number = isNumeric(direction) ? toDouble(direction) : 0
  if (number === 0 || Number.isNaN(number)) {
    throw new CommandError(
      'CannotCreateIndex',
      'Values in v:2 index key pattern cannot be 0; they must be numbers > 0 or < 0',
    )
  }
  if (path === '' || path.split('.').some((part) => part === '' || part.startsWith('$'))) {
    throw new CommandError('CannotCreateIndex', `Index key contains an illegal field name: '${path}'`)
  }
  return { path, parts: path.split('.'), direction: number > 0 ? 1 : -1 }
}

function parseExpiry(value: unknown, fields: readonly IndexField[]): number | undefined {
  if (value === undefined || value === null) return undefined
  const seconds = isNumeric(value) ? toDouble(value) : -1
  if (!(seconds >= 0 && seconds <= 2_147_483_647)) {
    throw new CommandError(
      'CannotCreateIndex',
      "TTL index 'expireAfterSeconds' option must be within an acceptable range",
    )
  }
  if (fields.length !== 1) {
    throw new CommandError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL.',
    )
  }
  if (fields[0]!.path === '_id') throw new CommandError('InvalidOptions', 'The _id field does not support TTL indexes')
  return Math.floor(seconds)
}

export function isTrue(value: unknown): boolean {
  return isNumeric(value) ? toDouble(value) !== 0 : value === true
}

/** The key pattern as a document, e.g. `{ name: 1, age: -1 }`. */
export function keyPattern(definition: IndexDefinition): BsonDocument {
  return Object.fromEntries(definition.fields.map((field) => [field.path, new Int32(field.direction)]))
}

/** The index as `listIndexes` shows it. Also the stored form: {@link parseIndexDefinition} reads it back. */
export function describeIndex(definition: IndexDefinition): BsonDocument {
  return {
    v: new Int32(2),
    key: keyPattern(definition),
    name: definition.name,
    ...(definition.unique ? { unique: true } : {}),
    ...(definition.sparse ? { sparse: true } : {}),
    ...(definition.partialFilter ? { partialFilterExpression: definition.partialFilter } : {}),
    ...(definition.expireAfterSeconds === undefined
      ? {}
      : { expireAfterSeconds: new Int32(definition.expireAfterSeconds) }),
  }
}

/** The index on `_id` that every collection has. */
export const idIndex: IndexDefinition = {
  name: '_id_',
  fields: [{ path: '_id', parts: ['_id'], direction: 1 }],
  unique: false,
  sparse: false,
}
