import type { BsonDocument } from './codec.ts'
import { encode } from './codec.ts'
import { elementType, joinElements } from './raw-document.ts'

/** An already encoded document, placed in a reply without decoding it. */
export class RawDocument {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

/** Already encoded documents, placed in a reply as an array. */
export class RawDocumentList {
  readonly documents: readonly Buffer[]
  constructor(documents: readonly Buffer[]) {
    this.documents = documents
  }
}

/** Encodes a reply whose top-level or second-level values may be {@link RawDocument} or {@link RawDocumentList}. */
export function encodeReply(reply: BsonDocument): Buffer {
  if (!Object.values(reply).some(holdsRaw)) return encode(reply)
  const parts: Buffer[] = []
  for (const [name, value] of Object.entries(reply)) {
    if (value instanceof RawDocument) parts.push(header(elementType.document, name), value.bytes)
    else if (value instanceof RawDocumentList) parts.push(header(elementType.array, name), encodeList(value.documents))
    else if (holdsRaw(value)) parts.push(header(elementType.document, name), encodeReply(value as BsonDocument))
    else {
      const encoded = encode({ [name]: value })
      parts.push(encoded.subarray(4, encoded.length - 1))
    }
  }
  return joinElements(parts)
}

function holdsRaw(value: unknown): boolean {
  if (value instanceof RawDocument || value instanceof RawDocumentList) return true
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false
  return Object.values(value).some((inner) => inner instanceof RawDocument || inner instanceof RawDocumentList)
}

function header(type: number, name: string): Buffer {
  return Buffer.from(`${String.fromCharCode(type)}${name}\0`)
}

function encodeList(documents: readonly Buffer[]): Buffer {
  const parts: Buffer[] = []
  documents.forEach((document, index) => parts.push(header(elementType.document, String(index)), document))
  return joinElements(parts)
}
