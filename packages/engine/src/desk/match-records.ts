import { type Link, type Matching, type SystemId, SyncError, otherSide } from '@amis-sync/core'
import { pairId } from '../flow/decisions.ts'
import { lastKnown } from '../flow/gather.ts'
import { learn } from '../flow/learn.ts'
import { isOn } from '../flow/offers.ts'
import { recordAt } from '../flow/twins.ts'
import { type Entrant, type Found, type FoundPair, findPairs } from '../matching/find-pairs.ts'
import { readRecord } from '../matching/read-record.ts'
import {
  type MatchRun,
  type SuggestedBand,
  type SuggestedRecord,
  type Suggestion,
  openSuggestions,
  storeSuggestions,
} from '../matching/suggestions.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import type { DeskHost } from './desk-host.ts'

export interface MatchRequest {
  readonly entity: string
  /** The side that was used first; its records go to the other one in the end. */
  readonly from: SystemId
}

const pageSize = 500

/** An entity whose plugin says what to compare. */
export type Matchable = PluginView & { readonly matching: Matching }

/** Throws `NOT_MATCHABLE`. */
export function matchableView({ context }: DeskHost, entity: string): Matchable {
  const view = context.views.get(entity)
  if (view?.plugin.matching && isOn(context, entity)) return { ...view, matching: view.plugin.matching }
  throw new SyncError({
    code: 'NOT_MATCHABLE',
    kind: 'config',
    message: {
      vi: `"${entity}" không được đồng bộ ở công ty này, hoặc plugin của nó không khai báo cách so khớp (matching). Hãy chọn loại dữ liệu khác.`,
      en: `"${entity}" is not synced here, or its plugin does not say what to compare (matching). Choose another type of records.`,
    },
  })
}

/**
 * A standardisation run (CU6, PR4, PG4): reads both sides anew, compares what nobody linked, and stores what may be the same thing, for a
 * person to look at. Changes nothing at any side. Also before the first sync, whose records then wait where somebody should look.
 */
export async function matchRecords(host: DeskHost, { entity, from }: MatchRequest): Promise<MatchRun> {
  const view = matchableView(host, entity)
  const { context } = host
  await context.decisions.load(() => openSuggestions(context.store, context.plugins))
  await learn(host, view.plugin)
  await learnWhatGoesAlong(host, view)
  const all = await entrantsOf(host, view)
  const found = await breathing(
    host,
    findPairs(
      all.map((one) => one.entrant),
      (a, b) => isRejected(host, view, all[a]!, all[b]!),
    ),
  )
  const suggestions = [
    ...found.pairs.map((pair) => suggestionOf(entity, pair.band === 'link' ? 'link' : 'ask', pair, all)),
    ...found.duplicates.map((pair) => suggestionOf(entity, 'duplicate', pair, all)),
  ]
  const run = summary(host, view, { entity, from }, all, found)
  await storeSuggestions(context.store, run, suggestions)
  context.decisions.forgetSuggestions(entity)
  for (const { band, records } of suggestions) if (band !== 'duplicate') context.decisions.suggest(entity, records)
  return run
}

/** What goes along with records of an entity must be known by its code, before the first sync has shown it. */
export async function learnWhatGoesAlong(host: DeskHost, { plugin }: PluginView): Promise<void> {
  if (host.state().phase === 'live') return
  const names = new Set(plugin.references.filter(({ missing }) => missing === 'pull').map(({ entity }) => entity))
  for (const one of host.context.plugins) {
    if (one.id !== plugin.id && names.has(one.id) && isOn(host.context, one.id)) await learn(host, one)
  }
}

interface Named {
  readonly entrant: Entrant
  readonly record: SuggestedRecord
}

async function entrantsOf({ context }: DeskHost, view: Matchable): Promise<Named[]> {
  const all: Named[] = []
  let after: string | undefined
  for (;;) {
    const links = await context.store.links.page(view.plugin.id, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    })
    for (const link of links) {
      for (const [side, system] of view.plugin.sides.entries()) {
        const at = link.sides[system]
        if (!at || at.gone) continue
        const record = recordOf(view, view.matching, link, system)
        const read = readRecord(view.matching, record.shown)
        all.push({ entrant: { side: side === 0 ? 0 : 1, linked: link.linked, read }, record })
      }
    }
    after = links.at(-1)?.id
    if (links.length < pageSize) return all
  }
}

/** A record as a suggestion shows it. */
export function recordOf(view: PluginView, { fields }: Matching, link: Link, side: SystemId): SuggestedRecord {
  const known = lastKnown(view, link, side)
  const shown = Object.fromEntries(
    fields.flatMap(({ field }) => (known[field] === undefined || known[field] === null ? [] : [[field, known[field]]])),
  )
  const key = link.sides[side]!.key
  const named = fields.find(({ as }) => as === 'partyName' || as === 'itemName')
  const name = named === undefined ? undefined : known[named.field]
  return {
    ...recordAt(link, side),
    link: link.id,
    ...(key === undefined ? {} : { key }),
    name: typeof name === 'string' ? name : '',
    shown,
  }
}

/** Long work in one thread lets others in now and then: the lease must be kept. */
async function breathing({ context, stopping }: DeskHost, steps: Generator<undefined, Found>): Promise<Found> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await context.clock.sleep(0)
    if (stopping()) throw stopped(context.settings.tenant)
  }
}

function isRejected({ context }: DeskHost, view: PluginView, a: Named, b: Named): boolean {
  return a.record.side !== b.record.side && context.decisions.isRejected(view.plugin.id, [a.record, b.record])
}

function suggestionOf(entity: string, band: SuggestedBand, pair: FoundPair, all: readonly Named[]): Suggestion {
  const records = [all[pair.a]!.record, all[pair.b]!.record] as const
  return { id: pairId(entity, records), entity, band, score: pair.score, evidence: pair.evidence, records }
}

function summary(
  { context }: DeskHost,
  { plugin }: PluginView,
  { entity, from }: MatchRequest,
  all: readonly Named[],
  { pairs, duplicates, compared }: Found,
): MatchRun {
  const paired = new Set(pairs.flatMap(({ a, b }) => [a, b]))
  const count = (side: SystemId, which: (one: Named, index: number) => boolean) =>
    all.filter((one, index) => one.record.side === side && which(one, index)).length
  const bySide = (which: (one: Named, index: number) => boolean): Record<SystemId, number> =>
    Object.fromEntries([from, otherSide(plugin, from)].map((side) => [side, count(side, which)]))
  const link = pairs.filter(({ band }) => band === 'link').length
  return {
    entity,
    from,
    at: context.clock.now(),
    records: bySide(() => true),
    unlinked: bySide(({ entrant }) => !entrant.linked),
    alone: bySide(({ entrant }, index) => !entrant.linked && !paired.has(index)),
    bands: { link, ask: pairs.length - link, duplicate: duplicates.length },
    compared,
  }
}

function stopped(tenant: string): SyncError {
  return new SyncError({
    code: 'INTERRUPTED',
    kind: 'retriable',
    message: {
      vi: `Việc chuẩn hóa của ${tenant} bị dừng giữa chừng; chưa có gì thay đổi. Hãy chạy lại.`,
      en: `The standardisation of ${tenant} was interrupted; nothing was changed. Run it again.`,
    },
  })
}
