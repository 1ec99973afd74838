import { type Canonical, type Link, type Message, type SystemId, reasons } from '@amis-sync/core'
import type { PairDecision } from '../flow/decisions.ts'
import { lastKnown } from '../flow/gather.ts'
import { withTrail } from '../flow/link-draft.ts'
import { deterministicId } from '../pure/deterministic-id.ts'
import { type PluginView, decisiveTexts, matchTexts } from '../pure/plugin-view.ts'
import { sameValue } from '../pure/same-value.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'
import { type FieldChange, type KnownPair, type NamedPair, type PairOutcome, findPair, outcomeOf } from './name-pair.ts'
import { type PairsRequest, lookAgain, storeRejection } from './reject-records.ts'

/**
 * Parts pairs again that were linked at the desk: two unlinked records, rejected as a pair, nothing deleted. What linking wrote is told
 * with what stood there before; a person writes it back where that is still right, since somebody may have built on it since.
 */
export async function partRecords(host: DeskHost, { by, pairs }: PairsRequest): Promise<PairOutcome[]> {
  const outcomes: PairOutcome[] = []
  for (const pair of pairs) outcomes.push(await partOne(host, by, pair))
  return outcomes
}

async function partOne(host: DeskHost, by: string, pair: NamedPair): Promise<PairOutcome> {
  const { context } = host
  const first = await findPair(host, pair)
  if ('refusal' in first) return outcomeOf(pair, 'refused', first.refusal)
  if (first.links[0].id !== first.links[1].id) return outcomeOf(pair, 'refused', notLinked)
  const decision = await context.decisions.get(pair.entity, first.records)
  if (!decision || decision.state === 'rejected') return outcomeOf(pair, 'refused', notFromDesk)
  await settledWork(host, { work: workIdsOf(first.links[0]), links: [first.links[0].id] })
  const parted = await host.locked(pair.entity, async () => {
    const known = await findPair(host, pair)
    if ('refusal' in known || !known.links[0].linked || context.inFlight.has(known.links[0].id)) return undefined
    await storeRejection(host, by, known)
    return (await separate(host, by, known)) ? known : undefined
  })
  if (!parted) return outcomeOf(pair, 'failed', busy)
  const changes = changesOf(parted.view, parted.links[0], decision)
  const links = await context.store.links.findByRecord(pair.entity, parted.records[0].side, [parted.records[0]])
  const others = await context.store.links.findByRecord(pair.entity, parted.records[1].side, [parted.records[1]])
  await lookAgain(host, [...links, ...others])
  return outcomeOf(pair, 'parted', changes.length > 0 ? changed : reasons.PARTED, { changes })
}

/** The second record first: a crash in between leaves it known twice, which the registry sees through. */
async function separate(host: DeskHost, by: string, { view, links, records }: KnownPair): Promise<boolean> {
  const { store, settings } = host.context
  const [link] = links
  const [a, b] = records
  const own = { tenant: settings.tenant, entity: view.plugin.id }
  const id = deterministicId(own.tenant, own.entity, b.side, b.resource, b.id)
  const [left] = id === link.id ? [] : await store.links.get([id])
  const revision = left && !left.linked ? left.revision : 0
  const alone = (side: SystemId, as: Pick<Link, 'id' | 'revision' | 'trail'>) =>
    aloneAt(host, by, view, { link, side, as })
  const second = id === link.id ? undefined : alone(b.side, { id, revision, trail: [] })
  if (!second) return false
  const [stored] = await store.links.save([{ link: second }])
  if (stored === 'stale') return false
  const [done] = await store.links.save([{ link: alone(a.side, link) }])
  return done === 'stored'
}

function aloneAt(
  host: DeskHost,
  by: string,
  view: PluginView,
  {
    link,
    side,
    as,
  }: { readonly link: Link; readonly side: SystemId; readonly as: Pick<Link, 'id' | 'revision' | 'trail'> },
): Link {
  const known = lastKnown(view, link, side)
  const match = [...matchTexts(view.plugin, side, known), ...decisiveTexts(view.plugin, side, known)]
  return withTrail(
    {
      id: as.id,
      entity: link.entity,
      sides: { [side]: { ...link.sides[side]!, known } },
      linked: false,
      ...(match.length > 0 ? { match } : {}),
      trail: as.trail,
      revision: as.revision,
    },
    {
      at: host.context.clock.now(),
      what: 'part',
      why: 'PARTED',
      from: side,
      text: { vi: `${reasons.PARTED.vi} (${by})`, en: `${reasons.PARTED.en} (${by})` },
    },
  )
}

/** What each side shows now that it did not show before the two were linked. */
function changesOf(view: PluginView, link: Link, { before = {} }: PairDecision): FieldChange[] {
  return view.plugin.sides.flatMap((side) => {
    const then = (before[side] ?? {}) as Canonical
    const now = lastKnown(view, link, side)
    return Object.entries(view.plugin.fields).flatMap(([name, field]): FieldChange[] => {
      const [was, is] = [then[name], now[name]]
      if (was === undefined || is === undefined || sameValue(field, was, is)) return []
      return [{ side, field: name, before: was, now: is }]
    })
  })
}

const notLinked: Message = { vi: 'Hai bản ghi này không liên kết với nhau.', en: 'The two records are not linked.' }
const notFromDesk: Message = {
  vi: 'Cặp này không do người liên kết tại bàn ghép cặp nên không tách ở đây.',
  en: 'This pair was not linked by a person at the desk, so it is not parted here.',
}
const busy: Message = {
  vi: 'Bản ghi đang được ghi. Hãy thử lại sau ít phút.',
  en: 'The record is being written. Try again in a moment.',
}
const changed: Message = {
  vi: 'Đã tách thành hai bản ghi. Các trường dưới đây đã được ghi khi liên kết; hãy sửa lại ở hệ thống đó nếu cần.',
  en: 'They are two records again. The fields below were written when they were linked; put them right in that system if need be.',
}
