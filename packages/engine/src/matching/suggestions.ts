import type { Canonical, EntityPlugin, StoredValue, SystemId, TenantStore } from '@amis-sync/core'
import type { SideRecord } from '../flow/decisions.ts'
import type { Evidence } from './compare-records.ts'

export type SuggestedBand = 'link' | 'ask' | 'duplicate'
export const suggestedBands: readonly SuggestedBand[] = ['link', 'ask', 'duplicate']

/** A record of a suggestion, as it was looked at. */
export interface SuggestedRecord extends SideRecord {
  readonly link: string
  readonly key?: string
  readonly name: string
  /** The fields that were compared. */
  readonly shown: Canonical
}

/** Two records that may be the same thing. */
export interface Suggestion {
  readonly id: string
  readonly entity: string
  readonly band: SuggestedBand
  readonly score: number
  readonly evidence: readonly Evidence[]
  readonly records: readonly [SuggestedRecord, SuggestedRecord]
}

/** What a standardisation run came to. */
export interface MatchRun {
  readonly entity: string
  readonly from: SystemId
  readonly at: number
  /** Records at each side, and those that nobody linked. */
  readonly records: Readonly<Record<SystemId, number>>
  readonly unlinked: Readonly<Record<SystemId, number>>
  /** Unlinked ones for which nothing was found at the other side. */
  readonly alone: Readonly<Record<SystemId, number>>
  readonly bands: Readonly<Record<SuggestedBand, number>>
  readonly compared: number
}

const kind = 'pair-suggestion'
const runKind = 'match-run'
const batch = 500

const storedId = ({ entity, band, id }: Pick<Suggestion, 'entity' | 'band' | 'id'>): string => `${entity}|${band}|${id}`

/** Replaces what an earlier run suggested. */
export async function storeSuggestions(store: TenantStore, run: MatchRun, all: readonly Suggestion[]): Promise<void> {
  await store.documents.clear(kind, `${run.entity}|`)
  for (let from = 0; from < all.length; from += batch) {
    const some = all.slice(from, from + batch)
    await store.documents.put(
      kind,
      some.map((value): StoredValue => ({ id: storedId(value), value })),
    )
  }
  await store.documents.put(runKind, [{ id: run.entity, value: run }])
}

/** Puts one into another band, where its records changed. */
export async function moveSuggestion(
  store: TenantStore,
  before: Suggestion,
  now: Suggestion | undefined,
): Promise<void> {
  if (!now || storedId(now) !== storedId(before)) await store.documents.remove(kind, [storedId(before)])
  if (now) await store.documents.put(kind, [{ id: storedId(now), value: now }])
}

export async function removeSuggestions(store: TenantStore, entity: string, ids: readonly string[]): Promise<void> {
  const all = ids.flatMap((id) => suggestedBands.map((band) => storedId({ entity, band, id })))
  if (all.length > 0) await store.documents.remove(kind, all)
}

export async function findSuggestions(
  store: TenantStore,
  entity: string,
  ids: readonly string[],
): Promise<Suggestion[]> {
  const all = ids.flatMap((id) => suggestedBands.map((band) => storedId({ entity, band, id })))
  return (await store.documents.get(kind, all)).map(({ value }) => value as Suggestion)
}

/** One page of a band, in no order that means anything; `next` is where the following one begins. */
export async function suggestionPage(
  store: TenantStore,
  entity: string,
  { band, after, limit }: { readonly band: SuggestedBand; readonly after?: string; readonly limit: number },
): Promise<{ readonly suggestions: Suggestion[]; readonly next?: string }> {
  const prefix = `${entity}|${band}|`
  const page = await store.documents.page(kind, {
    prefix,
    limit,
    ...(after === undefined ? {} : { after: `${prefix}${after}` }),
  })
  const suggestions = page.map(({ value }) => value as Suggestion)
  const next = page.length === limit ? suggestions.at(-1)?.id : undefined
  return { suggestions, ...(next === undefined ? {} : { next }) }
}

/** All of a band. */
export async function* suggestionsOf(
  store: TenantStore,
  entity: string,
  band: SuggestedBand,
): AsyncGenerator<Suggestion> {
  let after: string | undefined
  for (;;) {
    const page = await suggestionPage(store, entity, { band, limit: batch, ...(after === undefined ? {} : { after }) })
    yield* page.suggestions
    if (page.next === undefined) return
    after = page.next
  }
}

/** What somebody should look at before anything is created of it. */
export async function* openSuggestions(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
): AsyncGenerator<Suggestion> {
  for (const { id, matching } of plugins) {
    if (!matching || !(await matchRun(store, id))) continue
    for (const band of ['link', 'ask'] as const) yield* suggestionsOf(store, id, band)
  }
}

export async function matchRun(store: TenantStore, entity: string): Promise<MatchRun | undefined> {
  const [found] = await store.documents.get(runKind, [entity])
  return found?.value as MatchRun | undefined
}
