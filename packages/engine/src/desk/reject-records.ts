import { type Link, type Message, type WorkHint, reasons } from '@amis-sync/core'
import { pairId } from '../flow/decisions.ts'
import { removeSuggestions } from '../matching/suggestions.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'
import { type KnownPair, type NamedPair, type PairOutcome, findPair, outcomeOf } from './name-pair.ts'

export interface PairsRequest {
  readonly by: string
  readonly pairs: readonly NamedPair[]
}

/** "These are two different things": for ever, or until it is undone. Never suggested again, never linked, not even for one code. */
export async function rejectRecords(host: DeskHost, { by, pairs }: PairsRequest): Promise<PairOutcome[]> {
  const outcomes: PairOutcome[] = []
  for (const pair of pairs) {
    const known = await findPair(host, pair)
    if ('refusal' in known) outcomes.push(outcomeOf(pair, 'refused', known.refusal))
    else if (known.links[0].id === known.links[1].id) outcomes.push(outcomeOf(pair, 'refused', isLinked))
    else {
      await storeRejection(host, by, known)
      await lookAgain(host, known.links)
      outcomes.push(outcomeOf(pair, 'rejected', await textAfter(host, known)))
    }
  }
  return outcomes
}

export async function storeRejection(host: DeskHost, by: string, { view, records }: KnownPair): Promise<void> {
  const { decisions, clock, store } = host.context
  const entity = view.plugin.id
  await decisions.put([{ entity, records, state: 'rejected', by, at: clock.now() }])
  decisions.forgetSuggestions(entity, records)
  await removeSuggestions(store, entity, [pairId(entity, records)])
}

/** What waited for the decision is looked at: held for a person, or for what it looked like. Before the first sync nothing moves. */
export async function lookAgain(host: DeskHost, links: readonly Link[]): Promise<void> {
  const { context } = host
  if (host.state().phase === 'new') return
  const held = new Set((await context.store.work.find(links.flatMap(workIdsOf))).map(({ id }) => id))
  const hints = links.flatMap((link): WorkHint[] => {
    const looked = link.trail.findLast(({ what }) => what !== 'seen')?.why === 'LOOKS_LIKE'
    const triggers = host.state().phase === 'live' ? ['standardise'] : ['first-sync']
    return Object.entries(link.sides).flatMap(([side, at]) => {
      if (!at) return []
      const hint: WorkHint = { entity: link.entity, side, resource: at.resource, recordId: at.id }
      const waits = workIdsOf({ entity: link.entity, sides: { [side]: at } }).some((id) => held.has(id))
      return looked ? [{ ...hint, triggers }] : waits ? [hint] : []
    })
  })
  if (hints.length === 0) return
  await context.store.work.add(hints, context.clock.now())
  host.wake()
  await settledWork(host, { work: links.flatMap(workIdsOf), links: links.map(({ id }) => id) })
}

/** An equal code stays a conflict: it is said at once. */
async function textAfter(host: DeskHost, { links }: KnownPair): Promise<Message> {
  const items = await host.context.store.work.find(links.flatMap(workIdsOf))
  return items.some(({ failure }) => failure?.code === 'DIFFERENT_SAME_KEY') ? reasons.DIFFERENT_SAME_KEY : different
}

const different: Message = {
  vi: 'Đã ghi nhận: hai đối tượng khác nhau, không gợi ý và không liên kết nữa.',
  en: 'It is noted: two different things, never suggested nor linked again.',
}
const isLinked: Message = {
  vi: 'Hai bản ghi đang liên kết với nhau; để tách, hãy hoàn tác (undo).',
  en: 'The two records are linked with each other; to part them, undo it.',
}
