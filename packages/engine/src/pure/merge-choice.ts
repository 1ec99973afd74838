import type { Canonical, ConflictField, Field, Fields, Flow, SystemId, Value } from '@amis-sync/core'
import type { ConflictRule } from '../engine-types.ts'
import { isEmpty, sameValue } from './same-value.ts'

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

export type Choice = 'agree' | 'aToB' | 'bToA' | 'apart' | 'conflict'

export interface Pair {
  readonly a: Value | undefined
  readonly b: Value | undefined
  readonly lastA: Value | undefined
  readonly lastB: Value | undefined
  readonly base: Value | undefined
}

/** Did a side's record change since it was looked at last? */
export interface Edited {
  readonly a: boolean
  readonly b: boolean
}

export interface Ways {
  readonly aToB: boolean
  readonly bToA: boolean
  readonly twoWay: boolean
}

export function same(field: Field, x: Value | undefined, y: Value | undefined): boolean {
  return x === undefined || y === undefined ? x === y : sameValue(field, x, y)
}

export function waysOf(field: Field, path: string, input: MergeInput): Ways {
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
  const edited = (value: Value | undefined) =>
    never ? value !== undefined && !isEmpty(value) : !same(field, value, base)
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

/** One-way field: an edit is a difference from what the side showed last. What was never seen filled was not cleared (D8). */
function chooseOneWay(pair: Pair, field: Field, ways: Ways, sourceEdited: Edited): Choice {
  const reassert = field.flow.reassert === true
  const edited = (value: Value | undefined, last: Value | undefined) =>
    last === undefined ? value !== undefined && !isEmpty(value) : !same(field, value, last)
  if (ways.aToB && (edited(pair.a, pair.lastA) || (reassert && sourceEdited.a))) return 'aToB'
  if (ways.bToA && (edited(pair.b, pair.lastB) || (reassert && sourceEdited.b))) return 'bToA'
  return 'apart'
}

/** What becomes of one field. */
export function choose(pair: Pair, field: Field, path: string, input: MergeInput, sourceEdited: Edited): Choice {
  if (pair.a === undefined && pair.b === undefined) return 'apart'
  if (same(field, pair.a, pair.b)) return 'agree'
  const ways = waysOf(field, path, input)
  if (pair.a === undefined && !ways.bToA) return 'agree'
  if (pair.b === undefined && !ways.aToB) return 'agree'
  return ways.twoWay ? chooseShared(pair, field, path, ways, input) : chooseOneWay(pair, field, ways, sourceEdited)
}
