import { type SystemId, otherSide, reasons } from '@amis-sync/core'
import type { MergeResult } from '../pure/merge.ts'
import type { Bench } from './bench.ts'
import { showsWhatIsKnown } from './echo.ts'
import { anew, isAskedAgain } from './judge-changes.ts'
import { lastKnown } from './gather.ts'
import { withTrail } from './link-draft.ts'
import type { Group, Judgement } from './observation.ts'
import { planUpdate } from './plan.ts'
import { verdictFor } from './verdict.ts'

/** One side deleted a linked record: the other is marked inactive where the rule and the entity allow, never deleted (D9). */
export function judgeGone(bench: Bench, group: Group, side: SystemId): Judgement {
  const { view, context } = bench
  const other = otherSide(view.plugin, side)
  const { activeField, kind } = view.plugin
  // Only looking at it again sends nobody a document that the other side did away with (IR3).
  const wanted = isAskedAgain(group, other) || !showsWhatIsKnown(view, group, other)
  const again = group.seen.get(other)?.gone || !wanted ? undefined : anew(bench, group, other)
  if (again) return again
  const verdict = verdictFor(bench, group, side, 'linked')
  const before = group.link.sides[side]!
  const gone = before.gone
    ? group.link
    : withTrail(
        { ...group.link, sides: { ...group.link.sides, [side]: { ...before, gone: true } } },
        {
          at: context.clock.now(),
          what: verdict.action,
          why: verdict.reason,
          from: side,
          to: other,
          text: kind === 'document' ? reasons.DOCUMENT_GONE : reasons.GONE,
        },
      )
  const last = lastKnown(view, group.link, other)
  const active = activeField !== undefined && last[activeField] !== false
  if (verdict.action === 'deactivate' && active && !before.gone && view.carried[other]!.writable.has(activeField)) {
    const write = { [activeField]: false }
    const merged: MergeResult = {
      base: { ...group.link.base, ...write },
      to: { a: { write: {}, items: {} }, b: { write: {}, items: {} } },
      known: {
        a: group.link.sides[view.plugin.sides[0]]?.known ?? {},
        b: group.link.sides[view.plugin.sides[1]]?.known ?? {},
      },
      conflicts: [],
    }
    const target = other === view.plugin.sides[0] ? 'a' : 'b'
    Object.assign(merged.to[target].write, write)
    return planUpdate(bench, { ...group, link: gone }, merged, target)
  }
  return { kind: 'keep', group, ...(before.gone ? {} : { link: gone }), settle: { state: 'done' }, counts: 'skipped' }
}
