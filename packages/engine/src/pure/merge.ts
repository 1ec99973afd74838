import type { Canonical, ConflictField, Field, Value } from '@amis-sync/core'
import {
  type Edited,
  type MergeInput,
  type MergeResult,
  type MergeSide,
  type MergeTarget,
  type Pair,
  type Ways,
  choose,
  same,
  waysOf,
} from './merge-choice.ts'
import { itemsByKey } from './same-value.ts'

export type { MergeInput, MergeResult, MergeSide, MergeTarget } from './merge-choice.ts'

class Accumulator {
  readonly base: Record<string, Value | undefined> = {}
  readonly to = { a: { write: {}, items: {} } as MergeTarget, b: { write: {}, items: {} } as MergeTarget }
  readonly known: { a: Record<string, Value>; b: Record<string, Value> } = { a: {}, b: {} }
  readonly conflicts: ConflictField[] = []
}

/**
 * Three-way merge of one record, field by field (design §4.4; D6, D7, D8). Pure. A field that a side does not carry is never cleared
 * by it; where a rule asks a person, the field stays as it is on both sides and stands in `conflicts`.
 */
export function mergeRecord(input: MergeInput): MergeResult {
  const result = new Accumulator()
  const { a, b } = input
  const editedAt = (side: MergeSide) =>
    Object.entries(input.fields).some(([name, field]) => {
      const value = side.current[name]
      return value !== undefined && !same(field, value, side.last[name])
    })
  const sourceEdited = { a: editedAt(a), b: editedAt(b) }
  for (const [name, field] of Object.entries(input.fields)) {
    const pair: Pair = {
      a: a.current[name] ?? (a.current[name] === null ? null : a.last[name]),
      b: b.current[name] ?? (b.current[name] === null ? null : b.last[name]),
      lastA: a.last[name],
      lastB: b.last[name],
      base: input.base[name],
    }
    if (field.kind === 'list') mergeList(result, name, field, pair, input, sourceEdited)
    else mergeField(result, name, field, pair, input, sourceEdited)
  }
  return result
}

function mergeField(
  result: Accumulator,
  name: string,
  field: Field,
  pair: Pair,
  input: MergeInput,
  sourceEdited: Edited,
): void {
  switch (choose(pair, field, name, input, sourceEdited)) {
    case 'agree':
      result.base[name] = pair.a ?? pair.b ?? null
      return
    case 'aToB':
      result.base[name] = pair.a
      result.to.b.write[name] = pair.a ?? null
      return
    case 'bToA':
      result.base[name] = pair.b
      result.to.a.write[name] = pair.b ?? null
      return
    case 'conflict':
      result.conflicts.push({
        field: name,
        values: { [input.a.system]: pair.a ?? null, [input.b.system]: pair.b ?? null },
        base: pair.base ?? null,
      })
  }
  result.base[name] = pair.base
  const a = lookedAt(field, input.a, pair.a, pair.lastA)
  const b = lookedAt(field, input.b, pair.b, pair.lastB)
  if (a !== undefined && !same(field, a, pair.base)) result.known.a[name] = a
  if (b !== undefined && !same(field, b, pair.base)) result.known.b[name] = b
}

/**
 * What counts as seen of a side. An edit that may not leave its owner now (a refused request, a held document) is news again as soon as
 * it may, so it counts as not looked at.
 */
function lookedAt(
  { flow }: Field,
  side: MergeSide,
  value: Value | undefined,
  last: Value | undefined,
): Value | undefined {
  return flow.oneWay === true && flow.owner === side.system && !side.sends ? last : value
}

interface ListMerge {
  readonly result: Accumulator
  readonly name: string
  readonly field: Field
  readonly input: MergeInput
  readonly ways: Ways
  readonly sourceEdited: Edited
  readonly merged: Canonical[]
  readonly known: { readonly a: Canonical[]; readonly b: Canonical[] }
  readonly changes: { readonly a: Canonical[]; readonly b: Canonical[] }
  /** An item was added or removed there. */
  readonly rebuilt: { a: boolean; b: boolean }
  /** The sides differ, and that is right. */
  apart: boolean
}

/** Items merge by key, never by position. An item that only one side has was added there, or removed at the other (base tells). */
function mergeList(
  result: Accumulator,
  name: string,
  field: Field,
  pair: Pair,
  input: MergeInput,
  sourceEdited: Edited,
): void {
  if (pair.a === undefined && pair.b === undefined) return
  const ways = waysOf(field, name, input)
  const list: ListMerge = {
    result,
    name,
    field,
    input,
    ways,
    sourceEdited,
    merged: [],
    known: { a: [], b: [] },
    changes: { a: [], b: [] },
    rebuilt: { a: false, b: false },
    apart: false,
  }
  const by = (value: Value | undefined) => itemsByKey(field, value)
  const items = { a: by(pair.a), b: by(pair.b), lastA: by(pair.lastA), lastB: by(pair.lastB), base: by(pair.base) }
  for (const key of new Set([...items.a.keys(), ...items.b.keys()])) {
    const a = items.a.get(key)
    const b = items.b.get(key)
    const base = items.base.get(key)
    if (a === undefined && pair.a !== undefined) loneItem(list, b!, base, 'b')
    else if (b === undefined && pair.b !== undefined) loneItem(list, a!, base, 'a')
    else mergeItem(list, { a, b, lastA: items.lastA.get(key), lastB: items.lastB.get(key), base })
  }
  result.base[name] = list.merged
  for (const side of ['a', 'b'] as const) {
    if (list.changes[side].length === 0 && !list.rebuilt[side]) continue
    result.to[side].write[name] = list.merged
    result.to[side].items[name] = list.changes[side]
  }
  if (list.apart) {
    result.known.a[name] = list.known.a
    result.known.b[name] = list.known.b
  }
}

/** An item that only `side` has. */
function loneItem(list: ListMerge, item: Canonical, base: Canonical | undefined, side: 'a' | 'b'): void {
  const other = side === 'a' ? 'b' : 'a'
  const sends = side === 'a' ? list.ways.aToB : list.ways.bToA
  const otherSends = side === 'a' ? list.ways.bToA : list.ways.aToB
  const asserts = (from: 'a' | 'b') => list.field.flow.reassert === true && list.sourceEdited[from]
  if ((base !== undefined || asserts(other)) && otherSends) {
    list.rebuilt[side] = true
    return
  }
  list.known[side].push(item)
  if ((base === undefined || asserts(side)) && sends) {
    list.merged.push(item)
    list.changes[other].push(item)
    list.rebuilt[other] = true
    return
  }
  list.apart = true
  if (base !== undefined) list.merged.push(base)
}

interface ItemPair {
  readonly a: Canonical | undefined
  readonly b: Canonical | undefined
  readonly lastA: Canonical | undefined
  readonly lastB: Canonical | undefined
  readonly base: Canonical | undefined
}

function mergeItem(list: ListMerge, items: ItemPair): void {
  const { key, fields } = list.field.items!
  const one = new Accumulator()
  for (const [part, field] of Object.entries(fields)) {
    const path = `${list.name}[].${part}`
    const [lastA, lastB] = [items.lastA?.[part], items.lastB?.[part]]
    // A part that a side does not read counts as what it showed last.
    const a = items.a?.[part] === undefined ? lastA : items.a[part]
    const b = items.b?.[part] === undefined ? lastB : items.b[part]
    mergeField(
      one,
      part,
      field,
      { a, b, lastA, lastB, base: items.base?.[part] },
      nested(list.input, path, part),
      list.sourceEdited,
    )
  }
  for (const conflict of one.conflicts)
    list.result.conflicts.push({ ...conflict, field: `${list.name}[].${conflict.field}` })
  const keyPart = { [key]: (items.a ?? items.b)![key] }
  list.merged.push({ ...keyPart, ...one.base })
  for (const side of ['a', 'b'] as const) {
    list.known[side].push({ ...keyPart, ...one.base, ...one.known[side] })
    if (Object.keys(one.known[side]).length > 0) list.apart = true
    if (Object.keys(one.to[side].write).length > 0) list.changes[side].push({ ...keyPart, ...one.to[side].write })
  }
}

/** The same merge, seen from inside a list: paths are `list[].part`. */
function nested(input: MergeInput, path: string, part: string): MergeInput {
  const wrap = (side: MergeSide): MergeSide => ({
    ...side,
    writable: () => side.writable(path),
    ...(side.sendsOnly ? { sendsOnly: side.sendsOnly.has(path) ? new Set([part]) : new Set<string>() } : {}),
  })
  return { ...input, a: wrap(input.a), b: wrap(input.b) }
}
