import type { BsonDocument } from '../bson/codec.ts'
import { asDocument, fieldOf } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import type { FilterNode } from '../query/filter-tree.ts'
import { isArrayIndex } from '../query/path-walk.ts'
import { matchedIndex } from '../query/positional.ts'
import { showValue } from '../bson/show-value.ts'
import type { ArrayFilters } from './array-filters.ts'

export type PathParts = readonly string[]

/** Arrays grow by at most this many nulls to reach an index. */
const maxArrayPadding = 1_500_000

/** Replaces `$`, `$[]` and `$[name]` by the indexes they stand for in this document. */
export function concretePaths(
  document: BsonDocument,
  parts: PathParts,
  filters: ArrayFilters,
  query: FilterNode,
): string[][] {
  const position = parts.findIndex(isPositional)
  if (position < 0) return [[...parts]]
  const before = parts.slice(0, position)
  const array = readPath(document, before)
  const indexes = selectIndexes(array, parts[position]!, before, filters, query)
  return indexes.flatMap((index) =>
    concretePaths(document, [...before, String(index), ...parts.slice(position + 1)], filters, query),
  )
}

export function isPositional(part: string): boolean {
  return part === '$' || (part.startsWith('$[') && part.endsWith(']'))
}

function selectIndexes(
  array: unknown,
  token: string,
  before: PathParts,
  filters: ArrayFilters,
  query: FilterNode,
): number[] {
  const path = before.join('.')
  if (token === '$') {
    // The query names the array without the indexes of outer arrays.
    const index = Array.isArray(array)
      ? matchedIndex(query, before.filter((part) => !isArrayIndex(part)).join('.'), array)
      : undefined
    if (index === undefined)
      throw new CommandError('BadValue', 'The positional operator did not find the match needed from the query.')
    return [index]
  }
  if (array === undefined) {
    throw new CommandError('BadValue', `The path '${path}' must exist in the document in order to apply array updates.`)
  }
  if (!Array.isArray(array))
    throw new CommandError(
      'BadValue',
      `Cannot apply array updates to non-array element ${before.at(-1)}: ${showValue(array)}`,
    )
  const accepts = filters.test(token.slice(2, -1))
  return array.flatMap((item, index) => (accepts(item) ? [index] : []))
}

/** The value at a path without implicit array traversal. */
export function readPath(document: BsonDocument, parts: PathParts): unknown {
  let value: unknown = document
  for (const part of parts) {
    if (Array.isArray(value)) value = isArrayIndex(part) ? value[Number(part)] : undefined
    else {
      const inner = asDocument(value)
      value = inner ? fieldOf(inner, part) : undefined
    }
  }
  return value
}

/** Stores a value, creating documents on the way. Throws `PathNotViable` when a scalar or an array is in the way. */
export function writePath(document: BsonDocument, parts: PathParts, value: unknown): void {
  let container: BsonDocument | unknown[] = document
  parts.slice(0, -1).forEach((part, position) => {
    const existing = childOf(container, part)
    const next = existing === undefined ? {} : descend(existing, part, parts[position + 1]!)
    if (existing === undefined) setChild(container, part, next)
    container = next
  })
  setChild(container, parts.at(-1)!, value)
}

function childOf(container: BsonDocument | unknown[], part: string): unknown {
  return Array.isArray(container) ? container[Number(part)] : fieldOf(container, part)
}

function descend(value: unknown, part: string, next: string): BsonDocument | unknown[] {
  const viable = Array.isArray(value) ? isArrayIndex(next) : asDocument(value) !== undefined
  if (!viable)
    throw new CommandError('PathNotViable', `Cannot create field '${next}' in element {${part}: ${showValue(value)}}`)
  return value as BsonDocument | unknown[]
}

function setChild(container: BsonDocument | unknown[], part: string, value: unknown): void {
  if (!Array.isArray(container)) {
    // defineProperty: a field may be named __proto__.
    Object.defineProperty(container, part, { value, writable: true, enumerable: true, configurable: true })
    return
  }
  const index = Number(part)
  if (index > container.length + maxArrayPadding)
    throw new CommandError('BadValue', `can't backfill more than ${maxArrayPadding} elements`)
  while (container.length < index) container.push(null)
  container[index] = value
}

/** Removes a field; an array item becomes null, so the others keep their index. */
export function removePath(document: BsonDocument, parts: PathParts): void {
  const container = readPath(document, parts.slice(0, -1))
  const part = parts.at(-1)!
  if (Array.isArray(container)) {
    if (isArrayIndex(part) && Number(part) < container.length) container[Number(part)] = null
    return
  }
  const inner = asDocument(container)
  if (inner) delete inner[part]
}
