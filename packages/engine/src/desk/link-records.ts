import { type Link, type Message, type SystemId, workId } from '@amis-sync/core'
import { removeSuggestions } from '../matching/suggestions.ts'
import { type PairDecision, pairId } from '../flow/decisions.ts'
import { lastKnown } from '../flow/gather.ts'
import { learn } from '../flow/learn.ts'
import { learnOffers } from '../flow/offers.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { isWorking, settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'
import { type KnownPair, type NamedPair, type PairOutcome, findPair, outcomeOf } from './name-pair.ts'

export interface PairToLink extends NamedPair {
  /** Whose value holds, by field. */
  readonly choices?: Readonly<Record<string, SystemId>>
  /** Whose value holds in all other fields that differ. Default: the tenant's rules. */
  readonly prefer?: SystemId
}

export interface LinkRequest {
  readonly by: string
  readonly pairs: readonly PairToLink[]
}

const batch = 100

interface Noted {
  readonly pair: PairToLink
  readonly known: KnownPair
  readonly decision: PairDecision
}

/**
 * Joins unlinked records of both sides (D5, CU6, C2): the decision is stored, and the ordinary judge, merge, journal and write carry it
 * out. Fields that differ follow the person's choice; else the tenant's rules, which may hold the linked record until somebody chooses.
 */
export async function linkRecords(host: DeskHost, request: LinkRequest): Promise<PairOutcome[]> {
  for (const entity of new Set(request.pairs.map((one) => one.entity))) await hearOf(host, entity)
  return linkKnown(host, request)
}

/** What was edited at either side meanwhile becomes known: by the feeds, or, while those do not run yet, by reading anew. */
export async function hearOf(host: DeskHost, entity: string): Promise<void> {
  const view = host.context.views.get(entity)
  if (!view) return
  if (host.state().phase === 'live') await host.hear(entity)
  else {
    if (host.state().phase === 'new') await host.saveState(await learnOffers(host.context))
    await learn(host, view.plugin)
  }
}

/** The same, of records that were just looked at. */
export async function linkKnown(host: DeskHost, { by, pairs }: LinkRequest): Promise<PairOutcome[]> {
  for (const entity of new Set(pairs.map((one) => one.entity))) {
    const view = host.context.views.get(entity)
    if (view) await host.open(view.plugin.firstSync.step)
  }
  const outcomes: PairOutcome[] = []
  for (let from = 0; from < pairs.length; from += batch) {
    outcomes.push(...(await linkSome(host, by, pairs.slice(from, from + batch))))
  }
  return outcomes
}

async function linkSome(host: DeskHost, by: string, pairs: readonly PairToLink[]): Promise<PairOutcome[]> {
  const { context } = host
  const tried: { readonly noted?: Noted; readonly outcome?: PairOutcome }[] = []
  const taken = new Set<string>()
  for (const pair of pairs) {
    const checked = await check(host, by, pair)
    const ids = 'noted' in checked ? checked.noted.known.links.map(({ id }) => id) : []
    if (ids.some((id) => taken.has(id))) tried.push({ outcome: outcomeOf(pair, 'refused', twice) })
    else tried.push(checked)
    for (const id of ids) taken.add(id)
  }
  const noted = tried.flatMap((one) => one.noted ?? [])
  await context.decisions.put(noted.map(({ decision }) => decision))
  await context.store.work.add(noted.map(hintOf), context.clock.now())
  host.wake()
  const work = noted.map((one) => workId(hintOf(one)))
  await settledWork(host, { work, links: noted.map(({ known }) => known.links[0].id) })
  const done: PairOutcome[] = []
  for (const { noted: one, outcome } of tried) done.push(outcome ?? (await becameOf(host, one!)))
  return done
}

/** The first side's record is looked at; it finds its twin by the decision. */
function hintOf({ known: { view, records } }: Noted) {
  const [{ side, resource, id }] = records
  return { entity: view.plugin.id, side, resource, recordId: id, triggers: ['standardise'] }
}

async function check(
  host: DeskHost,
  by: string,
  pair: PairToLink,
): Promise<{ readonly noted: Noted } | { readonly outcome: PairOutcome }> {
  const refused = (text: Message) => ({ outcome: outcomeOf(pair, 'refused', text) })
  const known = await findPair(host, pair)
  if ('refusal' in known) return refused(known.refusal)
  const { view, links, records } = known
  const [one, other] = links
  if (one.linked && one.id === other.id) return { outcome: await asLinked(host, pair, one) }
  const busy = links.find(({ linked }) => linked)
  if (busy) return refused(hasTwin(view, busy))
  const earlier = await host.context.decisions.get(pair.entity, records)
  if (earlier?.state === 'rejected') return refused(wasRejected(earlier))
  const fault = faultOf(view, pair)
  if (fault) return refused(fault)
  const decision: PairDecision = {
    entity: pair.entity,
    records,
    state: 'wanted',
    by,
    at: host.context.clock.now(),
    ...(pair.choices ? { choices: pair.choices } : {}),
    ...(pair.prefer === undefined ? {} : { prefer: pair.prefer }),
    before: Object.fromEntries(records.map(({ side }, index) => [side, lastKnown(view, links[index]!, side)])),
  }
  return { noted: { pair, known, decision } }
}

function faultOf({ plugin }: PluginView, { choices = {}, prefer }: PairToLink): Message | undefined {
  const field = Object.keys(choices).find((name) => !(name in plugin.fields))
  if (field !== undefined) {
    const list = Object.keys(plugin.fields).join(', ')
    return {
      vi: `Không có trường "${field}". Các trường: ${list}.`,
      en: `There is no field "${field}". Fields: ${list}.`,
    }
  }
  const side = [...Object.values(choices), prefer].find((one) => one !== undefined && !plugin.sides.includes(one))
  const sides = plugin.sides.join(', ')
  return side === undefined
    ? undefined
    : { vi: `"${side}" không phải một bên; có: ${sides}.`, en: `"${side}" is no side of it; there are: ${sides}.` }
}

async function becameOf(host: DeskHost, { pair, known, decision }: Noted): Promise<PairOutcome> {
  const { context } = host
  const [id] = known.records
  const [link] = await context.store.links.findByRecord(pair.entity, id.side, [id])
  if (link?.linked) {
    await context.decisions.put([{ ...decision, state: 'linked' }])
    context.decisions.forgetSuggestions(pair.entity, decision.records)
    await removeSuggestions(context.store, pair.entity, [pairId(pair.entity, decision.records)])
    return asLinked(host, pair, link)
  }
  const items = await context.store.work.find(known.links.flatMap(workIdsOf))
  const failure = items.find((item) => item.failure && item.state !== 'ready')?.failure
  if (failure && isWorking(host)) return outcomeOf(pair, 'failed', { vi: failure.vi, en: failure.en })
  return outcomeOf(pair, 'queued', queued)
}

async function asLinked(host: DeskHost, pair: NamedPair, link: Link): Promise<PairOutcome> {
  const items = await host.context.store.work.find(workIdsOf(link))
  const open = items.find(({ conflict }) => conflict && conflict.length > 0)
  const text = open?.failure ? { vi: open.failure.vi, en: open.failure.en } : linked
  return outcomeOf(pair, open ? 'conflict' : 'linked', text, { link: link.id })
}

const linked: Message = { vi: 'Hai bản ghi đã được liên kết thành một.', en: 'The two records are linked as one.' }
const queued: Message = {
  vi: 'Đã ghi nhận; sẽ liên kết ngay khi đồng bộ chạy tiếp.',
  en: 'It is noted; the records are linked as soon as the sync goes on.',
}
const twice: Message = {
  vi: 'Bản ghi này đứng trong hai cặp; mỗi bản ghi chỉ có một bản ghi tương ứng. Hãy chọn một cặp.',
  en: 'The record is in two of the pairs; a record has one twin. Choose one pair.',
}

function hasTwin({ plugin }: PluginView, { sides }: Link): Message {
  const names = plugin.sides.map((side) => `${sides[side]?.key ?? sides[side]?.id ?? '?'} (${side})`).join(' ⇄ ')
  return {
    vi: `Bản ghi đã có bản ghi tương ứng: ${names}.`,
    en: `The record has its twin already: ${names}.`,
  }
}

function wasRejected({ by }: PairDecision): Message {
  return {
    vi: `${by} đã xác nhận đây là hai đối tượng khác nhau. Nếu nhầm, hãy hoàn tác (undo) trước rồi liên kết.`,
    en: `${by} said that these are two different things. If that was wrong, undo it first, then link.`,
  }
}
