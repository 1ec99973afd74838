import {
  type Connection,
  type JournalEntry,
  type RowOutcome,
  type SystemId,
  type WritesRows,
  SyncError,
  canReadByKeys,
  canWrite,
  codeKey,
  toFailure,
} from '@amis-sync/core'
import type { PlannedWrite, Settled } from './observation.ts'
import { settle, takeBack } from './settle.ts'
import { type TenantContext, assertLeased, connectionTo } from './tenant-context.ts'
import { begin } from './under-way.ts'

function writer(context: TenantContext, system: SystemId): Connection & WritesRows {
  const connection = connectionTo(context, system)
  if (canWrite(connection)) return connection
  throw new SyncError({
    code: 'NOT_WRITABLE',
    kind: 'config',
    message: {
      vi: `Kết nối "${system}" chỉ đọc. Hãy tắt thực thể này hoặc đổi connector.`,
      en: `The connection "${system}" is read only. Switch the entity off or use another connector.`,
    },
  })
}

/** Sends planned writes in batches: journal, call, outcome, links (design §4.5). */
export async function writeAll(context: TenantContext, writes: readonly PlannedWrite[]): Promise<void> {
  for (const [system, ones] of Map.groupBy(writes, ({ entry }) => entry.system)) {
    const connection = writer(context, system)
    for (let start = 0; start < ones.length; start += connection.batchSize) {
      await writeBatch(context, connection, ones.slice(start, start + connection.batchSize))
    }
  }
}

async function writeBatch(
  context: TenantContext,
  connection: Connection & WritesRows,
  batch: readonly PlannedWrite[],
): Promise<void> {
  assertLeased(context)
  const at = context.clock.now()
  const entries = batch.map(({ entry, group }): JournalEntry => ({
    ...entry,
    state: 'intent',
    at,
    attempts: Math.max(0, ...group.work.map((work) => work.attempts)),
  }))
  begin(context, entries)
  await context.store.journal.record(entries)
  if (connection.outcomes === 'later') await markAccepted(context, entries)
  await call(context, connection, entries)
}

/** Before the call: the outcome may come before the answer (contract §2.5). */
async function markAccepted(context: TenantContext, entries: readonly JournalEntry[]): Promise<void> {
  const work = entries.flatMap((entry) => entry.work)
  if (work.length === 0) return
  await context.store.work.settle(
    work.map((one) => ({ ...one, to: { state: 'accepted' } })),
    context.clock.now(),
  )
}

/** One call for entries that are in the journal. Used for first attempts and for resends. */
export async function call(
  context: TenantContext,
  connection: Connection & WritesRows,
  entries: readonly JournalEntry[],
): Promise<void> {
  assertLeased(context)
  let outcomes: readonly RowOutcome[]
  try {
    outcomes = await connection.writeRows(entries.map((entry) => entry.write))
  } catch (error) {
    // Thrown = nothing was done. The intents are taken back, the caller decides when to try again.
    await takeBack(context, entries, toFailure(error))
    throw error
  }
  const byOp = new Map(outcomes.map((outcome) => [outcome.opId, outcome]))
  const final: Settled[] = []
  const accepted: { entry: JournalEntry; session?: string }[] = []
  const doubtful: JournalEntry[] = []
  for (const entry of entries) {
    const outcome = byOp.get(entry.id)
    if (!outcome || outcome.status === 'inDoubt') doubtful.push(entry)
    else if (outcome.status === 'accepted')
      accepted.push({ entry, ...(outcome.session ? { session: outcome.session } : {}) })
    else final.push({ entry, outcome })
  }
  if (accepted.length + doubtful.length > 0) {
    const at = context.clock.now()
    await context.store.journal.mark([
      ...accepted.map(({ entry, session }) => ({
        id: entry.id,
        state: 'accepted' as const,
        at,
        ...(session ? { session } : {}),
      })),
      ...doubtful.map((entry) => ({ id: entry.id, state: 'inDoubt' as const, at })),
    ])
  }
  await settleFinal(context, connection, final)
  if (connection.outcomes === 'immediate') await probe(context, doubtful)
}

/** Duplicates are looked up: the record with our code becomes known, and the next round links it or reports a conflict. */
async function settleFinal(context: TenantContext, connection: Connection, final: readonly Settled[]): Promise<void> {
  const lookable = canReadByKeys(connection)
  const isDuplicate = ({ outcome }: Settled) => lookable && outcome.status === 'duplicate'
  const classed = final.map((one): Settled => {
    const { failure } = one.outcome
    return isDuplicate(one) && failure
      ? { ...one, outcome: { ...one.outcome, failure: { ...failure, kind: 'conflict' } } }
      : one
  })
  await settle(context, classed)
  await lookUp(
    context,
    final.filter(isDuplicate).map(({ entry }) => entry),
  )
}

async function lookUp(context: TenantContext, entries: readonly JournalEntry[]): Promise<void> {
  const hints = entries.flatMap((entry) => {
    const at = entry.link.sides[entry.system]
    if (at?.key === undefined) return []
    return [{ entity: entry.entity, side: entry.system, resource: entry.write.resource, recordKey: at.key }]
  })
  if (hints.length > 0) await context.store.work.add(hints, context.clock.now())
}

/**
 * In doubt, at a system that answers at once (contract §1.3): creations are looked up by code and only what is absent is sent again;
 * changes may be repeated freely. Connections of the other kind wait for their outcome, see `recovery.ts`.
 */
export async function probe(context: TenantContext, entries: readonly JournalEntry[]): Promise<void> {
  for (const [system, ones] of Map.groupBy(entries, (entry) => entry.system)) {
    const connection = writer(context, system)
    const creates = ones.filter((entry) => entry.write.operation === 'create')
    const again = ones.filter((entry) => entry.write.operation !== 'create')
    const found: Settled[] = []
    for (const [resource, some] of Map.groupBy(creates, (entry) => entry.write.resource)) {
      const keys = some.flatMap((entry) => entry.link.sides[system]?.key ?? [])
      if (!canReadByKeys(connection)) continue
      const rows = await connection.readByKeys(resource, keys)
      const owners = await ownersOf(
        context,
        some[0]!.entity,
        system,
        resource,
        rows.map((row) => row.id),
      )
      for (const entry of some) {
        const key = codeKey(entry.link.sides[system]?.key ?? '')
        const free = (id: string) => (owners.get(id) ?? entry.link.id) === entry.link.id
        const row = rows.find((one) => codeKey(one.key ?? '') === key && free(one.id))
        if (row) found.push({ entry, outcome: { status: 'applied', id: row.id } })
        else again.push(entry)
      }
    }
    await settle(context, found)
    const resend = again
      .filter((entry) => entry.attempts < 3)
      .map((entry) => ({ ...entry, attempts: entry.attempts + 1 }))
    const given = again.filter((entry) => entry.attempts >= 3)
    await settle(
      context,
      given.map((entry) => ({ entry, outcome: { status: 'inDoubt' } })),
    )
    if (resend.length > 0) await call(context, connection, resend)
  }
}

/** Record id → the link that has it; a crash may have come after ours was stored, and before its journal entry was removed. */
async function ownersOf(
  context: TenantContext,
  entity: string,
  side: SystemId,
  resource: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const links = await context.store.links.findByRecord(
    entity,
    side,
    ids.map((id) => ({ resource, id })),
  )
  return new Map(links.map((link) => [link.sides[side]!.id, link.id]))
}
