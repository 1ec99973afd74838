import { type Link, type Message, type SystemId, workId } from '@amis-sync/core'
import { removeSuggestions } from '../matching/suggestions.ts'
import { type PairDecision, nameOf as recordName, pairId } from '../flow/decisions.ts'
import { lastKnown } from '../flow/gather.ts'
import { learn } from '../flow/learn.ts'
import { learnOffers } from '../flow/offers.ts'
import { recordAt } from '../flow/twins.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { isWorking, settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'
import { type KnownPair, type NamedPair, type PairOutcome, type Refusal, findPairs, outcomeOf } from './name-pair.ts'

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
  const found = await findPairs(host, pairs)
  const decided = await context.decisions.find(
    found.flatMap((known) => ('refusal' in known ? [] : [{ entity: known.view.plugin.id, records: known.records }])),
  )
  const taken = new Set<string>()
  const checked = pairs.map((pair, index): Checked => {
    const one = check(host, { by, pair, known: found[index]!, decided })
    const ids = 'noted' in one ? one.noted.known.links.map(({ id }) => id) : []
    const again = ids.some((id) => taken.has(id))
    for (const id of ids) taken.add(id)
    return again ? { outcome: outcomeOf(pair, 'refused', twice) } : one
  })
  const noted = checked.flatMap((one) => ('noted' in one ? [one.noted] : []))
  await context.decisions.put(noted.map(({ decision }) => decision))
  await context.store.work.add(noted.map(hintOf), context.clock.now())
  host.wake()
  const work = noted.map((one) => workId(hintOf(one)))
  await settledWork(host, { work, links: noted.map(({ known }) => known.links[0].id) })
  const already = checked.flatMap((one) => ('linked' in one ? [one.linked] : []))
  const outcomes = new Map([...(await becameOf(host, noted)), ...(await outcomesOfLinked(host, already))])
  return checked.map((one, index) => ('outcome' in one ? one.outcome : outcomes.get(pairs[index]!)!))
}

/** The first side's record is looked at; it finds its twin by the decision. */
function hintOf({ known: { view, records } }: Noted) {
  const [{ side, resource, id }] = records
  return { entity: view.plugin.id, side, resource, recordId: id, triggers: ['standardise'] }
}

type Checked = { readonly noted: Noted } | { readonly linked: LinkedPair } | { readonly outcome: PairOutcome }

interface LinkedPair {
  readonly pair: PairToLink
  readonly link: Link
}

function check(
  { context }: DeskHost,
  {
    by,
    pair,
    known,
    decided,
  }: {
    readonly by: string
    readonly pair: PairToLink
    readonly known: KnownPair | Refusal
    readonly decided: (entity: string, records: PairDecision['records']) => PairDecision | undefined
  },
): Checked {
  const refused = (text: Message): Checked => ({ outcome: outcomeOf(pair, 'refused', text) })
  if ('refusal' in known) return refused(known.refusal)
  const { view, links, records } = known
  const [one, other] = links
  if (one.linked && one.id === other.id) return { linked: { pair, link: one } }
  const busy = links.find(({ linked }) => linked)
  if (busy) return refused(hasTwin(view, busy))
  const earlier = decided(pair.entity, records)
  if (earlier?.state === 'rejected') return refused(wasRejected(earlier))
  const fault = faultOf(view, pair)
  if (fault) return refused(fault)
  const decision: PairDecision = {
    entity: pair.entity,
    records,
    state: 'wanted',
    by,
    at: context.clock.now(),
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

type Outcomes = readonly (readonly [PairToLink, PairOutcome])[]

async function becameOf(host: DeskHost, noted: readonly Noted[]): Promise<Outcomes> {
  const { context } = host
  const now = new Map<string, Link>()
  for (const ones of Map.groupBy(noted, ({ known }) => known.view.plugin.id).values()) {
    const { plugin } = ones[0]!.known.view
    const records = ones.map(({ known }) => known.records[0])
    for (const link of await context.store.links.findByRecord(plugin.id, plugin.sides[0], records)) {
      if (link.linked) now.set(`${plugin.id}|${recordName(recordAt(link, plugin.sides[0]))}`, link)
    }
  }
  const linkOf = ({ known: { view, records } }: Noted) => now.get(`${view.plugin.id}|${recordName(records[0])}`)
  const done = noted.flatMap((one) => {
    const link = linkOf(one)
    return link ? [{ pair: one.pair, link, decision: one.decision }] : []
  })
  await rememberLinked(
    host,
    done.map(({ decision }) => decision),
  )
  const left = noted.filter((one) => !linkOf(one))
  const items =
    left.length === 0 ? [] : await context.store.work.find(left.flatMap(({ known }) => known.links.flatMap(workIdsOf)))
  const open = left.map(({ pair, known }): readonly [PairToLink, PairOutcome] => {
    const ids = new Set(known.links.flatMap(workIdsOf))
    const failure = items.find(({ id, state, failure: why }) => ids.has(id) && why && state !== 'ready')?.failure
    if (failure && isWorking(host)) return [pair, outcomeOf(pair, 'failed', { vi: failure.vi, en: failure.en })]
    return [pair, outcomeOf(pair, 'queued', queued)]
  })
  return [...(await outcomesOfLinked(host, done)), ...open]
}

async function rememberLinked({ context }: DeskHost, decisions: readonly PairDecision[]): Promise<void> {
  await context.decisions.put(decisions.map((one): PairDecision => ({ ...one, state: 'linked' })))
  for (const [entity, ones] of Map.groupBy(decisions, (one) => one.entity)) {
    for (const { records } of ones) context.decisions.forgetSuggestions(entity, records)
    await removeSuggestions(
      context.store,
      entity,
      ones.map(({ records }) => pairId(entity, records)),
    )
  }
}

async function outcomesOfLinked({ context }: DeskHost, pairs: readonly LinkedPair[]): Promise<Outcomes> {
  if (pairs.length === 0) return []
  const items = await context.store.work.find(pairs.flatMap(({ link }) => workIdsOf(link)))
  return pairs.map(({ pair, link }) => {
    const ids = new Set(workIdsOf(link))
    const open = items.find(({ id, conflict }) => ids.has(id) && conflict && conflict.length > 0)
    const text = open?.failure ? { vi: open.failure.vi, en: open.failure.en } : linked
    return [pair, outcomeOf(pair, open ? 'conflict' : 'linked', text, { link: link.id })] as const
  })
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
