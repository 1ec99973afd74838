import { Int32 } from 'bson'
import { maxBsonObjectSize } from '../bson/codec.ts'
import { MalformedBsonError, validateDocument, withIdFirst } from '../bson/raw-document.ts'
import { CommandError } from '../errors.ts'
import { newIdElement } from '../update/update.ts'
import type { CommandHandler } from './context.ts'
import { collectionName } from './context.ts'
import { assertBatchSize, listField, runBatch, withWriteErrors } from './write-batch.ts'

/** `insert`: the documents are stored byte for byte as they came, with `_id` moved first. */
export const insert: CommandHandler = (context) => {
  const name = collectionName(context)
  const documents = (context.sequences.get('documents') ?? listField(context, 'documents')).map(toBytes)
  assertBatchSize(documents.length)
  return context.server.store.transaction(() => {
    const collection = context.server.store.ensureCollection(context.database, name)
    let inserted = 0
    const errors = runBatch(context, documents, (raw) => {
      collection.insert(prepare(raw))
      inserted += 1
    })
    return withWriteErrors({ n: new Int32(inserted) }, errors)
  })
}

function toBytes(item: unknown): Buffer {
  if (!(item instanceof Uint8Array))
    throw new CommandError(
      'TypeMismatch',
      "BSON field 'insert.documents' is the wrong type, expected an array of objects",
    )
  return Buffer.from(item.buffer, item.byteOffset, item.byteLength)
}

function prepare(raw: Buffer): Buffer {
  if (raw.length > maxBsonObjectSize) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${raw.length}, max size: ${maxBsonObjectSize}`,
    )
  }
  try {
    validateDocument(raw)
  } catch (error) {
    if (error instanceof MalformedBsonError) throw new CommandError('InvalidBSON', error.message)
    throw error
  }
  return withIdFirst(raw, newIdElement)
}
