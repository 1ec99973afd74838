import { Binary, BSONValue, ObjectId, Timestamp } from 'bson'
import { isNumeric } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { IndexDefinition } from './index-definition.ts'
import { keyPattern } from './index-definition.ts'

/** Error 11000, with the message and the `keyPattern`/`keyValue` fields that drivers read. */
export function duplicateKeyError(namespace: string, index: IndexDefinition, values: readonly unknown[]): CommandError {
  const keyValue = Object.fromEntries(
    index.fields.map((field, position) => [
      field.path,
      typeof values[position] === 'symbol' ? [] : (values[position] ?? null),
    ]),
  )
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${showValue(keyValue)}`,
    { keyPattern: keyPattern(index), keyValue },
  )
}

/** A value as the server prints it in messages. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || value === undefined) return 'null'
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (value instanceof Binary)
    return `BinData(${value.sub_type}, ${Buffer.from(value.value()).toString('hex').toUpperCase()})`
  if (value instanceof Timestamp) return `Timestamp(${value.t}, ${value.i})`
  if (isNumeric(value)) return String(value)
  if (Array.isArray(value)) return `[ ${value.map(showValue).join(', ')} ]`
  const document = value instanceof BSONValue ? undefined : asDocument(value)
  if (!document) return String(value)
  const fields = Object.entries(document).map(([name, field]) => `${name}: ${showValue(field)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
