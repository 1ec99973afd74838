import { type Link, type Message, type SystemId, codeKey } from '@amis-sync/core'
import type { SideRecord } from '../flow/decisions.ts'
import { isOn } from '../flow/offers.ts'
import { inOrder, recordAt } from '../flow/twins.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import type { DeskHost } from './desk-host.ts'

/** A record as a person or a program names it: by its link, by its code at a side, or by its id there. */
export type RecordName =
  | { readonly link: string; readonly side?: SystemId }
  | { readonly side: SystemId; readonly key: string }
  | { readonly side: SystemId; readonly resource: string; readonly id: string }

/** Two records, one of each side, in any order. */
export interface NamedPair {
  readonly entity: string
  readonly a: RecordName
  readonly b: RecordName
}

/** A field that linking wrote, and what stood there before. */
export interface FieldChange {
  readonly side: SystemId
  readonly field: string
  readonly before: unknown
  readonly now: unknown
}

/**
 * What became of a pair. `linked`: they are one record now. `conflict`: they are, but fields that differ are held until somebody chooses.
 * `rejected`, `reopened`, `parted`: as asked. `queued`: done as soon as the engine works again. `failed`: a side did not take it.
 * `refused`: it makes no sense, nothing was done.
 */
export interface PairOutcome {
  readonly entity: string
  readonly a: string
  readonly b: string
  readonly state: 'linked' | 'conflict' | 'rejected' | 'reopened' | 'parted' | 'queued' | 'failed' | 'refused'
  readonly text: Message
  readonly link?: string
  readonly changes?: readonly FieldChange[]
}

/** A pair that was found in the registry, in the order of the plugin's sides. */
export interface KnownPair {
  readonly view: PluginView
  readonly links: readonly [Link, Link]
  readonly records: readonly [SideRecord, SideRecord]
}

export type Refusal = { readonly refusal: Message }

export function nameText(name: RecordName): string {
  return 'key' in name ? name.key : 'id' in name ? name.id : name.link
}

export function outcomeOf(
  { entity, a, b }: NamedPair,
  state: PairOutcome['state'],
  text: Message,
  more: Pick<PairOutcome, 'link' | 'changes'> = {},
): PairOutcome {
  return { entity, a: nameText(a), b: nameText(b), state, text, ...more }
}

type Finder = (name: RecordName) => readonly Link[]

/** Loads what these names mean, with a query for each way of naming. */
async function load({ context }: DeskHost, entity: string, names: readonly RecordName[]): Promise<Finder> {
  const { links } = context.store
  const byId = new Map<string, Link>()
  const byRecord = new Map<string, Link>()
  const byKey = new Map<string, Link[]>()
  const ids = names.flatMap((name) => ('link' in name ? [name.link] : []))
  if (ids.length > 0) for (const link of await links.get(ids)) if (link.entity === entity) byId.set(link.id, link)
  const records = names.flatMap((name) => ('id' in name && !('link' in name) ? [name] : []))
  for (const [side, some] of Map.groupBy(records, (one) => one.side)) {
    for (const link of await links.findByRecord(entity, side, some)) {
      const at = link.sides[side]!
      byRecord.set(`${side}:${at.resource}/${at.id}`, link)
    }
  }
  const keyed = names.flatMap((name) => ('link' in name || 'id' in name ? [] : [name]))
  for (const [side, some] of Map.groupBy(keyed, (one) => one.side)) {
    const found = await links.findByKey(
      entity,
      side,
      some.map(({ key }) => key),
    )
    for (const [key, ones] of Map.groupBy(found, ({ sides }) => codeKey(sides[side]?.key ?? '')))
      byKey.set(`${side}:${key}`, ones)
  }
  return (name) => {
    if ('link' in name) return [byId.get(name.link)].filter((link) => link !== undefined)
    if ('id' in name)
      return [byRecord.get(`${name.side}:${name.resource}/${name.id}`)].filter((link) => link !== undefined)
    return byKey.get(`${name.side}:${codeKey(name.key)}`) ?? []
  }
}

/** The side that a name speaks of; of an unlinked record it is the only one. */
function sideOf(view: PluginView, name: RecordName, link: Link): SystemId | undefined {
  return name.side ?? view.plugin.sides.find((side) => link.sides[side])
}

/** Both records of each pair, each known to the registry, one at each side. In the order of the pairs. */
export async function findPairs(host: DeskHost, pairs: readonly NamedPair[]): Promise<(KnownPair | Refusal)[]> {
  const finders = new Map<string, Finder>()
  for (const [entity, some] of Map.groupBy(pairs, (pair) => pair.entity)) {
    const names = some.flatMap(({ a, b }) => [a, b])
    finders.set(entity, await load(host, entity, names))
  }
  return pairs.map((pair) => knownPair(host, pair, finders.get(pair.entity)!))
}

export async function findPair(host: DeskHost, pair: NamedPair): Promise<KnownPair | Refusal> {
  const [found] = await findPairs(host, [pair])
  return found!
}

function knownPair({ context }: DeskHost, pair: NamedPair, find: Finder): KnownPair | Refusal {
  const view = context.views.get(pair.entity)
  if (!view || !isOn(context, pair.entity)) return { refusal: notSynced(pair.entity) }
  if (view.plugin.kind !== 'catalogue') return { refusal: notPairable(view) }
  const found: { link: Link; side: SystemId }[] = []
  for (const name of [pair.a, pair.b]) {
    const [link, ...others] = find(name)
    const side = link && sideOf(view, name, link)
    const at = side === undefined ? undefined : link?.sides[side]
    if (!link || side === undefined || !at || at.gone) return { refusal: unknown(nameText(name)) }
    if (others.length > 0) return { refusal: several(nameText(name)) }
    found.push({ link, side })
  }
  const [one, other] = found as [{ link: Link; side: SystemId }, { link: Link; side: SystemId }]
  if (one.side === other.side) return { refusal: oneSide(one.side) }
  const records = inOrder(view, recordAt(one.link, one.side), recordAt(other.link, other.side))
  const links = records[0].side === one.side ? ([one.link, other.link] as const) : ([other.link, one.link] as const)
  return { view, links, records }
}

function notSynced(entity: string): Message {
  return { vi: `Loại dữ liệu "${entity}" không được đồng bộ.`, en: `Records of type "${entity}" are not synced.` }
}

function notPairable({ plugin }: PluginView): Message {
  return {
    vi: `${plugin.labels.vi} là chứng từ, không ghép cặp bằng tay.`,
    en: `${plugin.labels.en} are documents; they are not paired by hand.`,
  }
}

function unknown(name: string): Message {
  return {
    vi: `Không biết bản ghi "${name}", hoặc nó đã bị xóa. Hãy kiểm tra mã, hoặc chạy standardise để đọc lại hai bên.`,
    en: `The record "${name}" is not known, or is deleted. Check the code, or run standardise to read both sides again.`,
  }
}

function several(name: string): Message {
  return {
    vi: `Có nhiều bản ghi mang mã "${name}"; hãy chọn trong danh sách của standardise review.`,
    en: `Several records have the code "${name}"; choose in the list of standardise review.`,
  }
}

function oneSide(side: SystemId): Message {
  return {
    vi: `Cả hai bản ghi đều ở "${side}"; một cặp gồm mỗi bên một bản ghi. Bản ghi trùng lặp trong một bên hãy gộp ngay tại hệ thống đó.`,
    en: `Both records are at "${side}"; a pair has one of each side. Merge duplicates inside one side in that system.`,
  }
}
