import {
  type EntityPlugin,
  type Page,
  type SystemId,
  type WorkHint,
  canList,
  toFailure,
  toSyncError,
  workId,
} from '@amis-sync/core'
import type { PluginView } from '../pure/plugin-view.ts'
import { compareRows } from './audit-compare.ts'
import { conclude, lacking } from './audit-missing.ts'
import { type Found, type Table, sentPage, tablesOf } from './audit-sent.ts'
import { type AuditReport, type AuditStream, type AuditedRecord, AuditNotes, newReport } from './audit-report.ts'
import { paced } from './audit-pace.ts'
import { stamped } from './observe.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'

/** An audit that was cut off goes on where it stopped, unless that is so long ago, milliseconds. */
const resumableMs = 24 * 3_600_000
/** How long the end of an audit waits for what it found to be settled, milliseconds. */
const patienceMs = 60_000
/** Nothing is wrong with the entity: the audit goes on later. */
const cutOff: ReadonlySet<string> = new Set(['LEASE_LOST', 'INTERRUPTED', 'AUDIT_NOT_LIVE'])

export interface AuditHost {
  readonly context: TenantContext
  /** Throws when the audit may not go on: the engine stops, or the tenant is not live any more. */
  readonly check: () => void
  readonly stopping: () => boolean
  /** There is new work. */
  readonly wake: () => void
}

interface Audit {
  readonly host: AuditHost
  readonly view: PluginView
  readonly notes: AuditNotes
  report: AuditReport
}

const streamName = ({ side, resource }: Table) => `${side}|${resource}`
const fresh: AuditStream = { done: false, pages: 0, rows: 0 }

/**
 * Full compare of one entity, resumable page by page. What differs becomes ordinary work, so that it is repaired by the same rules as any
 * other change; nothing is written here. Deletions are concluded at the end, see {@link conclude}.
 */
export async function auditEntity(host: AuditHost, plugin: EntityPlugin, confirm: boolean): Promise<AuditReport> {
  const { store } = host.context
  const notes = new AuditNotes(store, plugin.id)
  const before = await notes.report()
  const audit: Audit = { host, view: host.context.views.get(plugin.id)!, notes, report: newReport(plugin.id, 0) }
  const confirmed = confirm ? await notes.read<AuditedRecord>('held|') : []
  audit.report = await beginOrResume(host.context, notes, before, plugin.id, confirm)
  try {
    for (const table of tablesOf(host.context, plugin)) {
      if (table.by === 'ids') await compareSent(audit, table)
      else await compareListed(audit, table)
    }
    await notes.clear('held|')
    audit.report = { ...audit.report, held: [] }
    for (const table of tablesOf(host.context, plugin).filter(({ by }) => by === 'listing')) {
      await concludeDeletions(audit, table, confirmed)
    }
    await finish(audit)
  } catch (error) {
    if (cutOff.has(toSyncError(error).code)) throw error
    audit.report = { ...audit.report, state: 'failed', failure: toFailure(error) }
    await notes.save(audit.report)
  }
  return audit.report
}

async function beginOrResume(
  context: TenantContext,
  notes: AuditNotes,
  before: AuditReport | undefined,
  entity: string,
  anew: boolean,
): Promise<AuditReport> {
  const now = context.clock.now()
  if (before && before.state !== 'finished' && !anew && now - before.startedAt < resumableMs) {
    const { failure: _failure, ...rest } = before
    return { ...rest, state: 'running' }
  }
  await notes.clear('seen|')
  await notes.clear('found|')
  const report = newReport(entity, now)
  await notes.save(report)
  return report
}

/** One request or a few, within the audit's share. Connections wait out passing troubles by themselves. */
function ask<T>(audit: Audit, side: SystemId, requests: number, task: () => Promise<T>): Promise<T> {
  const { context, stopping, check } = audit.host
  check()
  return paced(context, side, requests, stopping, task)
}

/** Work first, then the cursor: a crash in between repeats a page. */
async function store(
  audit: Audit,
  name: string,
  stream: AuditStream,
  outcome: Found,
  seen: readonly string[] = [],
): Promise<void> {
  const { context, wake } = audit.host
  const { gone = [] } = outcome
  const hints = [...outcome.drift, ...gone]
  if (hints.length > 0) await context.store.work.add(hints, context.clock.now())
  const { report } = audit
  audit.report = {
    ...report,
    streams: { ...report.streams, [name]: stream },
    compared: report.compared + outcome.compared,
    inStep: report.inStep + outcome.inStep,
    drift: report.drift + outcome.drift.length,
    gone: report.gone + gone.length,
  }
  const page = `${name}|${String(stream.pages).padStart(6, '0')}`
  await audit.notes.save(audit.report, { [`seen|${page}`]: seen, [`found|${page}`]: hints.map(workId) })
  if (hints.length > 0) wake()
}

async function compareListed(audit: Audit, table: Table): Promise<void> {
  const { context } = audit.host
  const { side, resource } = table
  const name = streamName(table)
  const connection = connectionTo(context, side)
  if (!canList(connection)) return
  for (;;) {
    const stream = audit.report.streams[name] ?? fresh
    if (stream.done) return
    // The ends of a listing are looked at more than once.
    const requests = stream.pages === 0 ? 3 : 1
    const readAt = context.clock.now()
    const page: Page = await ask(audit, side, requests, () =>
      connection.listPage({ resource, ...(stream.cursor === undefined ? {} : { cursor: stream.cursor }) }),
    )
    const outcome = await compareRows(context, audit.view, side, stamped(page.records, readAt))
    const total = page.total ?? stream.total
    const after: AuditStream = {
      done: page.next === undefined,
      pages: stream.pages + 1,
      rows: stream.rows + page.records.length,
      ...(page.next === undefined ? {} : { cursor: page.next }),
      ...(total === undefined ? {} : { total }),
    }
    await store(
      audit,
      name,
      after,
      outcome,
      page.records.map(({ id }) => id),
    )
  }
}

async function compareSent(audit: Audit, table: Table): Promise<void> {
  const { context } = audit.host
  const name = streamName(table)
  for (;;) {
    const stream = audit.report.streams[name] ?? fresh
    if (stream.done) return
    const { ids, last, outcome } = await sentPage(context, audit.view, table, stream.cursor, (task) =>
      ask(audit, table.side, 1, task),
    )
    const next: AuditStream = {
      done: last === undefined,
      pages: stream.pages + 1,
      rows: stream.rows + ids,
      ...(last === undefined ? {} : { cursor: last }),
    }
    await store(audit, name, next, outcome)
  }
}

async function concludeDeletions(audit: Audit, table: Table, confirmed: readonly AuditedRecord[]): Promise<void> {
  const { context } = audit.host
  const { side, resource } = table
  const name = streamName(table)
  const entity = audit.view.plugin.id
  const stream = audit.report.streams[name] ?? fresh
  const seen = new Set(await audit.notes.read<string>(`seen|${name}|`))
  const listing = { side, resource, seen, ...(stream.total === undefined ? {} : { total: stream.total }) }
  const lack = await lacking(context, audit.view, listing, audit.report.startedAt)
  if (lack.missing.length === 0) return
  const ours = confirmed.filter((one) => one.side === side && one.resource === resource).map(({ id }) => id)
  const found = await ask(audit, side, 2, () => conclude(context, listing, lack, new Set(ours)))
  const outcome = await compareRows(context, audit.view, side, stamped(found.alive, context.clock.now()))
  const gone = found.gone.map((recordId): WorkHint => ({ entity, side, resource, recordId, deleted: true }))
  const after = { ...stream, pages: stream.pages + 1 }
  if (found.held.length > 0) {
    const records = found.held.map((id): AuditedRecord => ({ side, resource, id }))
    await audit.notes.save(audit.report, { [`held|${name}`]: records })
    const why = found.why ?? { vi: '', en: '' }
    audit.report = { ...audit.report, held: [...audit.report.held, { side, resource, count: records.length, why }] }
  }
  await store(audit, name, after, { ...outcome, gone })
}

/** Waits for what was found to be settled, counts what is not, and forgets the notes. */
async function finish(audit: Audit): Promise<void> {
  const { context, stopping } = audit.host
  const found = [...new Set(await audit.notes.read<string>('found|'))]
  const until = context.clock.now() + patienceMs
  let open = found
  for (;;) {
    const { left, busy } = await unsettled(context, open)
    open = left
    if (!busy || stopping() || context.clock.now() >= until) break
    await context.clock.sleep(50)
  }
  const finishedAt = context.clock.now()
  audit.report = { ...audit.report, state: 'finished', finishedAt, repaired: found.length - open.length }
  await audit.notes.clear('seen|')
  await audit.notes.clear('found|')
  await audit.notes.save(audit.report)
}

async function unsettled(context: TenantContext, ids: readonly string[]): Promise<{ left: string[]; busy: boolean }> {
  const left: string[] = []
  let busy = false
  for (let start = 0; start < ids.length; start += 500) {
    for (const { id, state } of await context.store.work.find(ids.slice(start, start + 500))) {
      left.push(id)
      if (state === 'ready' || state === 'accepted') busy = true
    }
  }
  return { left, busy }
}
