import { documentSize } from '../bson/raw-document.ts'
import { crc32c } from './crc32c.ts'

/** The MongoDB wire protocol: requests as OP_MSG, and as OP_QUERY for the first hello of old clients. */

export const headerSize = 16
const opReply = 1
const opQuery = 2004
const opMsg = 2013

const flag = { checksumPresent: 1 << 0, moreToCome: 1 << 1 }
/** Bits 0–15 must be understood; bits 16–31 may be ignored. */
const unknownRequiredFlags = 0xffff & ~(flag.checksumPresent | flag.moreToCome)

/** Bytes that are not the wire protocol: the connection cannot continue. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** One request, still encoded. */
export interface Request {
  readonly requestId: number
  readonly operation: 'msg' | 'query'
  readonly body: Buffer
  /** Document sequences (sections of kind 1) by field name. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>
  /** The client waits for no reply (unacknowledged write). */
  readonly noReply: boolean
  /** OP_QUERY only: `admin` of `admin.$cmd`. */
  readonly legacyDatabase?: string
}

/** Parses one complete message. Throws {@link ProtocolError}, or `MalformedBsonError` for sizes that do not add up. */
export function parseMessage(message: Buffer): Request {
  const requestId = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === opMsg) return parseOpMsg(message, requestId)
  if (opCode === opQuery) return parseOpQuery(message, requestId)
  throw new ProtocolError(`Unsupported operation ${opCode}`)
}

function parseOpMsg(message: Buffer, requestId: number): Request {
  if (message.length < headerSize + 4) throw new ProtocolError('The message is too short')
  const flags = message.readUInt32LE(headerSize)
  if (flags & unknownRequiredFlags) throw new ProtocolError('Unknown required flag')
  let end = message.length
  if (flags & flag.checksumPresent) {
    end -= 4
    if (end < headerSize + 4 || crc32c(message.subarray(0, end)) !== message.readUInt32LE(end))
      throw new ProtocolError('Wrong checksum')
  }
  const sections = message.subarray(0, end)
  const sequences = new Map<string, Buffer[]>()
  let body: Buffer | undefined
  let offset = headerSize + 4
  while (offset < end) {
    const kind = sections[offset]!
    if (kind === 0) {
      if (body) throw new ProtocolError('More than one body')
      const size = documentSize(sections, offset + 1)
      body = sections.subarray(offset + 1, offset + 1 + size)
      offset += 1 + size
    } else if (kind === 1) {
      offset = parseSequence(sections, offset + 1, sequences)
    } else {
      throw new ProtocolError(`Unknown section kind ${kind}`)
    }
  }
  if (!body) throw new ProtocolError('The message has no body')
  return { requestId, operation: 'msg', body, sequences, noReply: (flags & flag.moreToCome) !== 0 }
}

function parseSequence(sections: Buffer, start: number, sequences: Map<string, Buffer[]>): number {
  if (start + 4 > sections.length) throw new ProtocolError('A document sequence is cut short')
  const end = start + sections.readInt32LE(start)
  const nameEnd = sections.indexOf(0, start + 4)
  if (end > sections.length || nameEnd < 0 || nameEnd >= end)
    throw new ProtocolError('A document sequence is cut short')
  const name = sections.toString('utf8', start + 4, nameEnd)
  if (sequences.has(name)) throw new ProtocolError(`The document sequence ${name} comes twice`)
  const documents: Buffer[] = []
  let offset = nameEnd + 1
  while (offset < end) {
    const size = documentSize(sections.subarray(0, end), offset)
    documents.push(sections.subarray(offset, offset + size))
    offset += size
  }
  sequences.set(name, documents)
  return end
}

function parseOpQuery(message: Buffer, requestId: number): Request {
  const nameStart = headerSize + 4
  const nameEnd = message.indexOf(0, nameStart)
  if (nameEnd < 0) throw new ProtocolError('The namespace has no end')
  const namespace = message.toString('utf8', nameStart, nameEnd)
  if (!namespace.endsWith('.$cmd')) throw new ProtocolError('OP_QUERY is answered for commands only')
  const offset = nameEnd + 1 + 8
  const size = documentSize(message, offset)
  return {
    requestId,
    operation: 'query',
    body: message.subarray(offset, offset + size),
    sequences: new Map(),
    noReply: false,
    legacyDatabase: namespace.slice(0, -'.$cmd'.length),
  }
}

/** Encodes the answer to a request in the form that the request used. */
export function encodeAnswer(request: Request, reply: Buffer, replyId: number): Buffer {
  const prefixSize = request.operation === 'msg' ? headerSize + 5 : headerSize + 20
  const message = Buffer.allocUnsafe(prefixSize + reply.length)
  message.writeInt32LE(message.length, 0)
  message.writeInt32LE(replyId, 4)
  message.writeInt32LE(request.requestId, 8)
  message.writeInt32LE(request.operation === 'msg' ? opMsg : opReply, 12)
  message.fill(0, headerSize, prefixSize)
  // OP_REPLY: flags, cursor id and starting offset are zero; one document follows.
  if (request.operation === 'query') message.writeInt32LE(1, headerSize + 16)
  reply.copy(message, prefixSize)
  return message
}

/** Encodes a command as OP_MSG, for the small client that asks an owner for its identity. */
export function encodeCommand(body: Buffer, requestId: number): Buffer {
  const message = Buffer.alloc(headerSize + 5 + body.length)
  message.writeInt32LE(message.length, 0)
  message.writeInt32LE(requestId, 4)
  message.writeInt32LE(opMsg, 12)
  body.copy(message, headerSize + 5)
  return message
}
