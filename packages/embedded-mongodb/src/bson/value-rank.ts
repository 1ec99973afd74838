import { BSONValue } from 'bson'
import type { BsonDocument } from './codec.ts'

/**
 * MongoDB's canonical order of types. The numbers are also the first byte of an encoded key, so they stay within
 * 0x02..0xFD: neither a rank nor its inversion (descending keys) can be 0x00, 0x01, 0xFE or 0xFF.
 */
export const rank = {
  minKey: 0x08,
  emptyArray: 0x0c,
  null: 0x10,
  number: 0x18,
  string: 0x20,
  object: 0x28,
  array: 0x30,
  binary: 0x38,
  objectId: 0x40,
  boolean: 0x48,
  date: 0x50,
  timestamp: 0x58,
  regex: 0x60,
  code: 0x68,
  codeWithScope: 0x6c,
  maxKey: 0x78,
} as const

/** Index key of `[]`: it sorts before null and equals nothing a filter can name. */
export const emptyArrayKey: unique symbol = Symbol('empty array')

const rankByBsonType: Record<string, number> = {
  Int32: rank.number,
  Double: rank.number,
  Long: rank.number,
  Decimal128: rank.number,
  ObjectId: rank.objectId,
  Binary: rank.binary,
  Timestamp: rank.timestamp,
  BSONRegExp: rank.regex,
  BSONSymbol: rank.string,
  Code: rank.code,
  MinKey: rank.minKey,
  MaxKey: rank.maxKey,
  DBRef: rank.object,
}

/** Rank of a value in MongoDB's order of types; a missing value (`undefined`) ranks as null. */
export function rankOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return rank.string
    case 'number':
    case 'bigint':
      return rank.number
    case 'boolean':
      return rank.boolean
    case 'undefined':
      return rank.null
    case 'symbol':
      return rank.emptyArray
  }
  if (value === null) return rank.null
  if (Array.isArray(value)) return rank.array
  if (value instanceof Date) return rank.date
  if (value instanceof BSONValue) {
    if (value._bsontype === 'Code' && (value as unknown as { scope: unknown }).scope) return rank.codeWithScope
    return rankByBsonType[value._bsontype] ?? rank.object
  }
  if (value instanceof RegExp) return rank.regex
  if (value instanceof Uint8Array) return rank.binary
  return rank.object
}

/** The value as an object whose fields can be read, or undefined when it is not a document. */
export function asDocument(value: unknown): BsonDocument | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return undefined
  if (value instanceof BSONValue) {
    return value._bsontype === 'DBRef' ? { ...(value as unknown as { toJSON(): object }).toJSON() } : undefined
  }
  if (value instanceof RegExp || value instanceof Uint8Array) return undefined
  return value as BsonDocument
}

/** Own field of a document, never one inherited from `Object.prototype`. */
export function fieldOf(document: BsonDocument, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined
}
