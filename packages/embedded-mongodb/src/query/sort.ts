import type { BsonDocument } from '../bson/codec.ts'
import { compareValues } from '../bson/compare.ts'
import { encodeKey } from '../bson/key-string.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { asDocument, emptyArrayKey } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { visitPath } from './path-walk.ts'

export interface SortField {
  readonly path: string
  readonly parts: readonly string[]
  readonly direction: 1 | -1
}

export function parseSort(sort: unknown): SortField[] {
  if (sort === undefined || sort === null) return []
  const document = asDocument(sort)
  if (!document) throw new CommandError('TypeMismatch', 'Expected field sort to be of type object')
  return Object.entries(document).map(([path, direction]) => {
    const number = isNumeric(direction) ? toDouble(direction) : 0
    if (number !== 1 && number !== -1) {
      throw new CommandError('BadValue', '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
    }
    if (path === '' || path.split('.').includes(''))
      throw new CommandError('BadValue', 'FieldPath field names may not be empty')
    return { path, parts: path.split('.'), direction: number === 1 ? 1 : -1 }
  })
}

/** Bytes whose order is the sort order. An array sorts by its smallest item ascending, its largest descending. */
export function sortKey(document: BsonDocument, sort: readonly SortField[]): Buffer {
  return encodeKey(
    sort.map((field) => sortValue(document, field)),
    sort.map((field) => field.direction),
  )
}

function sortValue(document: BsonDocument, field: SortField): unknown {
  const candidates: unknown[] = []
  visitPath(document, field.parts, 0, (value) => {
    if (!Array.isArray(value)) candidates.push(value)
    else if (value.length === 0) candidates.push(emptyArrayKey)
    else candidates.push(...value)
    return false
  })
  if (candidates.length === 0) return undefined
  return candidates.reduce((best, value) => (compareValues(value, best) * field.direction < 0 ? value : best))
}
