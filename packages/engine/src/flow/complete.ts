import {
  type Canonical,
  type HandlerContext,
  type Link,
  type SystemId,
  ColumnProblem,
  codeKey,
  nameIn,
  otherSide,
  toColumnError,
  toFailure,
} from '@amis-sync/core'
import { type PluginView, decodeRow, matchTexts, resourceOfRecord, resourceOfRow } from '../pure/plugin-view.ts'
import type { PairDecision } from './decisions.ts'
import { lastKnown } from './gather.ts'
import type { Group, Judgement, SeenSide } from './observation.ts'
import { type References, fromDerivedIds } from './references.ts'
import { withoutStandIns } from './stand-in.ts'
import { type TenantContext, settingsOf } from './tenant-context.ts'

/** What may be at the other side for an unlinked record. */
export interface Candidates {
  /** Unlinked records there that match, best first, each once. */
  readonly unlinked: readonly Link[]
  /** A record there that has the same code and belongs to somebody else. */
  readonly taken?: Link
  /** A person wants it to be linked with the only one. */
  readonly decision?: PairDecision
  /** One that matches, but a person said that it is another thing. */
  readonly rejected?: Link
  /** One that may be the same thing; nobody has decided yet. */
  readonly lookalike?: Link
}

export function recordName(group: Group): string {
  const side = [...group.seen.keys()][0] ?? Object.keys(group.link.sides)[0]!
  const at = group.link.sides[side]
  return `${group.link.entity} ${at?.key ?? group.seen.get(side)?.record?.key ?? at?.id ?? '?'} (${side})`
}

export function handlerContext(context: TenantContext, view: PluginView, group: Group, side: SystemId): HandlerContext {
  const other = otherSide(view.plugin, side)
  const otherValue = group.seen.get(other)?.value ?? lastKnown(view, group.link, other)
  return {
    settings: settingsOf(context, view.plugin),
    ...(group.link.mode === undefined ? {} : { mode: group.link.mode }),
    ...(group.link.base ? { base: group.link.base } : {}),
    other: otherValue,
  }
}

function decodeSide(view: PluginView, { link }: Group, side: SystemId, seen: SeenSide): Canonical | undefined {
  const wire = view.plugin.wire[side]!
  if (!seen.record) return undefined
  const resource = resourceOfRow(wire, seen.record, link.linked || seen.pulledBy.size > 0)
  if (!resource) return undefined
  seen.resource = resource
  return decodeRow(resource, seen.record)
}

/** A name that no single record has tells nothing new about what was known. */
function keepKnown({ plugin }: PluginView, value: Canonical, known: Canonical): Canonical {
  const lost = plugin.references.filter(({ path }) => {
    const text = value[path]
    return typeof text === 'string' && nameIn(text) !== undefined && known[path] !== undefined
  })
  return lost.length === 0 ? value : { ...value, ...Object.fromEntries(lost.map(({ path }) => [path, known[path]])) }
}

function completeSide(
  context: TenantContext,
  view: PluginView,
  group: Group,
  side: SystemId,
  references: References,
): void {
  const seen = group.seen.get(side)!
  if (!seen.value) {
    if (!seen.gone) seen.value = lastKnown(view, group.link, side)
    return
  }
  const paths = view.plugin.wire[side]!.derivedIds ?? []
  const known = { ...group.link.base, ...group.link.sides[side]?.known }
  let value = keepKnown(view, references.toCanonical(side, seen.value), known)
  if (paths.length > 0) value = fromDerivedIds(context, view.plugin.id, paths, value, known)
  const derived = view.plugin.handler?.derive?.(side, value, handlerContext(context, view, group, side)) ?? value
  seen.value = withoutStandIns(view.plugin, group.link, side, derived)
}

/**
 * Second part of a round: rows become canonical values with references as codes. Records whose values are not understood are held, with
 * the column named; they never stop the others.
 */
export async function complete(
  context: TenantContext,
  view: PluginView,
  groups: readonly Group[],
  references: References,
): Promise<{ readonly good: Group[]; readonly bad: Judgement[] }> {
  const bad: Judgement[] = []
  const fail = (group: Group, error: unknown): void => {
    const failure = toFailure(error instanceof ColumnProblem ? toColumnError(error, recordName(group)) : error)
    bad.push({ kind: 'keep', group, settle: { state: 'parked', failure }, counts: 'failed' })
  }
  const decoded = groups.filter((group) => {
    try {
      for (const [side, seen] of group.seen) {
        const value = decodeSide(view, group, side, seen)
        if (value) seen.value = value
        else if (seen.record) seen.gone = true
      }
      return true
    } catch (error) {
      fail(group, error)
      return false
    }
  })
  for (const side of view.plugin.sides) {
    const records = decoded
      .filter(({ seen, link }) => seen.has(side) || link.sides[side])
      .map(({ seen, link }) => seen.get(side)?.value ?? lastKnown(view, link, side))
    await references.load(side, records)
  }
  const good = decoded.filter((group) => {
    try {
      for (const side of view.plugin.sides)
        if (group.seen.has(side)) completeSide(context, view, group, side, references)
      return true
    } catch (error) {
      fail(group, error)
      return false
    }
  })
  return { good, bad }
}

/** Twins for the unlinked records of a batch: one query by code, one more where the plugin matches by other fields, too. */
export async function findCandidates(
  context: TenantContext,
  view: PluginView,
  groups: readonly Group[],
): Promise<Map<Group, Candidates>> {
  const result = new Map<Group, Candidates>()
  if (view.plugin.match.length === 0) return result
  const unlinked = groups.filter(({ link }) => !link.linked)
  for (const [side, ones] of Map.groupBy(unlinked, ({ seen }) => [...seen.keys()][0]!)) {
    const other = otherSide(view.plugin, side)
    const textsOf = (group: Group) => matchTexts(view.plugin, other, group.seen.get(side)?.value ?? {})
    const keys = ones.flatMap((group) => group.seen.get(side)?.record?.key ?? group.link.sides[side]?.key ?? [])
    const byKey = keys.length === 0 ? [] : await context.store.links.findByKey(view.plugin.id, other, keys)
    const further = view.plugin.match.some((name) => name !== 'code')
      ? await context.store.links.findUnlinked(view.plugin.id, ones.flatMap(textsOf))
      : []
    for (const group of ones) {
      const key = group.seen.get(side)?.record?.key ?? group.link.sides[side]?.key
      const sameKey = byKey.filter(
        ({ sides: { [other]: at } }) => key !== undefined && codeKey(at?.key ?? '') === codeKey(key) && !at?.gone,
      )
      const texts = textsOf(group)
      const best = texts
        .map((text) => further.filter((link) => link.match?.includes(text)))
        .find((links) => links.length > 0)
      const unlinkedOnes = best ?? sameKey.filter((link) => !link.linked)
      const taken = sameKey.find((link) => link.linked)
      result.set(group, { unlinked: unlinkedOnes, ...(taken && unlinkedOnes.length === 0 ? { taken } : {}) })
    }
  }
  return result
}

/** The side resource a group's record stands in at `side`, or would be written to. */
export function resourceAt(view: PluginView, group: Group, side: SystemId, record: Canonical) {
  return (
    group.seen.get(side)?.resource ??
    resourceOfRecord(view.plugin.wire[side]!, record, group.link.sides[side]?.resource)
  )
}
