import { type Link, type SystemId, codeKey } from '@amis-sync/core'
import { lastKnown } from '../flow/gather.ts'
import type { SideRecord } from '../flow/decisions.ts'
import { learn } from '../flow/learn.ts'
import { recordAt } from '../flow/twins.ts'
import { type Entrant, type FoundPair, findPairs } from '../matching/find-pairs.ts'
import { readRecord } from '../matching/read-record.ts'
import { type SuggestedRecord, openSuggestions } from '../matching/suggestions.ts'
import type { DeskHost } from './desk-host.ts'
import { type Matchable, matchableView, recordOf } from './match-records.ts'

/** One line of the pairing table (C2). */
export interface PairingRow {
  /**
   * `paired`: known as one. `suggested`: nobody has confirmed it. `only`: the other side has none; `inactive` ones need none.
   */
  readonly state: 'paired' | 'suggested' | 'only'
  readonly records: Readonly<Partial<Record<SystemId, { readonly key: string; readonly name: string }>>>
  readonly inactive?: boolean
  /** By what it was suggested: `code` before `name`. */
  readonly by?: 'code' | 'name'
  /** More than one is as good: a person chooses. */
  readonly unsure?: boolean
}

interface Alone {
  readonly link: Link
  readonly record: SuggestedRecord
}

type Rejected = (a: SideRecord, b: SideRecord) => boolean

/** Both sides of an entity side by side (C2): what is paired, what is suggested (by code, then by name), what is missing where. */
export async function listPairing(host: DeskHost, { entity }: { readonly entity: string }): Promise<PairingRow[]> {
  const view = matchableView(host, entity)
  const { store, plugins, decisions } = host.context
  await decisions.load(() => openSuggestions(store, plugins))
  await learn(host, view.plugin)
  const rejected: Rejected = (a, b) => decisions.isRejected(entity, [a, b])
  const links = await allLinks(host, entity)
  const linked = links.filter((link) => link.linked).map((link) => [link, link] as const)
  const named = alreadyPaired(view, links, rejected)
  const settled = new Set([...linked, ...named].flat())
  const alone = links.flatMap((link): Alone[] => {
    const side = view.plugin.sides.find((one) => link.sides[one] && !link.sides[one].gone)
    if (settled.has(link) || side === undefined) return []
    return [{ link, record: recordOf(view, view.matching, link, side) }]
  })
  const paired = [...linked, ...named].map((pair) => pairedRow(view, pair))
  return [...paired, ...openRows(view, alone, suggestedPairs(view, alone, rejected))]
}

async function allLinks({ context }: DeskHost, entity: string): Promise<Link[]> {
  const links: Link[] = []
  let after: string | undefined
  for (;;) {
    const page = await context.store.links.page(entity, { limit: 500, ...(after === undefined ? {} : { after }) })
    links.push(...page)
    after = page.at(-1)?.id
    if (page.length < 500) return links
  }
}

function suggestedPairs(view: Matchable, alone: readonly Alone[], rejected: Rejected): readonly FoundPair[] {
  const entrants = alone.map(({ record }): Entrant => ({
    side: record.side === view.plugin.sides[0] ? 0 : 1,
    linked: false,
    read: readRecord(view.matching, record.shown),
  }))
  const steps = findPairs(entrants, (a, b) => rejected(alone[a]!.record, alone[b]!.record))
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value.pairs
  }
}

function openRows(view: Matchable, alone: readonly Alone[], pairs: readonly FoundPair[]): PairingRow[] {
  const rows: PairingRow[] = []
  const shown = new Set<number>()
  for (const { a, b, evidence } of pairs) {
    if (shown.has(a) || shown.has(b)) continue
    shown.add(a)
    shown.add(b)
    const byCode = evidence.some(({ field, outcome }) => field === 'code' && outcome === 'same')
    const unsure = !byCode && pairs.filter((one) => one.a === a || one.b === b).length > 1
    const records = namesOf([alone[a]!.record, alone[b]!.record])
    rows.push({ state: 'suggested', by: byCode ? 'code' : 'name', records, ...(unsure ? { unsure } : {}) })
  }
  const { activeField } = view.plugin
  for (const [index, { link, record }] of alone.entries()) {
    if (shown.has(index)) continue
    const inactive = activeField !== undefined && link.sides[record.side]?.known?.[activeField] === false
    rows.push({ state: 'only', records: namesOf([record]), ...(inactive ? { inactive } : {}) })
  }
  return rows
}

/** Records that name each other already, by more than a code: a unit of Accounting that carries System's id. */
function alreadyPaired(view: Matchable, links: readonly Link[], rejected: Rejected): (readonly [Link, Link])[] {
  const [first, second] = view.plugin.sides
  const fields = view.plugin.match.filter((name) => name !== 'code')
  const valueAt = (link: Link, side: SystemId, name: string) => {
    const value = lastKnown(view, link, side)[name]
    return link.linked || !link.sides[side] || link.sides[side].gone || typeof value !== 'string' ? '' : codeKey(value)
  }
  return fields.flatMap((name) => {
    const bySecond = new Map(links.map((link) => [valueAt(link, second, name), link]))
    bySecond.delete('')
    return links.flatMap((link): (readonly [Link, Link])[] => {
      const twin = bySecond.get(valueAt(link, first, name))
      return twin && !rejected(recordAt(link, first), recordAt(twin, second)) ? [[link, twin]] : []
    })
  })
}

function pairedRow(view: Matchable, links: readonly [Link, Link]): PairingRow {
  const records = view.plugin.sides.flatMap((side, index) => {
    const link = links[index]!
    return link.sides[side] ? [recordOf(view, view.matching, link, side)] : []
  })
  return { state: 'paired', records: namesOf(records) }
}

function namesOf(records: readonly SuggestedRecord[]): PairingRow['records'] {
  return Object.fromEntries(records.map(({ side, id, key, name }) => [side, { key: key ?? id, name }]))
}
