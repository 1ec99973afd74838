import type { Canonical, ConflictField, Field, Fields, Flow, SystemId, Value } from '@amis-sync/core'
import type { ConflictRule } from '../engine-types.ts'
import { isEmpty, itemsByKey, sameValue } from './same-value.ts'

/** One side of a merge. */
export interface MergeSide {
  readonly system: SystemId
  /** What the side shows now; absent fields are not readable there. */
  readonly current: Canonical
  /** What it showed when it was looked at last (base and known); absent fields were never seen. */
  readonly last: Canonical
  /** May the record's edits leave this side now (policy)? `fields` narrows it to a document's way back. */
  readonly sends: boolean
  readonly sendsOnly?: ReadonlySet<string>
  /** Can the field be written at this side? For items: `lines[].delivered`. */
  readonly writable: (path: string) => boolean
  /** Comparable time of the last edit, where the system gives one. */
  readonly editedAt?: number
}

export interface MergeInput {
  readonly fields: Fields
  readonly a: MergeSide
  readonly b: MergeSide
  /** Absent fields were never agreed on. */
  readonly base: Canonical
  readonly rule: (field: string, flow: Flow) => ConflictRule
}

/** What is to be written at one side, and what is known of it afterwards. */
export interface MergeTarget {
  /** Field → new value. Lists that changed come whole. */
  readonly write: Record<string, Value>
  /** For lists: only the items that change, with their key and the changed columns. */
  readonly items: Record<string, readonly Canonical[]>
}

export interface MergeResult {
  /** Agreed values, were everything written. */
  readonly base: Canonical
  readonly to: { readonly a: MergeTarget; readonly b: MergeTarget }
  /** Fields on which the sides rightly differ, by side. */
  readonly known: { readonly a: Canonical; readonly b: Canonical }
  readonly conflicts: readonly ConflictField[]
}

type Choice = 'agree' | 'aToB' | 'bToA' | 'apart' | 'conflict'

interface Pair {
  readonly a: Value | undefined
  readonly b: Value | undefined
  readonly lastA: Value | undefined
  readonly lastB: Value | undefined
  readonly base: Value | undefined
}

interface Ways {
  readonly aToB: boolean
  readonly bToA: boolean
  readonly twoWay: boolean
}

function same(field: Field, x: Value | undefined, y: Value | undefined): boolean {
  return x === undefined || y === undefined ? x === y : sameValue(field, x, y)
}

function waysOf(field: Field, path: string, input: MergeInput): Ways {
  const { owner, oneWay, fixed } = field.flow
  const may = (from: MergeSide, to: MergeSide) =>
    !fixed &&
    from.sends &&
    (from.sendsOnly === undefined || from.sendsOnly.has(path)) &&
    to.writable(path) &&
    (!oneWay || owner === from.system)
  return { aToB: may(input.a, input.b), bToA: may(input.b, input.a), twoWay: !oneWay && !fixed }
}

function byRule(path: string, field: Field, input: MergeInput): 'a' | 'b' | 'ask' {
  const rule = input.rule(path.split('[].')[0]!, field.flow)
  if (rule === input.a.system) return 'a'
  if (rule === input.b.system) return 'b'
  const { editedAt: a } = input.a
  const { editedAt: b } = input.b
  if (rule !== 'newest' || a === undefined || b === undefined || a === b) return 'ask'
  return a > b ? 'a' : 'b'
}

/** Two-way field: an edit is a difference from the last agreed value. */
function chooseShared(pair: Pair, field: Field, path: string, ways: Ways, input: MergeInput): Choice {
  const { a, b, base } = pair
  const never = base === undefined
  const edited = (value: Value | undefined) => (never ? value !== undefined && !isEmpty(value) : !same(field, value, base))
  const editedA = edited(a)
  const editedB = edited(b)
  if (editedA && editedB) {
    if (!ways.aToB && !ways.bToA) return 'apart'
    const winner = byRule(path, field, input)
    if (winner === 'ask') return 'conflict'
    return winner === 'a' ? (ways.aToB ? 'aToB' : 'apart') : ways.bToA ? 'bToA' : 'apart'
  }
  if (editedA) return ways.aToB ? 'aToB' : 'apart'
  if (editedB) return ways.bToA ? 'bToA' : 'apart'
  return 'apart'
}

/** One-way field: an edit is a difference from what the side showed last. */
function chooseOneWay(pair: Pair, field: Field, ways: Ways, sourceEdited: { a: boolean; b: boolean }): Choice {
  const reassert = field.flow.reassert === true
  if (ways.aToB && (!same(field, pair.a, pair.lastA) || (reassert && sourceEdited.a))) return 'aToB'
  if (ways.bToA && (!same(field, pair.b, pair.lastB) || (reassert && sourceEdited.b))) return 'bToA'
  return 'apart'
}

function choose(pair: Pair, field: Field, path: string, input: MergeInput, sourceEdited: { a: boolean; b: boolean }): Choice {
  if (pair.a === undefined && pair.b === undefined) return 'apart'
  if (same(field, pair.a, pair.b)) return 'agree'
  const ways = waysOf(field, path, input)
  if (pair.a === undefined && !ways.bToA) return 'agree'
  if (pair.b === undefined && !ways.aToB) return 'agree'
  return ways.twoWay ? chooseShared(pair, field, path, ways, input) : chooseOneWay(pair, field, ways, sourceEdited)
}

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
  sourceEdited: { a: boolean; b: boolean },
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
  if (pair.a !== undefined && !same(field, pair.a, pair.base)) result.known.a[name] = pair.a
  if (pair.b !== undefined && !same(field, pair.b, pair.base)) result.known.b[name] = pair.b
}

function mergeList(
  result: Accumulator,
  name: string,
  field: Field,
  pair: Pair,
  input: MergeInput,
  sourceEdited: { a: boolean; b: boolean },
): void {
  if (pair.a === undefined && pair.b === undefined) return
  const items = field.items!
  const [inA, inB, lastA, lastB, inBase] = [pair.a, pair.b, pair.lastA, pair.lastB, pair.base].map((value) =>
    itemsByKey(field, value),
  ) as [Map<string, Canonical>, Map<string, Canonical>, Map<string, Canonical>, Map<string, Canonical>, Map<string, Canonical>]
  const ways = waysOf(field, name, input)
  const readsA = pair.a !== undefined
  const readsB = pair.b !== undefined
  const merged: Canonical[] = []
  const knownA: Canonical[] = []
  const knownB: Canonical[] = []
  const changes = { a: [] as Canonical[], b: [] as Canonical[] }
  let apart = false
  const rebuilt = { a: false, b: false }
  for (const key of new Set([...inA.keys(), ...inB.keys(), ...inBase.keys()])) {
    const [itemA, itemB] = [inA.get(key), inB.get(key)]
    const known = inBase.get(key)
    const keyPart = { [items.key]: (itemA ?? itemB ?? known)![items.key] }
    if (!itemA && !itemB) continue
    if (!itemA && readsA) {
      // Added at B, or removed at A.
      if (known !== undefined && ways.aToB) {
        rebuilt.b = true
        continue
      }
      if (known === undefined && ways.bToA) {
        merged.push(itemB!)
        changes.a.push(itemB!)
        rebuilt.a = true
      } else {
        apart = true
        if (known !== undefined) merged.push(known)
      }
      knownB.push(itemB!)
      continue
    }
    if (!itemB && readsB) {
      // Added at A, or removed at B.
      if (known !== undefined && ways.bToA) {
        rebuilt.a = true
        continue
      }
      merged.push(itemA!)
      if (ways.aToB) {
        changes.b.push(itemA!)
        rebuilt.b = true
      } else apart = true
      knownA.push(itemA!)
      continue
    }
    const one = new Accumulator()
    for (const [part, partField] of Object.entries(items.fields)) {
      const partPair: Pair = {
        a: itemA?.[part],
        b: itemB?.[part],
        lastA: lastA.get(key)?.[part],
        lastB: lastB.get(key)?.[part],
        base: known?.[part],
      }
      const path = `${name}[].${part}`
      const before = one.conflicts.length
      mergeField(one, part, partField, completed(partPair), nested(input, path, part), sourceEdited)
      if (one.conflicts.length > before) result.conflicts.push({ ...one.conflicts.at(-1)!, field: path })
    }
    merged.push({ ...keyPart, ...one.base })
    knownA.push({ ...keyPart, ...one.base, ...one.known.a })
    knownB.push({ ...keyPart, ...one.base, ...one.known.b })
    if (Object.keys(one.known.a).length + Object.keys(one.known.b).length > 0) apart = true
    if (Object.keys(one.to.a.write).length > 0) changes.a.push({ ...keyPart, ...one.to.a.write })
    if (Object.keys(one.to.b.write).length > 0) changes.b.push({ ...keyPart, ...one.to.b.write })
  }
  result.base[name] = merged
  for (const side of ['a', 'b'] as const) {
    if (changes[side].length === 0 && !rebuilt[side]) continue
    result.to[side].write[name] = merged
    result.to[side].items[name] = changes[side]
  }
  if (apart) {
    result.known.a[name] = knownA
    result.known.b[name] = knownB
  }
}

/** A part that one side does not read counts as what it showed last. */
function completed(pair: Pair): Pair {
  return {
    ...pair,
    a: pair.a === undefined ? pair.lastA : pair.a,
    b: pair.b === undefined ? pair.lastB : pair.b,
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
