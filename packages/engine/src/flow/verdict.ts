import { type HoldReason, type LinkState, type SystemId, type Verdict, decide, otherSide } from '@amis-sync/core'
import type { Bench } from './bench.ts'
import { handlerContext } from './complete.ts'
import { lastKnown } from './gather.ts'
import type { Group } from './observation.ts'
import { isWritable } from './offers.ts'

/** Ways of asking, and facts that the record reports of itself. */
function triggersAt(bench: Bench, group: Group, side: SystemId): Set<string> {
  const seen = group.seen.get(side)
  const record = seen?.value ?? lastKnown(bench.view, group.link, side)
  const twin = group.link.linked ? undefined : bench.candidates.get(group)?.unlinked[0]
  const known = handlerContext(bench.context, bench.view, group, side)
  const context = twin ? { ...known, other: lastKnown(bench.view, twin, otherSide(bench.view.plugin, side)) } : known
  const facts = bench.view.plugin.handler?.triggers?.(side, record, context) ?? []
  return new Set([...(seen?.triggers ?? []), ...facts, ...(group.decided ? ['manual'] : [])])
}

/** What the policy says of a group, seen from one side. */
export function verdictFor(bench: Bench, group: Group, from: SystemId, state: LinkState): Verdict {
  const to = otherSide(bench.view.plugin, from)
  const verdict = decide(bench.view.plugin.policy, {
    from,
    to,
    link: state,
    event: group.seen.get(from)?.gone ? 'deleted' : 'seen',
    triggers: triggersAt(bench, group, from),
    pulledBy: group.seen.get(from)?.pulledBy ?? new Set(),
  })
  const writes = verdict.action !== 'ignore' && verdict.action !== 'link' && verdict.action !== 'conflict'
  return writes && !isWritable(bench.context, bench.view.plugin.id, to)
    ? { action: 'ignore', reason: 'READ_ONLY' }
    : verdict
}

/** A reason of the record itself not to be sent. */
export function holdAt(bench: Bench, group: Group, side: SystemId): HoldReason | undefined {
  const value = group.seen.get(side)?.value
  if (!value) return undefined
  return bench.view.plugin.handler?.hold?.(side, value, handlerContext(bench.context, bench.view, group, side))
}
