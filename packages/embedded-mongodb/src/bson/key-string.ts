import type { BSONRegExp, Code, Decimal128, Long, ObjectId, Timestamp } from 'bson'
import { Binary } from 'bson'
import type { Numeric } from './numeric.ts'
import { doubleToExact, fitsDouble, subtractExact, toDouble, toExact } from './numeric.ts'
import { asDocument, rank, rankOf } from './value-rank.ts'

/**
 * Order-preserving encoding of BSON values: for any two values, comparing the bytes gives MongoDB's order, and equal
 * values (1, 1.0, Long 1, Decimal 1.0) give equal bytes. No encoding is a prefix of another, so encodings concatenate
 * into compound keys and may be inverted byte by byte for descending fields. Index tables, `_id` lookup, sort and
 * grouping all compare these bytes.
 */
class KeyWriter {
  private buffer = Buffer.allocUnsafe(4096)
  length = 0

  reset(): void {
    this.length = 0
  }

  ensure(extra: number): void {
    if (this.length + extra <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + extra))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
  }

  byte(value: number): void {
    this.ensure(1)
    this.buffer[this.length++] = value
  }

  bytes(value: Uint8Array): void {
    this.ensure(value.length)
    this.buffer.set(value, this.length)
    this.length += value.length
  }

  uint32(value: number): void {
    this.ensure(4)
    this.length = this.buffer.writeUInt32BE(value, this.length)
  }

  int64(value: bigint): void {
    this.ensure(8)
    this.length = this.buffer.writeBigUInt64BE(BigInt.asUintN(64, value + 2n ** 63n), this.length)
  }

  double(value: number): void {
    this.ensure(8)
    this.length = this.buffer.writeDoubleBE(value, this.length)
  }

  /** UTF-8 with 0x00 escaped as 0x00 0xFF, ended by 0x00 0x01: shorter text sorts first. */
  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.ensure(size + 2)
    if (value.includes('\0')) {
      for (const byte of Buffer.from(value)) {
        this.byte(byte)
        if (byte === 0) this.byte(0xff)
      }
      this.ensure(2)
    } else {
      this.length += this.buffer.write(value, this.length, 'utf8')
    }
    this.buffer[this.length++] = 0x00
    this.buffer[this.length++] = 0x01
  }

  invert(from: number): void {
    for (let i = from; i < this.length; i++) this.buffer[i] = this.buffer[i]! ^ 0xff
  }

  copy(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length))
  }
}

const writer = new KeyWriter()

/** Encodes the values of one key; `directions[i] < 0` makes component i sort descending. */
export function encodeKey(values: readonly unknown[], directions?: readonly number[]): Buffer {
  writer.reset()
  for (let i = 0; i < values.length; i++) {
    const start = writer.length
    writeValue(values[i])
    if (directions && directions[i]! < 0) writer.invert(start)
  }
  return writer.copy()
}

/** Encodes one value, ascending. */
export function encodeValue(value: unknown): Buffer {
  writer.reset()
  writeValue(value)
  return writer.copy()
}

/** A string that is equal for equal values: a key for `Map` and `Set`. */
export function hashKey(value: unknown): string {
  return encodeValue(value).toString('latin1')
}

function writeValue(value: unknown): void {
  const type = rankOf(value)
  writer.byte(type)
  switch (type) {
    case rank.number:
      return writeNumber(value as Numeric)
    case rank.string:
      return writer.text(typeof value === 'string' ? value : String(value))
    case rank.object:
      return writeObject(value)
    case rank.array:
      for (const item of value as unknown[]) writeValue(item)
      return writer.byte(0)
    case rank.binary:
      return writeBinary(value as Binary | Uint8Array)
    case rank.objectId:
      return writer.bytes((value as ObjectId).id)
    case rank.boolean:
      return writer.byte(value ? 2 : 1)
    case rank.date:
      return writeDate(value as Date)
    case rank.timestamp:
      return writer.bytes(timestampBytes(value as Timestamp))
    case rank.regex:
      writer.text(value instanceof RegExp ? value.source : (value as BSONRegExp).pattern)
      return writer.text(value instanceof RegExp ? value.flags : (value as BSONRegExp).options)
    case rank.code:
      return writer.text((value as Code).code)
    case rank.codeWithScope:
      writer.text((value as Code).code)
      return writeObject((value as Code).scope)
  }
}

/** Fields compare by type, then name, then value, in document order. */
function writeObject(value: unknown): void {
  const document = asDocument(value) ?? {}
  for (const name of Object.keys(document)) {
    const field = document[name]
    if (field === undefined) continue
    writer.byte(rankOf(field))
    writer.text(name)
    writeValue(field)
  }
  writer.byte(0)
}

function writeBinary(value: Binary | Uint8Array): void {
  const bytes = value instanceof Binary ? value.value() : value
  writer.uint32(bytes.length)
  writer.byte(value instanceof Binary ? value.sub_type : 0)
  writer.bytes(bytes)
}

function writeDate(value: Date): void {
  const time = value.getTime()
  writer.int64(Number.isNaN(time) ? -(2n ** 63n) : BigInt(time))
}

function timestampBytes(value: Timestamp): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeUInt32BE(value.t, 0)
  bytes.writeUInt32BE(value.i, 4)
  return bytes
}

/** First byte after the number rank. NaN sorts below every other number; see {@link numberFloor}. */
const sign = { nan: 0x01, negative: 0x02, zero: 0x03, positive: 0x04 }

/** Smallest key prefix of a number that is not NaN: range filters start here, because `$lt` never matches NaN. */
export const numberFloor = Buffer.from([rank.number, sign.negative])

function writeNumber(value: Numeric): void {
  const double = toDouble(value)
  if (Number.isNaN(double)) return writer.byte(sign.nan)
  const exactInDouble = fitsDouble(value)
  const negative = exactInDouble ? double < 0 : double < 0 || String(value).startsWith('-')
  if (double === 0 && (exactInDouble || toExact(value)?.coefficient === 0n)) return writer.byte(sign.zero)
  writer.byte(negative ? sign.negative : sign.positive)
  const start = writer.length
  if (exactInDouble) {
    writer.double(Math.abs(double))
    writer.byte(0)
  } else {
    writeWideMagnitude(value as Long | Decimal128 | bigint, Math.abs(double))
  }
  if (negative) writer.invert(start)
}

/** Longs and decimals that a double cannot hold: the double just below, then the exact remainder. */
function writeWideMagnitude(value: Long | Decimal128 | bigint, approximate: number): void {
  const exact = toExact(value)
  if (!exact) {
    writer.double(approximate)
    return writer.byte(0)
  }
  const magnitude = { ...exact, coefficient: exact.coefficient < 0n ? -exact.coefficient : exact.coefficient }
  let floor = Math.min(approximate, Number.MAX_VALUE)
  let remainder = subtractExact(magnitude, doubleToExact(floor)!)
  if (remainder.coefficient < 0n) {
    floor = previousDouble(floor)
    remainder = subtractExact(magnitude, doubleToExact(floor)!)
  }
  writer.double(floor)
  if (remainder.coefficient === 0n) return writer.byte(0)
  const digits = remainder.coefficient.toString().replace(/0+$/, '')
  const leadingPosition = remainder.coefficient.toString().length + remainder.exponent
  writer.byte(1)
  writer.uint32(leadingPosition + 0x8000_0000)
  for (const digit of digits) writer.byte(Number(digit) + 1)
  writer.byte(0)
}

function previousDouble(positive: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, positive)
  view.setBigUint64(0, view.getBigUint64(0) - 1n)
  return view.getFloat64(0)
}
