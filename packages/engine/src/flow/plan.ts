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
  const columns = encodeFields(draft.resource, record)
  // A new record is empty where nothing is said; an empty column could only clear what somebody else entered under its code just now.
  const creating = draft.operation === 'create' && plugin.wire[draft.target]!.write === 'patch'
  return {
    ...(creating ? Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null)) : columns),
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
  more: Planned['more'],
  carries: Pick<PlannedWrite, 'fields' | 'later'> = {},
): PlannedWrite {
  const id = link.sides[draft.target]?.id
  const companions = draft.resource.companions?.({ ...group.link.base, ...draft.fields }) ?? []
  const write = {
    resource: draft.resource.resource,
    operation: draft.operation,
    ...(id ? { id } : {}),
    row: rowOf(bench, draft, translated),
    ...(companions.length > 0 ? { companions } : {}),
  }
  return { ...plannedWrite(bench, group, { to: draft.target, write, link, more }), ...carries }
}

interface Planned {
  readonly to: SystemId
  readonly write: Omit<RowWrite, 'opId'>
  /** As it will be. */
  readonly link: Link
  readonly more: { readonly replaces?: string; readonly followUp?: WorkHint }
}

/** A write with its journal entry; its id follows from the link's revision, so that the same intent always has the same one. */
export function plannedWrite(bench: Bench, group: Group, { to, write, link, more }: Planned): PlannedWrite {
  const { context, view, step } = bench
  const opId = deterministicId(context.settings.tenant, link.id, link.revision, to, write.operation)
  const work = group.work.map(({ id, hintRevision, key }) => ({ id, hintRevision, key }))
  return {
    group,
    counts: write.operation === 'create' ? 'created' : 'updated',
    entry: {
      id: opId,
      entity: view.plugin.id,
      system: to,
      write: { ...write, opId },
      link,
      work,
      ...(step === undefined ? {} : { step }),
      ...more,
    },
  }
}

/** The id that a record gets where the sender chooses it. */
export function chosenId({ context, view }: Bench, source: Pick<LinkSide, 'resource' | 'id'>): string {
  return deterministicId(context.settings.tenant, view.plugin.id, source.resource, source.id)
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
  const made = createdLink(bench, group, {
    from,
    to,
    resource,
    value,
    sent,
    verdict,
    ...(mode === undefined ? {} : { mode }),
  })
  const link = lacking(made, to, translated.lacking)
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

/** What the record was written without, see `joins.ts`. */
function lacking(link: Link, side: SystemId, keys: readonly string[]): Link {
  const { lacks: _lacks, ...at } = link.sides[side]!
  return { ...link, sides: { ...link.sides, [side]: { ...at, ...(keys.length > 0 ? { lacks: keys } : {}) } } }
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
  const chosen = resource.chosenId ? chosenId(bench, source) : ''
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

export interface UpdateOptions {
  /** The other side has something to receive, too. */
  readonly both?: boolean
  readonly why?: 'LINKED' | 'JOINED'
  readonly replaces?: string
}

/** Carries the changed fields to one side. Where the other side has something to receive, too, that follows in the next round. */
export function planUpdate(
  bench: Bench,
  group: Group,
  merged: MergeResult,
  target: 'a' | 'b',
  options: UpdateOptions = {},
): Judgement {
  const { both = false, why = 'LINKED', replaces } = options
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
  const whole = wire.write === 'replace' ? lacking(after, to, translated.lacking) : after
  const link = withTrail(renamed(whole, plugin.match, to, merged.base), {
    at: context.clock.now(),
    what: plugin.kind === 'document' && to === plugin.sides[0] ? 'writeBack' : 'update',
    why,
    from,
    to,
    fields: names,
    text: reasons[why],
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
  const later = both ? { later: { to: from, fields: Object.keys(merged.to[rest].write) } } : {}
  const carries = { fields: names, ...later }
  return { kind: 'write', write: planned(bench, group, draft, translated.record, link, more, carries) }
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
