import {
  type Canonical,
  type Field,
  type Link,
  type LinkSide,
  type RowWrite,
  type SideResource,
  type SystemId,
  type Value,
  type Verdict,
  type WorkHint,
  otherSide,
  reasons,
} from '@amis-sync/core'
import { deterministicId } from '../pure/deterministic-id.ts'
import type { MergeResult } from '../pure/merge.ts'
import { encodeFields, resourceOfRecord } from '../pure/plugin-view.ts'
import { isPingPong } from '../pure/write-budget.ts'
import { handlerContext, recordName, resourceAt } from './complete.ts'
import { lastKnown } from './gather.ts'
import type { Bench } from './bench.ts'
import { failureFrom, linkAfterMerge, refreshed, withTrail } from './link-draft.ts'
import type { Group, Judgement, PlannedWrite } from './observation.ts'
import { overBudget, refuse, waitFor, waitingLink } from './plan-hold.ts'
import { toDerivedIds } from './references.ts'
import { withStandIns } from './stand-in.ts'

/** Does the field travel from this side when the record is created at the other one? */
function travelsAtCreation(field: Field, from: SystemId): boolean {
  const { oneWay, owner, once } = field.flow
  return !oneWay || owner === from || once === from
}

interface Draft {
  readonly target: SystemId
  readonly resource: SideResource
  readonly operation: 'create' | 'update'
  /** Canonical fields to write, references still as codes. */
  readonly fields: Canonical
  readonly mode?: string
}

function rowOf(bench: Bench, draft: Draft, translated: Canonical): RowWrite['row'] {
  const { plugin } = bench.view
  const paths = plugin.wire[draft.target]!.derivedIds ?? []
  const record = paths.length > 0 ? toDerivedIds(bench.context, plugin.id, paths, translated) : translated
  return {
    ...encodeFields(draft.resource, record),
    ...draft.resource.constants?.[draft.operation],
    ...(draft.mode === undefined ? {} : draft.resource.modes?.[draft.mode]),
  }
}

function planned(
  bench: Bench,
  group: Group,
  draft: Draft,
  translated: Canonical,
  link: Link,
  more: { replaces?: string; followUp?: WorkHint },
): PlannedWrite {
  const { context, view, step } = bench
  const id = link.sides[draft.target]?.id
  const companions = draft.resource.companions?.({ ...group.link.base, ...draft.fields }) ?? []
  const opId = deterministicId(context.settings.tenant, link.id, link.revision, draft.target, draft.operation)
  const write: RowWrite = {
    opId,
    resource: draft.resource.resource,
    operation: draft.operation,
    ...(id ? { id } : {}),
    row: rowOf(bench, draft, translated),
    ...(companions.length > 0 ? { companions } : {}),
  }
  const work = group.work.map(({ id: workItem, hintRevision, key }) => ({ id: workItem, hintRevision, key }))
  return {
    group,
    counts: draft.operation === 'create' ? 'created' : 'updated',
    entry: {
      id: opId,
      entity: view.plugin.id,
      system: draft.target,
      write,
      link,
      work,
      ...(step === undefined ? {} : { step }),
      ...more,
    },
  }
}

/** Takes a record to a side that does not have it: what it needs goes first. */
export function planCreate(bench: Bench, group: Group, from: SystemId, verdict: Verdict): Judgement {
  const { context, view, references } = bench
  const { plugin } = view
  const to = otherSide(plugin, from)
  const value = group.seen.get(from)?.value ?? lastKnown(view, group.link, from)
  const resource = resourceOfRecord(plugin.wire[to]!, value)
  if (!resource) return refuse(bench, group, from, value)
  const checked = plugin.schema.safeParse(withStandIns(plugin, group.link, to, value))
  if (!checked.success) {
    const issue = checked.error.issues[0]!
    const failure = failureFrom('VALUE_INVALID', {
      vi: `${recordName(group)}: trường "${issue.path.join('.')}" không hợp lệ (${issue.message}). Hãy sửa ở hệ thống nguồn.`,
      en: `${recordName(group)}: field "${issue.path.join('.')}" is not valid (${issue.message}). Mend it at its source.`,
    })
    return { kind: 'keep', group, settle: { state: 'parked', failure }, counts: 'failed' }
  }
  const sent: Record<string, Value> = {}
  for (const [name, field] of Object.entries(plugin.fields)) {
    const part = value[name]
    if (part !== undefined && travelsAtCreation(field, from)) sent[name] = part
  }
  const fields = withStandIns(plugin, group.link, to, sent)
  const translated = references.toTarget(from, to, fields, true)
  const first = [...translated.missing, ...translated.outdated]
  const mode = group.link.mode ?? plugin.handler?.mode?.(handlerContext(context, view, group, from))
  const link = createdLink(bench, group, {
    from,
    to,
    resource,
    value,
    sent,
    verdict,
    ...(mode === undefined ? {} : { mode }),
  })
  if (first.length > 0) return waitFor(bench, group, first, waitingLink(bench, group, from, value))
  const draft: Draft = {
    target: to,
    resource,
    operation: 'create',
    fields,
    ...(mode === undefined ? {} : { mode }),
  }
  return { kind: 'write', write: planned(bench, group, draft, translated.record, link, {}) }
}

interface Creation {
  readonly from: SystemId
  readonly to: SystemId
  readonly resource: SideResource
  readonly value: Canonical
  readonly sent: Canonical
  readonly verdict: Verdict
  readonly mode?: string
}

function createdLink(bench: Bench, group: Group, creation: Creation): Link {
  const { context, view } = bench
  const { from, to, resource, value, sent, verdict, mode } = creation
  const source = refreshed(group.link.sides[from]!, group, from)
  const unsent: Record<string, Value> = {}
  for (const [name, part] of Object.entries(value)) if (part !== undefined && !(name in sent)) unsent[name] = part
  const shown = view.plugin.wire[to]!.afterCreate?.(value, handlerContext(context, view, group, to)) ?? {}
  const known: Record<string, Value> = {}
  for (const [name, part] of Object.entries(shown)) {
    if (part !== undefined && JSON.stringify(part) !== JSON.stringify(sent[name])) known[name] = part
  }
  const chosen = resource.chosenId
    ? deterministicId(context.settings.tenant, view.plugin.id, source.resource, source.id)
    : ''
  const { known: _known, gone: _gone, ...sourceRest } = source
  const target: LinkSide = {
    resource: resource.resource,
    id: chosen,
    ...(source.key === undefined ? {} : { key: source.key }),
    ...(Object.keys(known).length > 0 ? { known } : {}),
  }
  const { match: _match, ...rest } = group.link
  return withTrail(
    {
      ...rest,
      linked: true,
      base: sent,
      ...(mode === undefined ? {} : { mode }),
      sides: { [from]: { ...sourceRest, ...(Object.keys(unsent).length > 0 ? { known: unsent } : {}) }, [to]: target },
    },
    { at: context.clock.now(), what: 'create', why: verdict.reason, from, to, text: reasons[verdict.reason] },
  )
}

/** Carries the changed fields to one side. Where the other side has something to receive, too, that follows in the next round. */
export function planUpdate(
  bench: Bench,
  group: Group,
  merged: MergeResult,
  target: 'a' | 'b',
  both: boolean,
  replaces?: string,
): Judgement {
  const { context, view, references } = bench
  const { plugin } = view
  if (isPingPong(group.link.trail, context.clock.now())) return overBudget(bench, group)
  const [a, b] = plugin.sides
  const [to, from, rest] = target === 'a' ? ([a, b, 'b'] as const) : ([b, a, 'a'] as const)
  const wire = plugin.wire[to]!
  const { write, items } = merged.to[target]
  const full = { ...lastKnown(view, group.link, to), ...write }
  const resource = resourceAt(view, group, to, { ...group.link.base, ...full })
  if (!resource) return refuse(bench, group, from, full)
  const own = wire.write === 'replace' ? replacement(bench, from, merged.base) : patch(resource, write, items)
  const fields = withStandIns(plugin, group.link, to, own)
  const translated = references.toTarget(from, to, fields, false)
  if (translated.missing.length > 0) return waitFor(bench, group, translated.missing, undefined)
  const after = linkAfterMerge(view, group, merged, both ? { side: rest, from: to } : undefined)
  const names = Object.keys(write)
  const link = withTrail(renamed(after, plugin.match, to, merged.base), {
    at: context.clock.now(),
    what: plugin.kind === 'document' && to === plugin.sides[0] ? 'writeBack' : 'update',
    why: 'LINKED',
    from,
    to,
    fields: names,
    text: reasons.LINKED,
  })
  const draft: Draft = {
    target: to,
    resource,
    operation: 'update',
    fields,
    ...(link.mode === undefined ? {} : { mode: link.mode }),
  }
  const followUp = followUpOf(group, link, to)
  const more = { ...(replaces === undefined ? {} : { replaces }), ...(both ? { followUp } : {}) }
  return { kind: 'write', write: planned(bench, group, draft, translated.record, link, more) }
}

/** The side that was written has news for the other one, too: it is looked at again, asked as it was asked now. */
function followUpOf(group: Group, link: Link, side: SystemId): WorkHint {
  const { resource, id } = link.sides[side]!
  const { triggers = [], pulledBy = [] } = group.seen.get(side) ?? {}
  return { entity: link.entity, side, resource, recordId: id, triggers: [...triggers], pulledBy: [...pulledBy] }
}

/** For a side that takes whole records: every field that travels there, as agreed. */
function replacement(bench: Bench, from: SystemId, base: Canonical): Canonical {
  const result: Record<string, Value> = {}
  for (const [name, { flow }] of Object.entries(bench.view.plugin.fields)) {
    const value = base[name]
    if (value !== undefined && (!flow.oneWay || flow.owner === from)) result[name] = value
  }
  return result
}

/** For a side that takes changes: the changed fields; of lists that can be patched only the changed items. */
function patch(
  resource: SideResource,
  write: Record<string, Value>,
  items: Record<string, readonly Canonical[]>,
): Canonical {
  const result: Record<string, Value> = { ...write }
  for (const [name, changed] of Object.entries(items)) {
    if (resource.columns[name]?.patch) result[name] = changed as Value
  }
  return result
}

/** A changed code is the record's key at the target, too. */
function renamed(link: Link, match: readonly string[], to: SystemId, base: Canonical): Link {
  const code = match.includes('code') ? base.code : undefined
  const at = link.sides[to]
  if (typeof code !== 'string' || !at || at.key === code) return link
  return { ...link, sides: { ...link.sides, [to]: { ...at, key: code } } }
}
