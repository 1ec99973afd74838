import type { Link, Message, SystemId } from '@amis-sync/core'
import { compareRecords } from '../matching/compare-records.ts'
import { readRecord } from '../matching/read-record.ts'
import {
  type Suggestion,
  type SuggestedBand,
  findSuggestions,
  moveSuggestion,
  suggestionsOf,
} from '../matching/suggestions.ts'
import type { DeskHost } from './desk-host.ts'
import { hearOf, linkKnown } from './link-records.ts'
import { matchableView, recordOf } from './match-records.ts'
import type { PairOutcome } from './name-pair.ts'

export interface AcceptRequest {
  readonly entity: string
  readonly by: string
  /** All of a band, or these suggestions. */
  readonly band?: 'link' | 'ask'
  readonly ids?: readonly string[]
  readonly choices?: Readonly<Record<string, SystemId>>
  readonly prefer?: SystemId
}

/** One accepted suggestion. `moved`: a record changed since, and it is another case now; `gone`: there is no such suggestion any more. */
export type Accepted =
  | (PairOutcome & { readonly id: string })
  | { readonly id: string; readonly entity: string; readonly state: 'moved' | 'gone'; readonly text: Message }

/** What became of all of them, and of those that are worth telling: first those that need a person. */
export interface AcceptReport {
  readonly counts: Readonly<Record<string, number>>
  readonly outcomes: readonly Accepted[]
  /** So many more outcomes are only counted. */
  readonly untold: number
}

const batch = 100
/** An answer passes through the store: it must not grow with the company. */
const mostTold = 1_000

/** Links suggested pairs, each looked at again first: a record that changed since is judged by what it says now. */
export async function acceptSuggestions(host: DeskHost, request: AcceptRequest): Promise<AcceptReport> {
  const { entity, ids, band } = request
  matchableView(host, entity)
  await hearOf(host, entity)
  const { store } = host.context
  const results: Accepted[] = []
  if (ids) {
    const found = (await findSuggestions(store, entity, ids)).filter((one) => one.band !== 'duplicate')
    results.push(...(await acceptSome(host, request, found)))
    const known = new Set(found.map(({ id }) => id))
    results.push(
      ...ids.filter((id) => !known.has(id)).map((id): Accepted => ({ id, entity, state: 'gone', text: gone })),
    )
  }
  if (band) {
    // Read to the end first: accepting takes them away.
    const all: string[] = []
    for await (const { id } of suggestionsOf(store, entity, band)) all.push(id)
    for (let from = 0; from < all.length; from += batch) {
      const some = await findSuggestions(store, entity, all.slice(from, from + batch))
      results.push(
        ...(await acceptSome(
          host,
          request,
          some.filter((one) => one.band === band),
        )),
      )
    }
  }
  return reportOf(results)
}

function reportOf(all: readonly Accepted[]): AcceptReport {
  const counts: Record<string, number> = {}
  for (const { state } of all) counts[state] = (counts[state] ?? 0) + 1
  const sorted = [...all.filter(({ state }) => state !== 'linked'), ...all.filter(({ state }) => state === 'linked')]
  return { counts, outcomes: sorted.slice(0, mostTold), untold: Math.max(0, all.length - mostTold) }
}

async function acceptSome(host: DeskHost, request: AcceptRequest, all: readonly Suggestion[]): Promise<Accepted[]> {
  const { entity, by, choices, prefer } = request
  const links = await host.context.store.links.get(all.flatMap(({ records }) => records.map(({ link }) => link)))
  const byId = new Map(links.map((link) => [link.id, link]))
  const good: Suggestion[] = []
  const results: Accepted[] = []
  for (const one of all) {
    const now = lookedAtAgain(host, one, byId)
    if (now && (now.band === one.band || now.band === 'link' || (!request.band && now.band === 'ask'))) {
      good.push(now)
      continue
    }
    await moveSuggestion(host.context.store, one, now)
    results.push({ id: one.id, entity, state: now ? 'moved' : 'gone', text: now ? moved : gone })
  }
  const outcomes = await linkKnown(host, {
    by,
    pairs: good.map(({ records: [a, b] }) => ({
      entity,
      a,
      b,
      ...(choices ? { choices } : {}),
      ...(prefer === undefined ? {} : { prefer }),
    })),
  })
  const named = outcomes.map((outcome, index): Accepted => {
    const [a, b] = good[index]!.records
    return { ...outcome, a: a.key ?? a.id, b: b.key ?? b.id, id: good[index]!.id }
  })
  return [...named, ...results]
}

/** The suggestion by what its records say now; nothing when one is linked, or deleted, or they have nothing in common any more. */
function lookedAtAgain(host: DeskHost, one: Suggestion, links: ReadonlyMap<string, Link>): Suggestion | undefined {
  const view = matchableView(host, one.entity)
  const records = one.records.map(({ link: id, side }) => {
    const link = links.get(id)
    const at = link?.sides[side]
    return !link || link.linked || !at || at.gone ? undefined : recordOf(view, view.matching, link, side)
  })
  const [a, b] = records
  if (!a || !b) return undefined
  if (JSON.stringify([a.shown, b.shown]) === JSON.stringify(one.records.map(({ shown }) => shown))) return one
  const { band, score, evidence } = compareRecords(
    readRecord(view.matching, a.shown),
    readRecord(view.matching, b.shown),
  )
  if (band === 'separate') return undefined
  // What was a question stays one: others may be as good.
  const still: SuggestedBand = one.band === 'ask' ? 'ask' : band
  return { ...one, band: still, score, evidence, records: [a, b] }
}

const moved: Message = {
  vi: 'Bản ghi đã thay đổi từ khi được gợi ý; hãy xem lại cặp này trước khi chấp nhận.',
  en: 'A record changed since this was suggested; look at the pair again before you accept it.',
}
const gone: Message = {
  vi: 'Gợi ý này không còn: bản ghi đã được liên kết, bị xóa, đã đổi, hoặc cặp đã bị từ chối.',
  en: 'There is no such suggestion any more: a record was linked, deleted or changed, or the pair was rejected.',
}
