import {
  type EntityPlugin,
  type Link,
  type Message,
  type TenantStore,
  type TrailEvent,
  type WorkItem,
  reasons,
  workId,
} from '@amis-sync/core'
import { explainFigures } from '../figure-reader.ts'
import { lastShown } from '../pure/plugin-view.ts'
import type { SystemNames } from '../pure/system-name.ts'
import { unlinkedVerdict } from '../pure/unlinked-verdict.ts'
import { whyAnswer } from '../pure/why-answer.ts'
import { type WhyAnswer, type WhyFacts, nothingToDo } from '../pure/why-facts.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import type { TenantSettings } from '../engine-types.ts'
import { readMissing } from './waiting.ts'

/** Everything that is known about one record: why it moved or did not. */
export interface Explanation extends WhyAnswer {
  /** What happened to it, newest first. */
  readonly story: readonly StoryLine[]
  readonly link?: Link
  readonly work: readonly WorkItem[]
}

export type StoryLine = Omit<TrailEvent, 'text'> & { readonly text: Message }

export interface Asked {
  readonly entity: string
  readonly key: string
  readonly settings: Pick<TenantSettings, 'enabled' | 'plugins'>
  readonly names: SystemNames
  /** What the sides answered when they were asked about the record (desk operation `why.lookup`). */
  readonly looked?: WhyFacts['looked']
}

/** Why did this record move, or not? From the store alone; `undefined` for an entity that is not loaded. */
export async function explainRecord(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  asked: Asked,
): Promise<Explanation | undefined> {
  const { entity, key, settings, names, looked } = asked
  const plugin = plugins.find(({ id }) => id === entity)
  if (!plugin) return undefined
  const [{ link, work }, state] = await Promise.all([knownRecord(store, plugin, key), store.state()])
  const missing = work.find((item) => item.state === 'waiting')?.waitingFor[0]
  const waiting = missing === undefined ? undefined : await readMissing(store, plugins, state, missing)
  const side = link && !link.linked ? Object.keys(link.sides)[0] : undefined
  const facts: WhyFacts = {
    tenant: store.tenant,
    plugin,
    key,
    names,
    enabled: settings.enabled.has(entity),
    state: state ?? { phase: 'new', updatedAt: 0 },
    work,
    ...(link ? { link } : {}),
    ...(waiting ? { waiting } : {}),
    ...(link && side !== undefined
      ? { verdict: unlinkedVerdict(plugin, settings.plugins[entity] ?? {}, side, lastShown(link, side)) }
      : {}),
    ...(looked ? { looked } : {}),
  }
  if (plugin.figure) return ofFigures(await explainFigures(store, plugin, key), whyAnswer(facts))
  return { ...whyAnswer(facts), story: storyOf(link), work, ...(link ? { link } : {}) }
}

interface Known {
  readonly link?: Link
  readonly work: readonly WorkItem[]
}

/** By its code at any side: the linked one first, then of those that are still there the one that something is to be done with. */
async function knownRecord(store: TenantStore, plugin: EntityPlugin, key: string): Promise<Known> {
  const found = (await Promise.all(plugin.sides.map((side) => store.links.findByKey(plugin.id, side, [key])))).flat()
  const live = found.filter(({ sides }) => Object.values(sides).every((at) => !at?.gone))
  const linked = live.find((one) => one.linked)
  const known: Known[] = []
  for (const link of linked ? [linked] : live) known.push({ link, work: await store.work.find(workIdsOf(link)) })
  const best = known.find(({ work }) => work.length > 0) ?? known[0]
  if (best) return best
  const gone = found.find((one) => one.linked) ?? found[0]
  if (gone) return { link: gone, work: await store.work.find(workIdsOf(gone)) }
  // Asked for by its code, and never seen: it waits, or is looked for.
  const ids = plugin.sides.flatMap((side) =>
    plugin.wire[side]!.resources.map(({ resource }) => workId({ entity: plugin.id, side, resource, recordKey: key })),
  )
  return { work: await store.work.find(ids) }
}

function storyOf(link: Link | undefined): StoryLine[] {
  return (link?.trail ?? []).toReversed().map((event) => ({ ...event, text: event.text ?? textOf(event.why) }))
}

function textOf(why: string): Message {
  return why in reasons ? reasons[why as keyof typeof reasons] : { vi: why, en: why }
}

/** Figures have no link: when they were read and told is all of their story. */
function ofFigures(told: readonly Message[], { code, main, next }: WhyAnswer): Explanation {
  const story = told.map((text): StoryLine => ({ at: 0, what: 'figure', why: 'FIGURE', text }))
  if (code !== 'UNKNOWN') return { code, main, next, story, work: [] }
  // The first line says that there are none, or when they were read.
  const known = told.length > 1
  return {
    code: known ? 'SYNCED' : 'UNKNOWN',
    main: told[0] ?? main,
    next: nothingToDo,
    story: story.slice(1),
    work: [],
  }
}
