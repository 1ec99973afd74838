import type { Message, SystemId, Value } from '@amis-sync/core'
import type { MergeResult } from '../pure/merge.ts'
import type { Bench } from './bench.ts'
import { recordName } from './complete.ts'
import { joiningFields, notJoined } from './joins.ts'
import { failureFrom } from './link-draft.ts'
import type { Group, Judgement } from './observation.ts'
import { planCreate, planUpdate } from './plan.ts'
import { holdAt, verdictFor } from './verdict.ts'

const hasAny = (write: object): boolean => Object.keys(write).length > 0

/**
 * What becomes of the changes that a merge found. A document's way back goes first, since what was made of it may lock it against edits
 * (SO16); what is locked waits for a person, and what is gone at its target is made anew. Undefined = nothing is to be written.
 */
export function judgeChanges(
  bench: Bench,
  group: Group,
  merged: MergeResult,
  options: { readonly sends: boolean; readonly replaces?: string },
): Judgement | undefined {
  const { plugin } = bench.view
  const [a, b] = plugin.sides
  const edited = hasAny(merged.to.b.write)
  const joining = options.sends && !edited ? joiningFields(bench, group, merged.base) : []
  for (const name of joining) merged.to.b.write[name] = merged.base[name] as Value
  const [toA, toB] = [hasAny(merged.to.a.write), hasAny(merged.to.b.write)]
  const target = plugin.kind === 'document' ? (toA ? 'a' : 'b') : toB ? 'b' : 'a'
  if (target === 'b' && (toB || isAskedAgain(group, a)) && isGone(group, b)) return anew(bench, group, a)
  if (!toA && !toB) return undefined
  const lock = lockAt(group, target === 'a' ? a : b)
  if (lock && !edited) return keptAsItIs(bench, group)
  if (lock) return blocked(group, lock)
  return planUpdate(bench, group, merged, target, {
    both: toA && toB,
    why: target === 'b' && !edited ? 'JOINED' : 'LINKED',
    ...(options.replaces === undefined ? {} : { replaces: options.replaces }),
  })
}

function isGone({ link, seen }: Group, side: SystemId): boolean {
  return link.sides[side]?.gone === true && seen.get(side)?.record === undefined
}

/** A person sends the record by hand although nothing of it changed. */
export function isAskedAgain({ seen }: Group, side: SystemId): boolean {
  return seen.get(side)?.triggers.has('manual') ?? false
}

/** The document is not there any more: it is sent as if for the first time, in the mode of now (SO14). */
export function anew(bench: Bench, group: Group, from: SystemId): Judgement | undefined {
  if (bench.view.plugin.kind !== 'document' || group.seen.get(from)?.observed !== true) return undefined
  const verdict = verdictFor(bench, group, from, 'unlinked')
  if (verdict.action !== 'create' || holdAt(bench, group, from)) return undefined
  const { mode: _mode, ...link } = group.link
  return planCreate(bench, { ...group, link }, from, verdict)
}

/** As far as this round saw the row. */
function lockAt({ seen }: Group, side: SystemId): Message | undefined {
  const { record, resource } = seen.get(side) ?? {}
  return record === undefined ? undefined : resource?.locked?.(record.row)?.text
}

/** The edit waits, unwritten, until the other side's state shows that it is free; then it is looked at again by itself. */
function blocked(group: Group, lock: Message): Judgement {
  const name = recordName(group)
  const text = { vi: `${name}: ${lock.vi}`, en: `${name}: ${lock.en}` }
  const failure = failureFrom('DOCUMENT_LOCKED', text, 'needsPerson')
  return { kind: 'keep', group, settle: { state: 'blocked', failure }, counts: 'failed' }
}

/** Only a reference would be added to a locked document: that is no failure, it stays as it is (and says so once). */
function keptAsItIs({ context }: Bench, group: Group): Judgement {
  const told = group.link.trail.at(-1)?.why === 'NOT_JOINED'
  const changed = told ? {} : { link: notJoined(group.link, context.clock.now()) }
  return { kind: 'keep', group, ...changed, settle: { state: 'done' }, counts: 'skipped' }
}
