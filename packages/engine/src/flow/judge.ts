import {
  type Canonical,
  type Flow,
  type HoldReason,
  type Link,
  type LinkSide,
  type Message,
  type SystemId,
  directionOf,
  otherSide,
  reasons,
  toInstant,
} from '@amis-sync/core'
import type { ConflictRule } from '../engine-types.ts'
import { conflictNames, mergeWithChoices } from '../pure/choices.ts'
import type { MergeInput, MergeResult, MergeSide } from '../pure/merge.ts'
import { type PluginView, decisiveTexts, matchTexts } from '../pure/plugin-view.ts'
import type { Bench } from './bench.ts'
import { handlerContext } from './complete.ts'
import { conflictRule } from './conflict-rule.ts'
import { lastKnown } from './gather.ts'
import { type Group, type Judgement, conflictOf } from './observation.ts'
import { failureFrom, knownPart, linkAfterMerge, refreshed, withTrail } from './link-draft.ts'
import type { PairDecision } from './decisions.ts'
import { joinChoices } from './join-choices.ts'
import { looksLike, isWanted } from './lookalike.ts'
import { editsOf, labelsOf, settleChoices, withoutChoices } from './choice.ts'
import { judgeChanges } from './judge-changes.ts'
import { judgeGone } from './judge-gone.ts'
import { judgeRemoval, removalAskedBy, withoutOldRefusal } from './judge-removal.ts'
import { planCreate } from './plan.ts'
import { withoutOutdatedStandIns } from './stand-in.ts'
import { asSuccessor } from './successor.ts'
import { holdAt, verdictFor } from './verdict.ts'

/** An unlinked record stays in the registry, with what is known of it and why it does not move. */
export function keepUnlinked(
  bench: Bench,
  group: Group,
  side: SystemId,
  what: string,
  why: string,
  text: Message,
): Link | undefined {
  const seen = group.seen.get(side)!
  const value = seen.value ?? {}
  const before = group.link.sides[side]!
  const match = [...matchTexts(bench.view.plugin, side, value), ...decisiveTexts(bench.view.plugin, side, value)]
  const last = group.link.trail.at(-1)
  const same =
    group.link.revision > 0 &&
    last?.what === what &&
    last.why === why &&
    JSON.stringify(before.known) === JSON.stringify(value)
  if (same) return undefined
  const changedBy = seen.record?.changedBy ?? before.changedBy
  const editor = changedBy === undefined ? {} : { changedBy }
  const at: LinkSide = { ...refreshed(before, group, side), known: value, ...editor }
  const link: Link = {
    ...group.link,
    sides: { ...group.link.sides, [side]: at },
    ...(match.length > 0 ? { match } : {}),
  }
  if (last?.what === what && last.why === why) return link
  return withTrail(link, { at: bench.context.clock.now(), what, why, from: side, text })
}

function held(bench: Bench, group: Group, side: SystemId, hold: HoldReason): Judgement {
  const link = group.link.linked ? undefined : keepUnlinked(bench, group, side, 'hold', hold.code, hold.text)
  return { kind: 'keep', group, ...(link ? { link } : {}), settle: { state: 'done' }, counts: 'skipped' }
}

function judgeUnlinked(bench: Bench, group: Group): Judgement {
  const side = [...group.seen.keys()][0]!
  const seen = group.seen.get(side)!
  if (seen.gone) return judgeVanished(bench, group, side)
  const { unlinked = [], taken, decision, rejected, lookalike } = bench.candidates.get(group) ?? {}
  if (decision) return judgeLink(bench, group, side, unlinked[0]!, decision)
  const successor = asSuccessor(bench, group, side)
  if (successor) return judgeLinked(bench, successor, group.link.revision > 0 ? group.link.id : undefined)
  const state =
    taken || rejected
      ? 'ambiguous'
      : unlinked.length === 0
        ? 'unlinked'
        : unlinked.length === 1
          ? 'candidate'
          : 'ambiguous'
  const verdict = verdictFor(bench, group, side, state)
  const reason = rejected && verdict.reason === 'AMBIGUOUS' ? 'DIFFERENT_SAME_KEY' : verdict.reason
  const text = reasons[reason]
  // A reason of the record itself says more than the rule that did not hold.
  const hold = verdict.action === 'conflict' ? undefined : holdAt(bench, group, side)
  if (hold) return held(bench, group, side, hold)
  if (verdict.action === 'create') {
    if (lookalike && !isWanted(seen)) return held(bench, group, side, looksLike(bench, side, lookalike))
    return planCreate(bench, group, side, verdict)
  }
  if (verdict.action === 'link') return judgeLink(bench, group, side, unlinked[0]!)
  const link = keepUnlinked(bench, group, side, verdict.action, reason, text)
  const stored = link ? { link } : {}
  if (verdict.action !== 'conflict')
    return { kind: 'keep', group, ...stored, settle: { state: 'done' }, counts: 'skipped' }
  const failure = failureFrom(reason, text, 'conflict')
  return { kind: 'keep', group, ...stored, settle: conflictOf(failure, []), counts: 'failed' }
}

/** A record that was never linked is gone at its source: it is forgotten as such, and kept for the answer to "why". */
function judgeVanished(bench: Bench, group: Group, side: SystemId): Judgement {
  const before = group.link.sides[side]!
  if (group.link.revision === 0 || before.gone)
    return { kind: 'keep', group, settle: { state: 'done' }, counts: 'skipped' }
  const { match: _match, ...rest } = group.link
  const link = withTrail(
    { ...rest, sides: { ...rest.sides, [side]: { ...before, gone: true } } },
    { at: bench.context.clock.now(), what: 'gone', why: 'GONE', from: side, text: reasons.GONE },
  )
  return { kind: 'keep', group, link, settle: { state: 'done' }, counts: 'skipped' }
}

/** Two unlinked records become one link; where their fields differ the merge says what happens. */
function judgeLink(bench: Bench, group: Group, side: SystemId, candidate: Link, decision?: PairDecision): Judgement {
  const other = otherSide(bench.view.plugin, side)
  const twin = candidate.sides[other]!
  const seen = group.seen.get(side)!
  const known = lastKnown(bench.view, candidate, other)
  const context = { ...handlerContext(bench.context, bench.view, group, side), other: known }
  // The row is completed again, now that its twin is known.
  seen.value = bench.view.plugin.handler?.derive?.(side, seen.value ?? {}, context) ?? seen.value ?? {}
  const { match: _match, ...rest } = group.link
  // What the registry knew of it was told to nobody: all of it is news to the twin.
  const { known: _known, ...own } = refreshed(group.link.sides[side]!, group, side)
  const choices = decision ? joinChoices(bench, { [side]: seen.value, [other]: known }, decision) : {}
  const why = decision ? 'LINKED_BY_PERSON' : 'MATCHED'
  const joined: Group = {
    ...group,
    decided: decision !== undefined,
    link: withTrail(
      {
        ...rest,
        linked: true,
        base: {},
        ...(Object.keys(choices).length > 0 ? { choices } : {}),
        sides: { [side]: own, [other]: twin },
      },
      { at: bench.context.clock.now(), what: 'link', why, from: side, to: other, text: reasons[why] },
    ),
  }
  return judgeLinked(bench, joined, candidate.revision > 0 ? candidate.id : undefined)
}

function mergeSide(bench: Bench, group: Group, system: SystemId, sends: boolean): MergeSide {
  const { view } = bench
  const seen = group.seen.get(system)
  const last = lastKnown(view, group.link, system)
  const direction = directionOf(view.plugin.policy, system, otherSide(view.plugin, system))
  const edited = toInstant(seen?.record?.version ?? group.link.sides[system]?.version ?? '')
  const { writable } = view.carried[system]!
  return {
    system,
    current: seen?.value ?? last,
    last,
    sends,
    ...(direction?.writeBack ? { sendsOnly: new Set(direction.writeBack) } : {}),
    writable: (path) => writable.has(path),
    ...(edited === undefined ? {} : { editedAt: edited }),
  }
}

function ruleFor(bench: Bench): MergeInput['rule'] {
  const { context, view } = bench
  return (field: string, flow: Flow): ConflictRule => conflictRule(context.settings, view.plugin.id, field, flow)
}

function sameLink(view: PluginView, a: Link, b: Link): boolean {
  const face = (link: Link) =>
    JSON.stringify([
      link.base,
      link.linked,
      link.trail.at(-1)?.at,
      link.trail.length,
      link.choices,
      view.plugin.sides.map((side) => {
        const { id, known, key, gone, refusal } = link.sides[side] ?? {}
        return [id, known, key, gone, refusal]
      }),
    ])
  return face(a) === face(b)
}

function judgeLinked(bench: Bench, whole: Group, replaces?: string): Judgement {
  const { view } = bench
  const [a, b] = view.plugin.sides
  const goneSide = view.plugin.sides.find((side) => whole.seen.get(side)?.gone)
  if (goneSide !== undefined) return judgeGone(bench, whole, goneSide)
  // Catalogue records whose twin was deleted are left alone: there is nothing to write to. A document is made again by its write.
  const twinGone =
    view.plugin.kind !== 'document' &&
    view.plugin.sides.some((side) => whole.link.sides[side]?.gone && !whole.seen.get(side)?.record)
  const sends = (side: SystemId): boolean => {
    if (twinGone) return false
    return verdictFor(bench, whole, side, 'linked').action === 'update' && !holdAt(bench, whole, side)
  }
  const input: MergeInput = {
    fields: view.plugin.fields,
    a: mergeSide(bench, whole, a, sends(a)),
    b: mergeSide(bench, whole, b, sends(b)),
    base: whole.link.base ?? {},
    rule: ruleFor(bench),
  }
  const held = settleChoices(bench, whole, input)
  const merged = mergeWithChoices(input, held.link.choices ?? {})
  const linkedNow = replaces !== undefined || whole.link.revision === 0
  if (merged.conflicts.length > 0) {
    const names = labelsOf(view.plugin, conflictNames(merged.conflicts))
    const failure = failureFrom(
      'FIELD_CONFLICT',
      {
        vi: `Hai bên khác nhau ở: ${names.vi}. Hãy chọn giá trị đúng.`,
        en: `The sides differ in: ${names.en}. Choose the right value.`,
      },
      'conflict',
    )
    const open = heldByConflict(bench, held, merged)
    const changed = linkedNow || !sameLink(view, open, whole.link)
    const edits = editsOf(view, held)
    const conflicts = merged.conflicts.map((one) => ({ ...one, edits }))
    return {
      kind: 'keep',
      group: held,
      ...(changed ? { link: open } : {}),
      ...(replaces === undefined ? {} : { replaces }),
      settle: conflictOf(failure, conflicts),
      counts: linkedNow ? 'linked' : 'failed',
    }
  }
  const settled = withoutChoices(held)
  const group = { ...settled, link: withoutOldRefusal(settled) }
  const change = { sends: input.a.sends, ...(replaces === undefined ? {} : { replaces }) }
  const changed = judgeChanges(bench, group, merged, change)
  if (changed) return changed
  const after = linkAfterMerge(view, group, merged, undefined)
  const isNews = linkedNow || !sameLink(view, after, whole.link)
  return {
    kind: 'keep',
    group,
    ...(isNews ? { link: after } : {}),
    ...(replaces === undefined ? {} : { replaces }),
    settle: { state: 'done' },
    counts: linkedNow ? 'linked' : 'skipped',
  }
}

/** "Ask" holds the whole record (D6): nothing is written; both values and the last agreed one are kept. */
function heldByConflict(bench: Bench, group: Group, merged: MergeResult): Link {
  const { view } = bench
  const sides: Record<SystemId, LinkSide> = {}
  const agreed: Record<string, Canonical[string]> = { ...group.link.base }
  const unsettled = new Set([...Object.keys(merged.to.a.write), ...Object.keys(merged.to.b.write)])
  for (const [name, value] of Object.entries(merged.base))
    if (!unsettled.has(name) && value !== undefined) agreed[name] = value
  for (const side of view.plugin.sides) {
    const before = group.link.sides[side]
    if (!before) continue
    const current = group.seen.get(side)?.value ?? lastKnown(view, group.link, side)
    const known: Record<string, Canonical[string]> = {}
    for (const [name, value] of Object.entries(current)) {
      if (value !== undefined && JSON.stringify(value) !== JSON.stringify(agreed[name])) known[name] = value
    }
    const { known: _known, ...rest } = refreshed(before, group, side)
    const changedBy = group.seen.get(side)?.record?.changedBy ?? before.changedBy
    sides[side] = { ...rest, ...knownPart(known), ...(changedBy === undefined ? {} : { changedBy }) }
  }
  return { ...group.link, base: agreed, sides }
}

/** What is to be done with one record. Pure but for the references and candidates, which were loaded before. */
export function judge(bench: Bench, group: Group): Judgement {
  group.link = withoutOutdatedStandIns(bench.view.plugin, group)
  const asking = removalAskedBy(bench, group)
  if (asking !== undefined) return judgeRemoval(bench, group, asking)
  return group.link.linked ? judgeLinked(bench, group) : judgeUnlinked(bench, group)
}
