import { type Link, type SystemId, otherSide } from '@amis-sync/core'
import { compareRecords } from '../matching/compare-records.ts'
import { readRecord } from '../matching/read-record.ts'
import { openSuggestions } from '../matching/suggestions.ts'
import { type PluginView, decisiveTexts } from '../pure/plugin-view.ts'
import { type Candidates, findCandidates } from './complete.ts'
import type { SideRecord } from './decisions.ts'
import { lastKnown } from './gather.ts'
import type { Group } from './observation.ts'
import type { TenantContext } from './tenant-context.ts'

/** Runs in which more than the code may find a twin (contract §4.5). */
const bulk = ['first-sync', 'standardise']

interface Alone {
  readonly group: Group
  readonly side: SystemId
  readonly other: SystemId
  readonly own: SideRecord
}

/**
 * The twins that an unlinked record may have, after what people decided: who is wanted comes alone, who is rejected never. In bulk runs
 * a decisive value besides the code finds one, too, if nothing speaks against it; and what looks like another record waits for a person.
 */
export async function findTwins(
  context: TenantContext,
  view: PluginView,
  groups: readonly Group[],
): Promise<Map<Group, Candidates>> {
  const found = await findCandidates(context, view, groups)
  if (!view.plugin.matching) return found
  await context.decisions.load(() => openSuggestions(context.store, context.plugins))
  const alone = groups.filter(({ link }) => !link.linked).map((group) => aloneOf(view, group))
  for (const one of alone) leaveRejectedOut(context, view, one, found)
  await addDecisive(context, view, alone, found)
  await addDecided(context, view, alone, found)
  return found
}

function aloneOf(view: PluginView, group: Group): Alone {
  const side = [...group.seen.keys()][0]!
  const { resource, id } = group.link.sides[side]!
  return { group, side, other: otherSide(view.plugin, side), own: { side, resource, id } }
}

export function recordAt(link: Link, side: SystemId): SideRecord {
  const { resource, id } = link.sides[side]!
  return { side, resource, id }
}

/** In the order of the plugin's sides. */
export function inOrder(view: PluginView, one: SideRecord, other: SideRecord): readonly [SideRecord, SideRecord] {
  return one.side === view.plugin.sides[0] ? [one, other] : [other, one]
}

function isRejected({ decisions }: TenantContext, view: PluginView, { own, other }: Alone, link: Link): boolean {
  return decisions.isRejected(view.plugin.id, inOrder(view, own, recordAt(link, other)))
}

function leaveRejectedOut(context: TenantContext, view: PluginView, one: Alone, found: Map<Group, Candidates>): void {
  const before = found.get(one.group)
  const rejected = before?.unlinked.find((link) => isRejected(context, view, one, link))
  if (!before || !rejected) return
  const unlinked = before.unlinked.filter((link) => !isRejected(context, view, one, link))
  found.set(one.group, { ...before, unlinked, ...(unlinked.length === 0 ? { rejected } : {}) })
}

/** Same tax code, and nothing that speaks against it: as good as the same code. With something against it, a person looks. */
async function addDecisive(
  context: TenantContext,
  view: PluginView,
  alone: readonly Alone[],
  found: Map<Group, Candidates>,
): Promise<void> {
  const { plugin } = view
  const matching = plugin.matching!
  const wanted = alone.flatMap((one) => {
    const { unlinked = [], taken, rejected } = found.get(one.group) ?? {}
    const asked = bulk.some((trigger) => one.group.seen.get(one.side)?.triggers.has(trigger))
    if (!asked || unlinked.length > 0 || taken || rejected) return []
    const texts = decisiveTexts(plugin, one.other, one.group.seen.get(one.side)?.value ?? {})
    return texts.length > 0 ? [{ one, texts }] : []
  })
  if (wanted.length === 0) return
  const links = await context.store.links.findUnlinked(
    plugin.id,
    wanted.flatMap(({ texts }) => texts),
  )
  for (const { one, texts } of wanted) {
    const own = readRecord(matching, one.group.seen.get(one.side)?.value ?? {})
    const judged = links
      .filter((link) => texts.some((text) => link.match?.includes(text)) && !isRejected(context, view, one, link))
      .filter((link) => !link.sides[one.other]!.gone)
      .map((link) => ({ link, ...compareRecords(own, readRecord(matching, lastKnown(view, link, one.other))) }))
      .filter(({ band }) => band !== 'separate')
    if (judged.length === 0) continue
    const sure = judged.length === 1 && judged[0]!.band === 'link'
    found.set(one.group, sure ? { unlinked: [judged[0]!.link] } : { unlinked: [], lookalike: judged[0]!.link })
  }
}

/** Decisions that wait to be carried out, and suggestions that wait for one. */
async function addDecided(
  context: TenantContext,
  view: PluginView,
  alone: readonly Alone[],
  found: Map<Group, Candidates>,
): Promise<void> {
  const entity = view.plugin.id
  const asked = alone.map((one) => {
    const decision = context.decisions.wantedFor(entity, one.own)
    const twins = decision
      ? decision.records.filter(({ side }) => side === one.other)
      : context.decisions.suggestedFor(entity, one.own)
    return { one, decision, twins }
  })
  for (const [other, some] of Map.groupBy(asked, ({ one }) => one.other)) {
    const links = await context.store.links.findByRecord(
      entity,
      other,
      some.flatMap(({ twins }) => twins),
    )
    for (const { one, decision, twins } of some) {
      const twin = links.find((link) => {
        const at = link.sides[other]!
        return !link.linked && !at.gone && twins.some(({ resource, id }) => at.resource === resource && at.id === id)
      })
      const before = found.get(one.group)
      if (!twin || (!decision && before && before.unlinked.length > 0)) continue
      found.set(one.group, decision ? { unlinked: [twin], decision } : { unlinked: [], ...before, lookalike: twin })
    }
  }
}
