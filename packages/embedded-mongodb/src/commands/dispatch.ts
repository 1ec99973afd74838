import { BSONError, Double, Int32 } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { decode, decodeKeepingRaw } from '../bson/codec.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { MalformedBsonError } from '../bson/raw-document.ts'
import { encodeReply } from '../bson/raw-reply.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { Request } from '../wire/message.ts'
import type { ServerState } from './context.ts'
import { commands, genericFields } from './registry.ts'

const ok = new Double(1)

/** Runs one request and encodes its reply. Whatever goes wrong becomes an error reply of the server's form. */
export function dispatch(server: ServerState, request: Request, connectionId: number): Buffer {
  try {
    return encodeReply({ ...runCommand(server, request, connectionId), ok })
  } catch (error) {
    return encodeReply(errorReply(toCommandError(error)))
  }
}

function runCommand(server: ServerState, request: Request, connectionId: number): BsonDocument {
  const name = commandName(request.body)
  // Documents to insert are stored as they came; everything else is read.
  const command = name === 'insert' ? decodeKeepingRaw(request.body, { documents: true }) : decode(request.body)
  const registered = commands.get(name)
  if (!registered) throw new CommandError('CommandNotFound', `no such command: '${name}'`)
  assertGenericOptions(command)
  if (registered.fields !== 'any') assertKnownFields(name, command, registered.fields)
  const database = request.legacyDatabase ?? command['$db']
  if (typeof database !== 'string') throw new CommandError('Location40414', 'OP_MSG requests require a $db argument')
  return registered.run({ server, connectionId, name, database, command, sequences: request.sequences })
}

/** The name of the first element. */
function commandName(body: Buffer): string {
  const end = body.indexOf(0, 5)
  return body.length <= 5 || end < 0 ? '' : body.toString('utf8', 5, end)
}

function assertKnownFields(name: string, command: BsonDocument, fields: ReadonlySet<string>): void {
  for (const field of Object.keys(command)) {
    if (field !== name && !fields.has(field) && !genericFields.has(field)) {
      throw new CommandError('Location40415', `BSON field '${name}.${field}' is an unknown field.`)
    }
  }
}

/** A standalone server has no transactions and one member. */
function assertGenericOptions(command: BsonDocument): void {
  if (
    command['txnNumber'] !== undefined ||
    command['startTransaction'] !== undefined ||
    command['autocommit'] !== undefined
  ) {
    throw new CommandError('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos')
  }
  const w = asDocument(command['writeConcern'])?.['w']
  if (isNumeric(w) && toDouble(w) > 1)
    throw new CommandError('BadValue', "cannot use 'w' > 1 when a host is not replicated")
  const level = asDocument(command['readConcern'])?.['level']
  if (level === 'snapshot' || level === 'linearizable') {
    throw new CommandError('InvalidOptions', `read concern level ${level} is not supported on a standalone server`)
  }
}

function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  if (error instanceof BSONError || error instanceof MalformedBsonError)
    return new CommandError('InvalidBSON', error.message)
  const message = error instanceof Error ? error.message : String(error)
  const unknownOperator = /accumulator '(\$\w+)' is not registered/.exec(message)
  if (unknownOperator)
    return new CommandError('InvalidPipelineOperator', `Unrecognized expression '${unknownOperator[1]!}'`)
  // mingo reports faulty expressions as plain errors; everything else is our fault or SQLite's.
  const plain = error instanceof Error && (error.constructor === Error || error.constructor.name === 'MingoError')
  return new CommandError(plain && !('code' in error) ? 'BadValue' : 'InternalError', message)
}

function errorReply(error: CommandError): BsonDocument {
  return {
    ok: new Double(0),
    errmsg: error.message,
    code: new Int32(error.code),
    codeName: error.codeName,
    ...error.details,
  }
}
