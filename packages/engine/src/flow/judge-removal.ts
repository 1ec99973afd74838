import { type Canonical, type Link, type LinkSide, type SystemId, otherSide, reasons } from '@amis-sync/core'
import { encodeFields, resourceOfRecord } from '../pure/plugin-view.ts'
import type { Bench } from './bench.ts'
import { resourceAt } from './complete.ts'
import { refreshed, released, withTrail } from './link-draft.ts'
import type { Group, Judgement } from './observation.ts'
import { chosenId, plannedWrite } from './plan.ts'
import { verdictFor } from './verdict.ts'

/** The side that asks the other one to give the record up (policy rule `remove`), as this round saw it. */
export function removalAskedBy(bench: Bench, group: Group): SystemId | undefined {
  const state = group.link.linked ? 'linked' : 'unlinked'
  return bench.view.plugin.sides.find((side) => {
    const seen = group.seen.get(side)
    return seen?.record !== undefined && !seen.gone && verdictFor(bench, group, side, state).action === 'remove'
  })
}

/**
 * A withdrawal (SO12), in rounds of one write each: the other side is asked as long as it may have the record; then who asked is told,
 * that it is gone or why not. What is to be done follows from what is stored and shown, so a crash in between changes nothing.
 */
export function judgeRemoval(bench: Bench, group: Group, from: SystemId): Judgement {
  const to = otherSide(bench.view.plugin, from)
  const refusal = group.link.sides[to]?.refusal
  if (refusal !== undefined) return tell(bench, group, from, refusal)
  return mayBeThere(group, to) ? ask(bench, group, from, to) : tell(bench, group, from, undefined)
}

/** Not linked: an earlier write whose outcome never came may have arrived all the same. */
function mayBeThere({ link, seen }: Group, to: SystemId): boolean {
  if (link.linked) return link.sides[to]?.gone !== true && seen.get(to)?.gone !== true
  return link.trail.findLast(({ what }) => what === 'rejected' || what === 'remove')?.what === 'rejected'
}

function ask(bench: Bench, group: Group, from: SystemId, to: SystemId): Judgement {
  const { view } = bench
  const { link } = group
  const record = group.seen.get(from)!.value ?? {}
  const resource = resourceOfRecord(view.plugin.wire[to]!, record, link.sides[to]?.resource)!
  // Of what kind it is there, if it is, nobody knows without the mode: the connection looks it up.
  const row = { ...resource.constants?.update, ...(link.mode === undefined ? {} : resource.modes?.[link.mode]) }
  const id = link.sides[to]?.id ?? chosenId(bench, link.sides[from]!)
  const write = { resource: resource.resource, operation: 'delete', id, row } as const
  const more = { followUp: again(group, from) }
  return { kind: 'write', write: plannedWrite(bench, group, { to, write, link, more }) }
}

function again({ link }: Group, side: SystemId) {
  const { resource, id } = link.sides[side]!
  return { entity: link.entity, side, resource, recordId: id }
}

function tell(bench: Bench, group: Group, side: SystemId, refusal: string | undefined): Judgement {
  const { context, view } = bench
  const { plugin } = view
  const value = group.seen.get(side)!.value ?? {}
  const fields = plugin.handler!.answer!(side, refusal)
  const resource = resourceAt(view, group, side, value)!
  const told = refusal === undefined ? alone(group, side, fields) : kept(group, side, otherSide(plugin, side), fields)
  const link = withTrail(told, {
    at: context.clock.now(),
    what: 'writeBack',
    why: refusal === undefined ? 'WITHDRAWN' : 'NOT_WITHDRAWN',
    from: otherSide(plugin, side),
    to: side,
    fields: Object.keys(fields),
    text: refusal === undefined ? reasons.WITHDRAWN : reasons.NOT_WITHDRAWN,
  })
  const row = encodeFields(resource, fields)
  const write = { resource: resource.resource, operation: 'update', id: link.sides[side]!.id, row } as const
  // An edit that crossed the withdrawal goes now that the record stays.
  const more = refusal === undefined ? {} : { followUp: again(group, side) }
  return { kind: 'write', write: plannedWrite(bench, group, { to: side, write, link, more }) }
}

function alone(group: Group, side: SystemId, fields: Canonical): Link {
  const link = released(group.link, side)
  const at = refreshed(link.sides[side]!, group, side)
  return { ...link, sides: { [side]: { ...at, known: { ...at.known, ...group.seen.get(side)!.value, ...fields } } } }
}

/** Whatever else the record shows that was not told yet stays so. */
function kept({ link }: Group, side: SystemId, other: SystemId, fields: Canonical): Link {
  const { known, ...at } = link.sides[side]!
  const rest = Object.fromEntries(Object.entries(known ?? {}).filter(([name]) => !(name in fields)))
  const asking: LinkSide = { ...at, ...(Object.keys(rest).length > 0 ? { known: rest } : {}) }
  const base = { ...link.base, ...fields }
  return { ...link, base, sides: { ...link.sides, [side]: asking, [other]: withoutRefusal(link.sides[other]!) } }
}

function withoutRefusal({ refusal: _refusal, ...at }: LinkSide): LinkSide {
  return at
}

/** The withdrawal was taken back before its refusal was told: that answer is for nobody any more. */
export function withoutOldRefusal({ link, seen }: Group): Link {
  const stale = Object.entries(link.sides).find(([, at]) => at?.refusal !== undefined)
  if (!stale || ![...seen].some(([side, { record }]) => side !== stale[0] && record !== undefined)) return link
  return { ...link, sides: { ...link.sides, [stale[0]]: withoutRefusal(stale[1]!) } }
}
