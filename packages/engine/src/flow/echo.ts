import type { Link, SystemId } from '@amis-sync/core'
import type { Group } from './observation.ts'
import { lastKnown } from './gather.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { sameValue } from '../pure/same-value.ts'

/** Is it a linked record of which one side was pointed at, by nothing but a hint that it changed? */
export function mayBeEcho({ link, seen }: Group): boolean {
  const [side, ...others] = [...seen.keys()]
  const one = side === undefined ? undefined : seen.get(side)
  if (!one?.record || others.length > 0 || !link.linked || link.sides[side!]?.gone) return false
  // Written without something that may be there by now: whether it can be named there, the twin's state tells.
  if (Object.values(link.sides).some((at) => at?.lacks !== undefined)) return false
  if (wasRefused(link)) return false
  return !one.gone && one.triggers.size === 0 && one.pulledBy.size === 0
}

/**
 * A withdrawal was refused since (SO12): something happened at the other side, and whatever hint told of it may have been used up while
 * the withdrawal was decided on, which is no merge. So that side is read.
 */
function wasRefused({ sides, trail }: Link): boolean {
  return Object.values(sides).some((at) => at?.refusal !== undefined) || trail.at(-1)?.why === 'NOT_WITHDRAWN'
}

/**
 * Do the sides show just what they are known to show? So does the echo of our own write (D4), a delivery that came twice, a row that a
 * feed gives again: whatever the twin shows by now, its own hint tells.
 */
export function showsNothingNew(view: PluginView, group: Group): boolean {
  return [...group.seen.keys()].every((side) => showsWhatIsKnown(view, group, side))
}

/** One side of it. */
export function showsWhatIsKnown(view: PluginView, { link, seen }: Group, side: SystemId): boolean {
  const value = seen.get(side)?.value
  if (!value) return false
  const known = lastKnown(view, link, side)
  return Object.entries(view.plugin.fields).every(([name, field]) => {
    const now = value[name]
    const before = known[name]
    return now === undefined || (before !== undefined && sameValue(field, before, now))
  })
}
