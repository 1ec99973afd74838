import type { BsonDocument } from '../bson/codec.ts'
import { encodeKey } from '../bson/key-string.ts'
import { asDocument, emptyArrayKey, fieldOf } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { isArrayIndex } from '../query/path-walk.ts'
import type { IndexDefinition, IndexField } from './index-definition.ts'

/** The keys one document has in one index. */
export interface DocumentKeys {
  /** Distinct encoded keys; empty when the index skips the document. */
  readonly keys: readonly Buffer[]
  /** The decoded values behind `keys[0]`, for the duplicate key message. */
  readonly values: readonly (readonly unknown[])[]
  /** True when an array made the keys: such an index answers fewer questions on its own. */
  readonly multikey: boolean
}

/** How far one index field has been followed into the document. */
interface Slot {
  readonly value: unknown
  readonly rest: readonly string[]
  /** An array item that is itself the key: a nested array is not expanded again. */
  readonly final: boolean
}

/** Computes the keys of a document; one per array item when a path meets an array. */
export function indexKeys(
  definition: Pick<IndexDefinition, 'fields' | 'sparse'>,
  document: BsonDocument,
): DocumentKeys {
  const found = { multikey: false }
  const slots = definition.fields.map((field) => ({ value: document as unknown, rest: field.parts, final: false }))
  const rows = expand(slots, definition.fields, found)
  const wanted = definition.sparse ? rows.filter((row) => row.some((value) => value !== undefined)) : rows
  const directions = definition.fields.map((field) => field.direction)
  if (wanted.length <= 1) {
    return { keys: wanted.map((row) => encodeKey(row, directions)), values: wanted, multikey: found.multikey }
  }
  const distinct = new Map<string, { key: Buffer; row: readonly unknown[] }>()
  for (const row of wanted) {
    const key = encodeKey(row, directions)
    distinct.set(key.toString('latin1'), { key, row })
  }
  const entries = [...distinct.values()].toSorted((a, b) => Buffer.compare(a.key, b.key))
  return {
    keys: entries.map((entry) => entry.key),
    values: entries.map((entry) => entry.row),
    multikey: found.multikey,
  }
}

function expand(slots: readonly Slot[], fields: readonly IndexField[], found: { multikey: boolean }): unknown[][] {
  const advanced = slots.map(advance)
  const array = advanced.find(isOpenArray)?.value as unknown[] | undefined
  if (!array) return [advanced.map((slot) => slot.value)]
  found.multikey = true
  advanced.forEach((slot, index) => {
    if (isOpenArray(slot) && slot.value !== array) throw parallelArrays(advanced, fields, index)
  })
  if (array.length === 0)
    return expand(
      advanced.map((slot) => (slot.value === array ? emptyItem(slot) : slot)),
      fields,
      found,
    )
  return array.flatMap((item) =>
    expand(
      advanced.map((slot) => (isOpenArray(slot) ? itemSlot(slot, item) : slot)),
      fields,
      found,
    ),
  )
}

function isOpenArray(slot: Slot): boolean {
  return !slot.final && Array.isArray(slot.value)
}

/** Follows names through documents, and indexes through arrays, until an array must be expanded or the path ends. */
function advance(slot: Slot): Slot {
  let { value, rest } = slot
  if (slot.final) return slot
  while (rest.length > 0) {
    const part = rest[0]!
    if (Array.isArray(value)) {
      if (!isArrayIndex(part)) break
      value = value[Number(part)]
    } else {
      const document = asDocument(value)
      value = document ? fieldOf(document, part) : undefined
      if (!document) return { value: undefined, rest: [], final: true }
    }
    rest = rest.slice(1)
  }
  return { value, rest, final: slot.final }
}

function itemSlot(slot: Slot, item: unknown): Slot {
  if (slot.rest.length === 0) return { value: item, rest: [], final: true }
  return asDocument(item) ? { value: item, rest: slot.rest, final: false } : { value: undefined, rest: [], final: true }
}

function emptyItem(slot: Slot): Slot {
  return { value: slot.rest.length === 0 ? emptyArrayKey : undefined, rest: [], final: true }
}

function parallelArrays(slots: readonly Slot[], fields: readonly IndexField[], second: number): CommandError {
  const first = slots.findIndex(isOpenArray)
  const names = [fields[second]!, fields[first]!].map((field) => `[${field.parts.at(-1)!}]`).join(' ')
  return new CommandError('CannotIndexParallelArrays', `cannot index parallel arrays ${names}`)
}
