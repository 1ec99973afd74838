import { Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { decode, maxWriteBatchSize } from '../bson/codec.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { CommandContext } from './context.ts'

/** What one operation of a write command must and may say; every field is listed in `known`. */
export interface OperationShape {
  readonly required: readonly string[]
  readonly known: ReadonlySet<string>
}

/**
 * The operations of a write command: from a document sequence or from the body. Throws, before anything is written,
 * when there are none or too many, or when one lacks a field or has an unknown one: without its `q` it would match all.
 */
export function writeOperations(context: CommandContext, field: string, shape: OperationShape): BsonDocument[] {
  const sequence = context.sequences.get(field)
  const operations = sequence
    ? sequence.map((raw) => decode(raw))
    : listField(context, field).map((item) => requireDocument(item, field))
  assertBatchSize(operations.length)
  for (const operation of operations) assertShape(operation, shape, `${context.name}.${field}`)
  return operations
}

function assertShape(operation: BsonDocument, { required, known }: OperationShape, path: string): void {
  const unknown = Object.keys(operation).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new CommandError('Location40415', `BSON field '${path}.${unknown}' is an unknown field.`)
  const missing = required.find((name) => operation[name] === undefined)
  if (missing !== undefined)
    throw new CommandError('Location40414', `BSON field '${path}.${missing}' is missing but a required field`)
}

export function listField(context: CommandContext, field: string): unknown[] {
  const list = context.command[field]
  if (!Array.isArray(list))
    throw new CommandError('Location40414', `BSON field '${context.name}.${field}' is missing but a required field`)
  return list
}

function requireDocument(item: unknown, field: string): BsonDocument {
  const document = asDocument(item)
  if (!document)
    throw new CommandError('TypeMismatch', `BSON field '${field}' is the wrong type, expected an array of objects`)
  return document
}

export function assertBatchSize(size: number): void {
  if (size >= 1 && size <= maxWriteBatchSize) return
  throw new CommandError(
    'InvalidLength',
    `Write batch sizes must be between 1 and ${maxWriteBatchSize}. Got ${size} operations.`,
  )
}

/**
 * Runs the operations in order. A failed one becomes a `writeErrors` entry: an ordered batch stops there, an unordered
 * one goes on. Each document is checked before it is written; a multi-update that fails at one document keeps the
 * documents before it, as MongoDB does.
 */
export function runBatch<T>(
  context: CommandContext,
  operations: readonly T[],
  run: (operation: T, index: number) => void,
): BsonDocument[] {
  const ordered = context.command['ordered'] !== false
  const errors: BsonDocument[] = []
  for (const [index, operation] of operations.entries()) {
    try {
      run(operation, index)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      errors.push({ index: new Int32(index), code: new Int32(error.code), ...error.details, errmsg: error.message })
      if (ordered) break
    }
  }
  return errors
}

/** Adds `writeErrors` only when there are any, as the server does. */
export function withWriteErrors(reply: BsonDocument, errors: readonly BsonDocument[]): BsonDocument {
  return errors.length === 0 ? reply : { ...reply, writeErrors: errors }
}
