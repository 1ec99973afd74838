import type { ObjectId } from 'bson'
import { encodeValue } from './key-string.ts'
import type { Numeric } from './numeric.ts'
import { compareNumeric } from './numeric.ts'
import { rank, rankOf } from './value-rank.ts'

const surrogate = /[\ud800-\udfff]/

/** MongoDB's order of any two values, across types. A missing value compares as null. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0
  const rankA = rankOf(a)
  const rankB = rankOf(b)
  if (rankA !== rankB) return rankA < rankB ? -1 : 1
  switch (rankA) {
    case rank.number:
      return compareNumeric(a as Numeric, b as Numeric)
    case rank.string:
      return compareText(String(a), String(b))
    case rank.date:
      return compareOrdered((a as Date).getTime(), (b as Date).getTime())
    case rank.boolean:
      return compareOrdered(Number(a), Number(b))
    case rank.null:
    case rank.minKey:
    case rank.maxKey:
      return 0
    case rank.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id)
    default:
      return Buffer.compare(encodeValue(a), encodeValue(b))
  }
}

/** Equality across numeric types: 1, 1.0, Long 1 and Decimal 1.0 are equal; field order of documents matters. */
export function valuesEqual(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0
}

function compareOrdered(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Code point order, which UTF-16 order is not when surrogates meet characters above U+E000. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : 1
}
