import { type JournalEntry, type Link, type SystemId, reasons } from '@amis-sync/core'
import { released, withTrail } from './link-draft.ts'
import type { Settled } from './observation.ts'
import type { TenantContext } from './tenant-context.ts'

interface SettledRemovals {
  /** Granted or refused, and remembered: who asked is told in the next round, see `judgeRemoval`. */
  readonly answered: readonly Settled[]
  readonly failed: readonly Settled[]
}

/** Gone already is as good as deleted. */
const isGranted = ({ outcome }: Settled): boolean => outcome.status === 'applied' || outcome.status === 'missing'
/** The other side's own word that it keeps the record; anything else is a failure of the call. */
const isRefused = ({ outcome }: Settled): boolean =>
  outcome.status === 'rejected' && outcome.failure?.kind === 'needsPerson'

/**
 * Outcomes of withdrawals (SO12). What was given up is one side's alone again; what is kept holds the reason. Both are facts of the
 * stored link, so that a repeat after a crash, even with another answer, ends right.
 */
export async function settleRemovals(context: TenantContext, removals: readonly Settled[]): Promise<SettledRemovals> {
  const answers = removals.filter((one) => isGranted(one) || isRefused(one))
  if (answers.length === 0) return { answered: [], failed: removals }
  const found = await context.store.links.get(answers.map(({ entry }) => entry.link.id))
  const links = new Map(found.map((link) => [link.id, link]))
  const at = context.clock.now()
  const changes = answers.map((one) => {
    const link = links.get(one.entry.link.id) ?? one.entry.link
    return { link: isGranted(one) ? granted(link, one.entry, at) : refused(link, one, at) }
  })
  const results = await context.store.links.save(changes)
  const answered = answers.filter((_, index) => results[index] === 'stored')
  return { answered, failed: removals.filter((one) => !answered.includes(one)) }
}

function askerOf({ link, system }: JournalEntry): SystemId {
  return Object.keys(link.sides).find((side) => side !== system)!
}

function granted(link: Link, entry: JournalEntry, at: number): Link {
  const from = askerOf(entry)
  const event = { at, what: 'remove', why: 'TRIGGERED', from, to: entry.system, text: reasons.WITHDRAWN }
  return withTrail(released(link, from), event)
}

/** A record of which nobody knew for sure that it had arrived is there, since it is refused: it is linked from now on. */
function refused(link: Link, { entry, outcome }: Settled, at: number): Link {
  const { system, write } = entry
  const from = askerOf(entry)
  const { vi, en } = outcome.failure!
  const { known = {}, ...asking } = link.sides[from]!
  const there = { resource: write.resource, id: write.id!, ...link.sides[system], refusal: vi }
  const { match: _match, ...rest } = link
  const linked: Link = link.linked
    ? { ...link, sides: { ...link.sides, [system]: there } }
    : { ...rest, linked: true, base: known, sides: { [from]: asking, [system]: there } }
  return withTrail(linked, { at, what: 'refused', why: outcome.failure!.code, from, to: system, text: { vi, en } })
}
