import {
  type Canonical,
  type Failure,
  type Field,
  type Link,
  type LinkSide,
  type Message,
  type SystemId,
  type TrailEvent,
  type Value,
  codeKey,
  trailLength,
} from '@amis-sync/core'
import type { MergeResult } from '../pure/merge.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { itemsByKey } from '../pure/same-value.ts'
import { lastKnown } from './gather.ts'
import type { Group } from './observation.ts'

export function withTrail(link: Link, event: TrailEvent): Link {
  return { ...link, trail: [...link.trail, event].slice(-trailLength) }
}

/** The link with what is seen of a side now: key and version from its row. */
export function refreshed(side: LinkSide, group: Group, system: SystemId): LinkSide {
  const record = group.seen.get(system)?.record
  if (!record) return side
  const { gone: _gone, ...rest } = side
  return {
    ...rest,
    resource: record.resource,
    ...(record.key === undefined ? {} : { key: record.key }),
    ...(record.version === undefined ? {} : { version: record.version }),
  }
}

/** The record as `side` alone has it, with all that is known of it: not sent yet, or taken back. Its story goes on. */
export function released({ base, mode: _mode, choices: _choices, ...link }: Link, side: SystemId): Link {
  const { gone: _gone, refusal: _refusal, lacks: _lacks, ...at } = link.sides[side]!
  return {
    ...link,
    linked: false,
    sides: { [side]: { ...at, known: { ...base, ...at.known } } },
    ...(at.key === undefined ? {} : { match: [`${side}|code=${codeKey(at.key)}`] }),
  }
}

export function failureFrom(code: string, text: Message, kind: Failure['kind'] = 'recordRejected'): Failure {
  return { code, kind, vi: text.vi, en: text.en }
}

/** `known` only where there is something to know. */
export function knownPart(record: Canonical): { known: Canonical } | Record<string, never> {
  return Object.keys(record).length > 0 ? { known: record } : {}
}

interface Unsent {
  readonly base: Value | undefined
  readonly known: Readonly<Record<SystemId, Value | undefined>>
}

/**
 * What one side was written already, and the other has still to hear of, field by field: as if the next round had only that to carry.
 * What a one-way field showed last stays what it was, since that is what tells its edit.
 */
function unsentPart(
  view: PluginView,
  group: Group,
  merged: MergeResult,
  pending: { readonly side: 'a' | 'b'; readonly from: SystemId },
  to: SystemId,
): Record<string, Unsent> {
  const [last, there] = [
    lastKnown(view, group.link, pending.from),
    group.seen.get(to)?.value ?? lastKnown(view, group.link, to),
  ]
  const result: Record<string, Unsent> = {}
  for (const name of Object.keys(merged.to[pending.side].write)) {
    const field = view.plugin.fields[name]!
    const before = group.link.base?.[name]
    if (field.items) {
      const lists = { last: last[name], to: there[name], before, merged: merged.base[name] }
      const unsent = unsentItems(field, lists, merged.to[pending.side].items[name] ?? [])
      result[name] = { base: unsent.base, known: { [pending.from]: unsent.from, [to]: unsent.to } }
    } else {
      // The second side counts as having agreed on what it shows, so that only the first one has news.
      const [shown, agreed] = field.flow.oneWay ? [last[name], before] : [merged.base[name], there[name] ?? before]
      result[name] = { base: agreed, known: { [pending.from]: shown } }
    }
  }
  return result
}

/** The same for a list, of which one write may have carried some items, or some of their columns, already. */
function unsentItems(
  field: Field,
  lists: Readonly<Record<'last' | 'to' | 'before' | 'merged', Value | undefined>>,
  changes: readonly Canonical[],
): { readonly base: Value; readonly from: Value; readonly to: Value } {
  const { key, fields } = field.items!
  const [last, to] = [itemsByKey(field, lists.last), itemsByKey(field, lists.to)]
  const [before, merged] = [itemsByKey(field, lists.before), itemsByKey(field, lists.merged)]
  const changed = itemsByKey(field, changes)
  /** The item with the columns that are still to be sent as they stand in another one. */
  const but = (id: string, item: Canonical, other: Canonical | undefined, which: (part: string) => boolean) => {
    const parts = Object.keys(changed.get(id) ?? {}).filter((part) => part !== key && which(part))
    return { ...item, ...Object.fromEntries(parts.map((part) => [part, other?.[part]])) }
  }
  const base = new Map<string, Canonical>()
  for (const id of new Set([...to.keys(), ...before.keys()])) {
    const [agreed, old] = [merged.get(id), before.get(id)]
    if (agreed !== undefined && to.has(id))
      base.set(
        id,
        but(id, agreed, { ...old, ...to.get(id) }, () => true),
      )
    // Still to be removed there, or rightly at one side only.
    else if (old !== undefined && (to.has(id) || agreed !== undefined)) base.set(id, old)
  }
  const from = [...merged].map(([id, item]) =>
    but(id, item, last.get(id), (part) => fields[part]?.flow.oneWay === true),
  )
  const shown = [...to].map(([id, item]): Canonical => ({ ...base.get(id), ...item }))
  return { base: [...base.values()] as Value, from, to: shown }
}

/** The link after the merge, once everything in `applied` was written; what is still to be written stays a difference. */
export function linkAfterMerge(
  view: PluginView,
  group: Group,
  merged: MergeResult,
  pending: { readonly side: 'a' | 'b'; readonly from: SystemId } | undefined,
): Link {
  const [a, b] = view.plugin.sides
  const base: Record<string, Canonical[string]> = { ...merged.base }
  const known: Record<SystemId, Record<string, Canonical[string]>> = {
    [a]: { ...merged.known.a },
    [b]: { ...merged.known.b },
  }
  if (pending) {
    const [to] = view.plugin.sides.filter((side) => side !== pending.from)
    for (const [name, change] of Object.entries(unsentPart(view, group, merged, pending, to!))) {
      base[name] = change.base
      for (const side of [pending.from, to!]) {
        const value = change.known[side]
        if (value === undefined) delete known[side]![name]
        else known[side]![name] = value
      }
    }
  }
  for (const name of Object.keys(base)) if (base[name] === undefined) delete base[name]
  const sides: Record<SystemId, LinkSide> = {}
  for (const side of view.plugin.sides) {
    const before = group.link.sides[side]
    if (!before) continue
    const { known: _known, changedBy: _changedBy, ...rest } = refreshed(before, group, side)
    sides[side] = { ...rest, ...knownPart(known[side]!) }
  }
  return { ...group.link, base, sides }
}
