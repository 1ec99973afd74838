/** Working on encoded documents without decoding them: scanning, picking fields, validating, moving `_id` first. */

/** BSON element types that the code names. */
export const elementType = { double: 0x01, string: 0x02, document: 0x03, array: 0x04 } as const

export class MalformedBsonError extends Error {
  override readonly name = 'MalformedBsonError'
}

/** Called per element with its type, name and byte range `[start, end)`; `valueStart` follows the name's 0x00. */
export type ElementVisitor = (type: number, name: string, start: number, valueStart: number, end: number) => void

/** Visits the top-level elements of a document in order. Throws {@link MalformedBsonError} when sizes do not add up. */
export function scanElements(raw: Buffer, visit: ElementVisitor): void {
  const size = documentSize(raw, 0)
  if (size !== raw.length) throw new MalformedBsonError('The document length does not match its bytes')
  let offset = 4
  while (offset < size - 1) {
    const type = raw[offset]!
    const nameEnd = raw.indexOf(0, offset + 1)
    if (nameEnd < 0) throw new MalformedBsonError('A field name has no end')
    const end = nameEnd + 1 + valueSize(raw, type, nameEnd + 1)
    if (end > size - 1) throw new MalformedBsonError('A value runs past the end of its document')
    visit(type, raw.toString('utf8', offset + 1, nameEnd), offset, nameEnd + 1, end)
    offset = end
  }
  if (offset !== size - 1 || raw[offset] !== 0) throw new MalformedBsonError('The document has no end')
}

/** Checks every nested document of `raw`; embedded depth is limited as in MongoDB. */
export function validateDocument(raw: Buffer, depth = 0): void {
  if (depth > 180) throw new MalformedBsonError('The document is nested too deeply')
  scanElements(raw, (type, _name, _start, valueStart, end) => {
    if (type === elementType.document || type === elementType.array)
      validateDocument(raw.subarray(valueStart, end), depth + 1)
    else if (type === elementType.string && raw[end - 1] !== 0) throw new MalformedBsonError('A string has no end')
  })
}

/** Size of the document that starts at `offset`, or throws when it cannot be one. */
export function documentSize(raw: Buffer, offset: number): number {
  if (offset < 0 || offset + 5 > raw.length) throw new MalformedBsonError('The document is cut short')
  const size = raw.readInt32LE(offset)
  if (size < 5 || offset + size > raw.length) throw new MalformedBsonError('The document length is out of range')
  return size
}

const fixedSizes: Record<number, number> = {
  0x01: 8, // double
  0x06: 0, // undefined
  0x07: 12, // ObjectId
  0x08: 1, // boolean
  0x09: 8, // date
  0x0a: 0, // null
  0x10: 4, // int32
  0x11: 8, // timestamp
  0x12: 8, // int64
  0x13: 16, // decimal128
  0x7f: 0, // MaxKey
  0xff: 0, // MinKey
}

function valueSize(raw: Buffer, type: number, offset: number): number {
  const fixed = fixedSizes[type]
  if (fixed !== undefined) return fixed
  switch (type) {
    case 0x02: // string
    case 0x0d: // JavaScript code
    case 0x0e: // symbol
      return 4 + lengthAt(raw, offset, 1)
    case 0x03: // document
    case 0x04: // array
      return documentSize(raw, offset)
    case 0x05: // binary
      return 5 + lengthAt(raw, offset, 0)
    case 0x0b: {
      const patternEnd = raw.indexOf(0, offset)
      const optionsEnd = patternEnd < 0 ? -1 : raw.indexOf(0, patternEnd + 1)
      if (optionsEnd < 0) throw new MalformedBsonError('A regular expression has no end')
      return optionsEnd + 1 - offset
    }
    case 0x0c: // DBPointer
      return 4 + lengthAt(raw, offset, 1) + 12
    case 0x0f: // code with scope
      return lengthAt(raw, offset, 14)
    default:
      throw new MalformedBsonError(`Unknown BSON type 0x${type.toString(16)}`)
  }
}

function lengthAt(raw: Buffer, offset: number, least: number): number {
  if (offset + 4 > raw.length) throw new MalformedBsonError('A length is cut short')
  const length = raw.readInt32LE(offset)
  if (length < least || length > raw.length) throw new MalformedBsonError('A length is out of range')
  return length
}

/** A document with only the named top-level fields, in their stored order. */
export function pickFields(raw: Buffer, names: ReadonlySet<string>): Buffer {
  const parts: Buffer[] = []
  scanElements(raw, (_type, name, start, _valueStart, end) => {
    if (names.has(name)) parts.push(raw.subarray(start, end))
  })
  return joinElements(parts)
}

/** A document without the named top-level fields. */
export function omitFields(raw: Buffer, names: ReadonlySet<string>): Buffer {
  const parts: Buffer[] = []
  scanElements(raw, (_type, name, start, _valueStart, end) => {
    if (!names.has(name)) parts.push(raw.subarray(start, end))
  })
  return joinElements(parts)
}

/** The bytes of the `_id` element, or undefined when the document has none. */
export function idElement(raw: Buffer): Buffer | undefined {
  let found: Buffer | undefined
  scanElements(raw, (_type, name, start, _valueStart, end) => {
    if (name === '_id') found ??= raw.subarray(start, end)
  })
  return found
}

/** The document with `_id` as its first field, as the server stores it; `id` is added when the document has none. */
export function withIdFirst(raw: Buffer, createId: () => Buffer): Buffer {
  const existing = idElement(raw)
  if (!existing) return joinElements([createId(), raw.subarray(4, raw.length - 1)])
  if (existing.byteOffset === raw.byteOffset + 4) return raw
  const start = existing.byteOffset - raw.byteOffset
  return joinElements([existing, raw.subarray(4, start), raw.subarray(start + existing.length, raw.length - 1)])
}

/** Wraps encoded elements into a document. */
export function joinElements(parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 5)
  const document = Buffer.allocUnsafe(size)
  document.writeInt32LE(size, 0)
  let offset = 4
  for (const part of parts) offset += part.copy(document, offset)
  document[offset] = 0
  return document
}
