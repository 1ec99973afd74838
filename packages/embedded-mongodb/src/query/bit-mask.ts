import { Binary } from 'bson'
import { CommandError } from '../errors.ts'
import { toBigInt } from '../bson/arithmetic.ts'
import { isNumeric, numberKind, toDouble, toInteger } from '../bson/numeric.ts'

/** The bits that a `$bits…` operand names: a number, a list of positions, or binary data (little endian). */
export function parseBitOperand(name: string, operand: unknown): bigint {
  if (Array.isArray(operand)) {
    let mask = 0n
    for (const position of operand) {
      const bit = toInteger(position)
      if (bit === undefined || bit < 0) throw new CommandError('BadValue', `bit positions of ${name} must be >= 0`)
      mask |= 1n << BigInt(bit)
    }
    return mask
  }
  if (operand instanceof Binary) return binaryBits(operand)
  const number = toInteger(operand)
  if (number === undefined || number < 0)
    throw new CommandError('BadValue', `${name} takes an Array, a number, or a BinData`)
  return BigInt(number)
}

function binaryBits(value: Binary): bigint {
  let bits = 0n
  value.value().forEach((byte, index) => (bits |= BigInt(byte) << BigInt(8 * index)))
  return bits
}

/** The bits of a stored value (two's complement, sign extended), or undefined when it has none. */
export function bitsOf(value: unknown): bigint | undefined {
  if (value instanceof Binary) return binaryBits(value)
  if (!isNumeric(value)) return undefined
  const kind = numberKind(value)
  if ((kind === 'double' || kind === 'decimal') && !Number.isSafeInteger(toDouble(value))) return undefined
  return kind === 'decimal' ? BigInt(toDouble(value)) : toBigInt(value)
}
