import type { Canonical, Choice, ConflictField, Field, Fields, Flow, SystemId, Value, WorkItem } from '@amis-sync/core'
import type { ConflictRule } from '../engine-types.ts'
import { type MergeInput, type MergeResult, type MergeSide, same, waysOf } from './merge-choice.ts'
import { mergeRecord } from './merge.ts'

type Choices = Readonly<Record<string, Choice>>

/** Choices that still hold, and the fields whose choice does not: a side shows something else than the person saw. */
export interface SortedChoices {
  readonly valid: Choices
  readonly void: readonly string[]
}

const shownBy = ({ current, last }: MergeSide, name: string): Value | undefined =>
  current[name] === undefined ? last[name] : current[name]

function holds(field: Field | undefined, name: string, choice: Choice, sides: readonly MergeSide[]): boolean {
  if (!field) return false
  return sides.every((side) => {
    const [seen, now] = [choice.seen[side.system], shownBy(side, name)]
    return same(field, seen ?? null, now ?? null)
  })
}

export function sortChoices(fields: Fields, choices: Choices, a: MergeSide, b: MergeSide): SortedChoices {
  const entries = Object.entries(choices)
  const valid = entries.filter(([name, choice]) => holds(fields[name], name, choice, [a, b]))
  const good = new Set(valid.map(([name]) => name))
  return { valid: Object.fromEntries(valid), void: entries.map(([name]) => name).filter((name) => !good.has(name)) }
}

/** The merge in which a person's choices stand above the rules (D6): a side's value wins, or a third value goes to both sides. */
export function mergeWithChoices(input: MergeInput, choices: Choices): MergeResult {
  const rule = (field: string, flow: Flow): ConflictRule => choices[field]?.side ?? input.rule(field, flow)
  const merged = mergeRecord({ ...input, rule })
  const isGiven = ({ field }: ConflictField) => choices[field]?.value !== undefined
  const given = merged.conflicts.filter(isGiven)
  if (given.length === 0) return merged
  const result = {
    base: { ...merged.base } as Record<string, Value | undefined>,
    to: {
      a: { ...merged.to.a, write: { ...merged.to.a.write } },
      b: { ...merged.to.b, write: { ...merged.to.b.write } },
    },
    known: { a: { ...merged.known.a }, b: { ...merged.known.b } },
    conflicts: merged.conflicts.filter((one) => !isGiven(one)),
  }
  for (const { field: name } of given) {
    const field = input.fields[name]!
    const value = choices[name]!.value!
    const ways = waysOf(field, name, input)
    result.base[name] = value
    for (const side of ['a', 'b'] as const) {
      const known: Record<string, Value | undefined> = result.known[side]
      const mayWrite = side === 'a' ? ways.bToA : ways.aToB
      delete known[name]
      if (mayWrite) result.to[side].write[name] = value
      else known[name] = shownBy(input[side], name)
    }
  }
  return result
}

/** Field names of a record's conflicts; a list counts as one. */
export function conflictNames(conflicts: readonly ConflictField[]): string[] {
  return [...new Set(conflicts.map(({ field }) => field.split('[].')[0]!))]
}

/** What both sides show of a field, as a choice remembers it. */
export function seenOf(
  name: string,
  shown: Readonly<Record<SystemId, Canonical>>,
): Record<SystemId, Value | undefined> {
  return Object.fromEntries(Object.entries(shown).map(([system, record]) => [system, record[name] ?? null]))
}

/** Both sides' items of one record may be held; the one that was settled last knows what the sides show. */
export function newestConflict(items: readonly WorkItem[]): readonly ConflictField[] {
  const held = items.filter(({ conflict }) => conflict !== undefined && conflict.length > 0)
  const newest = held.reduce<WorkItem | undefined>(
    (best, one) => (best && (best.settledAt ?? 0) >= (one.settledAt ?? 0) ? best : one),
    undefined,
  )
  return newest?.conflict ?? []
}
