import {
  type Choice,
  type EntityPlugin,
  type Link,
  type Message,
  type RecordEdit,
  type TenantStore,
  type WorkItem,
  codeKey,
  otherSide,
} from '@amis-sync/core'
import type { ConflictRule, TenantSettings } from '../engine-types.ts'
import { conflictRule } from '../flow/conflict-rule.ts'
import { conflictNames, newestConflict } from '../pure/choices.ts'
import { lastShown, matchTexts } from '../pure/plugin-view.ts'
import { shortId } from '../pure/short-id.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { type NamedWork, pagesOf } from './named-work.ts'

/** One field on which both sides disagree. */
export interface DisputedField {
  readonly field: string
  readonly labels: Message
  readonly values: Readonly<Record<string, unknown>>
  /** The last value both sides agreed on. */
  readonly base: unknown
  /** Why nobody wins by rule. */
  readonly rule: { readonly is: ConflictRule; readonly from: 'field' | 'entity' | 'plugin' }
}

/**
 * A record that both sides changed (`fields`), or two records, one on each side, that may be the same thing (`pair`, D5). Either way
 * nothing is written until a person decides.
 */
export interface Conflict {
  /** Short, for the command line. */
  readonly id: string
  readonly entity: string
  readonly kind: 'fields' | 'pair'
  /** The link; of a pair the one that was looked at. */
  readonly link: string
  readonly key: string
  readonly name?: string
  readonly code: string
  readonly text: Message
  readonly since: number
  readonly fields: readonly DisputedField[]
  /** Exactly what the engine keeps: goes along with a decision, so that it is void when it changed. */
  readonly seen: readonly { readonly field: string; readonly values: Readonly<Record<string, unknown>> }[]
  readonly edits: Readonly<Record<string, RecordEdit>>
  /** Fields that are decided, while others are open. */
  readonly chosen: Readonly<Record<string, Choice>>
  /** Of a pair: the records at the other side that may be the same thing. */
  readonly candidates: readonly Candidate[]
}

export interface Candidate {
  readonly link: string
  readonly side: string
  readonly key: string
  readonly name?: string
  /** It belongs to another record already. */
  readonly linked: boolean
}

export interface ConflictFilter {
  readonly entity?: string
  readonly ids?: readonly string[]
}

type Settings = Pick<TenantSettings, 'conflicts'>

/** All conflicts, each record once, in the order of their work. */
export async function* conflictsOf(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  settings: Settings,
  filter: ConflictFilter,
): AsyncGenerator<Conflict> {
  const told = new Set<string>()
  const { entity, ids } = filter
  const work = { states: ['conflict'] as const, ...(entity === undefined ? {} : { entity }) }
  for await (const page of pagesOf(store, work)) {
    for (const one of page) {
      const plugin = plugins.find(({ id }) => id === one.item.entity)
      const { link } = one
      if (!plugin || !link || told.has(link.id)) continue
      if (ids !== undefined && !ids.some((typed) => isMeant(link, one, typed))) continue
      told.add(link.id)
      const conflict = link.linked
        ? await fieldConflict(store, plugin, settings, one, link)
        : await pairConflict(store, plugin, one, link)
      // Both records of a pair may be held: they are one conflict.
      for (const { link: twin } of conflict.candidates) told.add(twin)
      yield conflict
    }
  }
}

function isMeant(link: Link, { key }: NamedWork, typed: string): boolean {
  return shortId(link.id) === typed || link.id === typed || codeKey(key) === codeKey(typed)
}

async function fieldConflict(
  store: TenantStore,
  plugin: EntityPlugin,
  settings: Settings,
  { item, key, name }: NamedWork,
  link: Link,
): Promise<Conflict> {
  const items = await store.work.find(workIdsOf(link))
  const open = newestConflict(items)
  const fields = conflictNames(open).map((field): DisputedField => {
    const parts = open.filter((one) => one.field.split('[].')[0] === field)
    const whole = parts.length === 1 && parts[0]!.field === field ? parts[0] : undefined
    return {
      field,
      labels: plugin.fields[field]?.labels ?? { vi: field, en: field },
      values: whole?.values ?? shownAt(plugin, link, field),
      base: whole ? whole.base : (link.base?.[field] ?? null),
      rule: ruleOf(plugin, settings, field),
    }
  })
  return {
    ...common(plugin, item, link, key, name),
    kind: 'fields',
    fields,
    seen: open.map(({ field, values }) => ({ field, values })),
    edits: open[0]?.edits ?? {},
    chosen: link.choices ?? {},
    candidates: [],
  }
}

function shownAt(plugin: EntityPlugin, link: Link, field: string): Record<string, unknown> {
  return Object.fromEntries(plugin.sides.map((side) => [side, lastShown(link, side)[field] ?? null]))
}

function common(plugin: EntityPlugin, item: WorkItem, link: Link, key: string, name: string | undefined) {
  const { vi, en, code } = item.failure ?? { vi: '', en: '', code: 'CONFLICT' }
  return {
    id: shortId(link.id),
    entity: plugin.id,
    link: link.id,
    key,
    ...(name === undefined ? {} : { name }),
    code,
    text: { vi, en },
    since: item.settledAt ?? item.createdAt,
  }
}

/** Where the rule comes from by which nobody wins: the tenant's rule for the field, for the entity, or the plugin's own. */
function ruleOf(plugin: EntityPlugin, settings: Settings, name: string): DisputedField['rule'] {
  const rules = settings.conflicts[plugin.id]
  const flow = plugin.fields[name]?.flow ?? { owner: 'shared' }
  const from = rules?.fields?.[name] !== undefined ? 'field' : rules?.default !== undefined ? 'entity' : 'plugin'
  return { is: conflictRule(settings, plugin.id, name, flow), from }
}

/** Two records of one code (D5), or several that match: what is at the other side? */
async function pairConflict(
  store: TenantStore,
  plugin: EntityPlugin,
  { item, key, name }: NamedWork,
  link: Link,
): Promise<Conflict> {
  const other = otherSide(plugin, item.side)
  const byKey = await store.links.findByKey(plugin.id, other, [key])
  const texts = matchTexts(plugin, other, lastShown(link, item.side))
  const alike = texts.length > 0 ? await store.links.findUnlinked(plugin.id, texts) : []
  const found = new Map([...byKey, ...alike].filter(({ id }) => id !== link.id).map((one) => [one.id, one]))
  return {
    ...common(plugin, item, link, key, name),
    kind: 'pair',
    fields: [],
    seen: [],
    edits: {},
    chosen: {},
    candidates: [...found.values()].flatMap((one): Candidate[] => {
      const at = one.sides[other]
      const shown = lastShown(one, other).name
      if (!at || at.gone) return []
      return [
        {
          link: one.id,
          side: other,
          key: at.key ?? at.id,
          ...(typeof shown === 'string' ? { name: shown } : {}),
          linked: one.linked,
        },
      ]
    }),
  }
}
