import { asDocument, fieldOf } from '../bson/value-rank.ts'

const digits = /^(0|[1-9]\d*)$/

export function isArrayIndex(part: string): boolean {
  return digits.test(part)
}

/**
 * Visits every value that a dotted path reaches, with MongoDB's implicit array traversal: a field name descends into
 * each document of an array, a number is an index (or a field name of the array's documents). A path that ends nowhere
 * visits `undefined` once per place. Stops and returns true when the visitor does.
 */
export function visitPath(
  value: unknown,
  parts: readonly string[],
  position: number,
  visit: (value: unknown) => boolean,
): boolean {
  if (position === parts.length) return visit(value)
  const part = parts[position]!
  if (Array.isArray(value)) {
    if (
      isArrayIndex(part) &&
      Number(part) < value.length &&
      visitPath(value[Number(part)], parts, position + 1, visit)
    ) {
      return true
    }
    for (const item of value) {
      if (asDocument(item) && visitPath(item, parts, position, visit)) return true
    }
    return false
  }
  const document = asDocument(value)
  if (!document) return visit(undefined)
  return visitPath(fieldOf(document, part), parts, position + 1, visit)
}

/** Like {@link visitPath}, and a final array is visited item by item, then as a whole: how `{a: 1}` matches `[1, 2]`. */
export function visitLeaves(document: unknown, parts: readonly string[], visit: (value: unknown) => boolean): boolean {
  return visitPath(document, parts, 0, (value) => {
    if (Array.isArray(value) && value.some((item) => visit(item))) return true
    return visit(value)
  })
}
