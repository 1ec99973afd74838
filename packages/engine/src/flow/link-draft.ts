import {
  type Canonical,
  type Failure,
  type Link,
  type LinkSide,
  type Message,
  type SystemId,
  type TrailEvent,
  trailLength,
} from '@amis-sync/core'
import type { MergeResult } from '../pure/merge.ts'
import type { PluginView } from '../pure/plugin-view.ts'
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

export function failureFrom(code: string, text: Message, kind: Failure['kind'] = 'recordRejected'): Failure {
  return { code, kind, vi: text.vi, en: text.en }
}

/** `known` only where there is something to know. */
export function knownPart(record: Canonical): { known: Canonical } | Record<string, never> {
  return Object.keys(record).length > 0 ? { known: record } : {}
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
    const current = group.seen.get(pending.from)?.value ?? lastKnown(view, group.link, pending.from)
    for (const name of Object.keys(merged.to[pending.side].write)) {
      base[name] = group.link.base?.[name]
      if (current[name] !== undefined) known[pending.from]![name] = current[name]
    }
  }
  for (const name of Object.keys(base)) if (base[name] === undefined) delete base[name]
  const sides: Record<SystemId, LinkSide> = {}
  for (const side of view.plugin.sides) {
    const before = group.link.sides[side]
    if (!before) continue
    const { known: _known, ...rest } = refreshed(before, group, side)
    sides[side] = { ...rest, ...knownPart(known[side]!) }
  }
  return { ...group.link, base, sides }
}
