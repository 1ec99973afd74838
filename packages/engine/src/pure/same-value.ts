import { type Canonical, type Field, type Value, codeKey, phoneKey } from '@amis-sync/core'

type Items = readonly Canonical[]

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a.map(codeKey))
  return left.size === new Set(b.map(codeKey)).size && b.every((code) => left.has(codeKey(code)))
}

/** Items by key; an item without a key cannot be told from others and counts as none. */
export function itemsByKey(field: Field, value: Value | undefined): Map<string, Canonical> {
  const items = new Map<string, Canonical>()
  for (const item of (value ?? []) as Items) {
    const key = item[field.items!.key]
    if (typeof key === 'string') items.set(codeKey(key), item)
  }
  return items
}

function sameList(field: Field, a: Value, b: Value): boolean {
  const left = itemsByKey(field, a)
  const right = itemsByKey(field, b)
  if (left.size !== right.size) return false
  for (const [key, item] of left) {
    const other = right.get(key)
    if (!other) return false
    for (const [name, part] of Object.entries(field.items!.fields)) {
      const x = item[name]
      const y = other[name]
      if (x !== undefined && y !== undefined && !sameValue(part, x, y)) return false
    }
  }
  return true
}

/** Do two canonical values mean the same (contract §4.0)? A false flag and an empty one do; an empty list and none do. */
export function sameValue(field: Field, a: Value, b: Value): boolean {
  if (a === b) return true
  switch (field.kind) {
    case 'flag':
      return (a ?? false) === (b ?? false)
    case 'codes':
      return sameSet((a ?? []) as readonly string[], (b ?? []) as readonly string[])
    case 'list':
      return sameList(field, a, b)
    default:
  }
  if (typeof a !== 'string' || typeof b !== 'string') return JSON.stringify(a) === JSON.stringify(b)
  if (field.kind === 'code') return codeKey(a) === codeKey(b)
  if (field.kind === 'phone') return phoneKey(a) === phoneKey(b)
  return false
}

/** Nothing to say: null, an empty set or list. */
export function isEmpty(value: Value): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}
