import { asDocument, fieldOf } from '../bson/value-rank.ts'

/** Value of a field path in an expression: an array maps the rest of the path over its documents. */
export function resolveFieldPath(value: unknown, parts: readonly string[], position = 0): unknown {
  if (position === parts.length) return value
  if (Array.isArray(value)) {
    return value.map((item) => resolveFieldPath(item, parts, position)).filter((item) => item !== undefined)
  }
  const document = asDocument(value)
  return document ? resolveFieldPath(fieldOf(document, parts[position]!), parts, position + 1) : undefined
}
