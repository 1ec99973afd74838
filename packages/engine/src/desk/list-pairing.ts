import { type Link, type SystemId, codeKey } from '@amis-sync/core'
import { lastKnown } from '../flow/gather.ts'
import { learn } from '../flow/learn.ts'
import { findPairs } from '../matching/find-pairs.ts'
import { readRecord } from '../matching/read-record.ts'
import type { SuggestedRecord } from '../matching/suggestions.ts'
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

/** Both sides of an entity side by side (C2): what is paired, what is suggested (by code, then by name), what is missing where. */
export async function listPairing(host: DeskHost, { entity }: { readonly entity: string }): Promise<PairingRow[]> {
  const view = matchableView(host, entity)
  await learn(host, view.plugin)
  const links: Link[] = []
  for (let after: string | undefined; ;) {
    const page = await host.context.store.links.page(entity, { limit: 500, ...(after === undefined ? {} : { after }) })
    links.push(...page)
    after = page.at(-1)?.id
    if (page.length < 500) break
  }
  const rows: PairingRow[] = links.filter(({ linked }) => linked).map((link) => pairedRow(view, [link, link]))
  const found = alreadyPaired(view, links)
  rows.push(...found.map((pair) => pairedRow(view, pair)))
  const settled = new Set(found.flat())
  const alone = links
    .filter((link) => !settled.has(link))
    .flatMap((link) => {
      const side = view.plugin.sides.find((one) => link.sides[one] && !link.sides[one].gone)
      return link.linked || side === undefined ? [] : [{ link, record: recordOf(view, view.matching, link, side) }]
    })
  const { decisions } = host.context
  const steps = findPairs(
    alone.map(({ record }) => ({
      side: record.side === view.plugin.sides[0] ? 0 : 1,
      linked: false,
      read: readRecord(view.matching, record.shown),
    })),
    (a, b) => {
      const [one, other] = [alone[a]!.record, alone[b]!.record]
      return one.side !== other.side && decisions.isRejected(entity, [one, other])
    },
  )
  let step = steps.next()
  while (!step.done) step = steps.next()
  const { pairs } = step.value
  const shown = new Set<number>()
  for (const { a, b, evidence } of pairs) {
    if (shown.has(a) || shown.has(b)) continue
    const rivals = pairs.filter((one) => one.a === a || one.b === b).length
    const byCode = evidence.some(({ field, outcome }) => field === 'code' && outcome === 'same')
    shown.add(a)
    shown.add(b)
    const by = byCode ? 'code' : 'name'
    rows.push({
      state: 'suggested',
      by,
      records: named([alone[a]!.record, alone[b]!.record]),
      ...(rivals > 1 && !byCode ? { unsure: true } : {}),
    })
  }
  for (const [index, { link, record }] of alone.entries()) {
    if (shown.has(index)) continue
    const { activeField } = view.plugin
    const inactive = activeField !== undefined && link.sides[record.side]?.known?.[activeField] === false
    rows.push({ state: 'only', records: named([record]), ...(inactive ? { inactive } : {}) })
  }
  return rows
}

/** Records that name each other already, by more than a code: a unit of Accounting that carries System's id. */
function alreadyPaired(view: Matchable, links: readonly Link[]): (readonly [Link, Link])[] {
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
      return twin ? [[link, twin]] : []
    })
  })
}

function pairedRow(view: Matchable, links: readonly [Link, Link]): PairingRow {
  const records = view.plugin.sides.flatMap((side, index) => {
    const link = links[index]!
    return link.sides[side] ? [recordOf(view, view.matching, link, side)] : []
  })
  return { state: 'paired', records: named(records) }
}

function named(records: readonly SuggestedRecord[]): PairingRow['records'] {
  return Object.fromEntries(records.map(({ side, id, key, name }) => [side, { key: key ?? id, name }]))
}
