import { Binary, BSONValue, ObjectId, Timestamp } from 'bson'
import { isNumeric } from './numeric.ts'
import { asDocument } from './value-rank.ts'

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
  if (!document) return value instanceof BSONValue ? value._bsontype : typeof value
  const fields = Object.entries(document).map(([name, field]) => `${name}: ${showValue(field)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
