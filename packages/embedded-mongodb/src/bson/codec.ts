import { deserialize, serialize } from 'bson'

/** A decoded document. Values keep their BSON class (`Int32`, `Double`, `Long`, …), so re-encoding changes no type. */
export type BsonDocument = Record<string, unknown>

/** Server limits, advertised by `hello` and enforced on writes. */
export const maxBsonObjectSize = 16 * 1024 * 1024
export const maxMessageSizeBytes = 48_000_000
export const maxWriteBatchSize = 100_000

/**
 * `promoteValues: false` keeps an untouched double a double and an int an int. Text is not validated: a document that
 * was accepted must stay readable.
 */
const decodeOptions = { promoteValues: false, bsonRegExp: true, validation: { utf8: false } }

/** Decodes one document without losing any type. Throws `BSONError` on malformed bytes. */
export function decode(raw: Uint8Array): BsonDocument {
  return deserialize(raw, decodeOptions)
}

/** Like {@link decode}, but leaves the embedded documents of the named array fields as raw bytes. */
export function decodeKeepingRaw(raw: Uint8Array, fields: Record<string, boolean>): BsonDocument {
  return deserialize(raw, { ...decodeOptions, fieldsAsRaw: fields })
}

/** Encodes a document. `undefined` values are left out, as the driver's `ignoreUndefined` does. */
export function encode(document: BsonDocument): Buffer {
  const bytes = serialize(document, { ignoreUndefined: true })
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
