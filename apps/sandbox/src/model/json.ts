/** Any JSON value, as parsed. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject

/** A JSON object; an absent key reads as undefined. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** True for a JSON object, false for arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Deep equality of JSON values; null and absent are equal, key order does not count. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b || ((a ?? null) === null && (b ?? null) === null)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => sameJson(item as Json, b[index] as Json))
  }
  const left = a as JsonObject
  const right = b as JsonObject
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => sameJson(left[key], right[key]))
}

/** A text or number as text; anything else as the empty text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? `${value}` : ''
}
