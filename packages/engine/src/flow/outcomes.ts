import { type JournalEntry, type LateOutcome, type SystemId, canRecoverOutcomes, canReadByIds } from '@amis-sync/core'
import type { Settled } from './observation.ts'
import { settle, storedAlready } from './settle.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'
import { begin } from './under-way.ts'
import { call, probe } from './write.ts'

/** Outcomes that came later than their call (contract §2.5). Doubled and outdated ones name no open write and change nothing. */
export async function applyLateOutcomes(
  context: TenantContext,
  system: SystemId,
  outcomes: readonly LateOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return
  const opIds = outcomes.flatMap(({ opId }) => opId ?? [])
  const targets = outcomes.flatMap(({ opId, resource, id }) =>
    opId === undefined && id !== undefined ? [{ resource, id }] : [],
  )
  const byOp = new Map(
    (opIds.length > 0 ? await context.store.journal.find(opIds) : []).map((entry) => [entry.id, entry]),
  )
  const byTarget = new Map(
    (targets.length > 0 ? await context.store.journal.findByTarget(system, targets) : []).map((entry) => [
      `${entry.write.resource}/${entry.write.id}`,
      entry,
    ]),
  )
  const settled = new Map<string, Settled>()
  for (const outcome of outcomes) {
    const entry =
      outcome.opId === undefined ? byTarget.get(`${outcome.resource}/${outcome.id}`) : byOp.get(outcome.opId)
    if (!entry || !isOf(entry, outcome)) continue
    settled.set(entry.id, { entry, outcome })
  }
  await settle(context, [...settled.values()])
}

/** An outcome of an earlier call for the same record is not this write's, nor that of another kind of call. */
function isOf(entry: JournalEntry, outcome: LateOutcome): boolean {
  const operation = entry.write.operation === 'delete' ? 'delete' : 'save'
  if (outcome.operation !== undefined && outcome.operation !== operation) return false
  return entry.session === undefined || outcome.session === undefined || entry.session === outcome.session
}

/**
 * Writes whose outcome is overdue: the list of undelivered outcomes first, then the document's own state, and only then the same write
 * again; it carries the same key, so it cannot double (contract §2.3.2, §2.3.4, §2.5).
 */
export async function recoverOverdue(context: TenantContext, system: SystemId): Promise<number> {
  const connection = connectionTo(context, system)
  if (!canRecoverOutcomes(connection)) return 0
  const before = context.clock.now() - connection.outcomeTimeoutMs
  const overdue = await context.store.journal.open({ system, before, limit: 500 })
  await findOut(context, system, overdue)
  return overdue.length
}

/** What became of these writes? Asks without waiting any longer. */
async function findOut(context: TenantContext, system: SystemId, entries: readonly JournalEntry[]): Promise<void> {
  const connection = connectionTo(context, system)
  if (entries.length === 0 || !canRecoverOutcomes(connection)) return
  const tracked = entries.filter((entry) => isUnderWay(context, entry)).map(({ id }) => id)
  const since = Math.min(...entries.map((entry) => entry.at)) - 60_000
  await applyLateOutcomes(context, system, await connection.outcomesSince(since))
  const still = await context.store.journal.find(entries.map((entry) => entry.id))
  if (still.length > 0) await resend(context, system, await withoutArrived(context, still), new Set(tracked))
}

function isUnderWay({ inFlight }: TenantContext, { id, link }: JournalEntry): boolean {
  return inFlight.get(link.id)?.opId === id
}

/** Created documents that can be seen at the target have arrived; deleted ones that it surely does not have any more are gone. */
async function withoutArrived(context: TenantContext, entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
  const arrived: Settled[] = []
  for (const [system, ones] of Map.groupBy(entries, (entry) => entry.system)) {
    const connection = connectionTo(context, system)
    const telling = ones.filter(({ write }) => write.operation !== 'update' && write.id !== undefined)
    if (!canReadByIds(connection)) continue
    for (const [resource, some] of Map.groupBy(telling, (entry) => entry.write.resource)) {
      if (!connection.readable.has(resource)) continue
      const rows = await connection.readByIds(
        resource,
        some.map((entry) => entry.write.id!),
      )
      const known = new Set(rows.map((row) => row.id))
      const there = new Set(rows.filter((row) => row.row.exists !== false).map((row) => row.id))
      const absenceIsProof = connection.absenceIsProof?.has(resource) ?? false
      for (const entry of some) {
        const id = entry.write.id!
        const done = entry.write.operation === 'create' ? there.has(id) : absenceIsProof && !known.has(id)
        if (done) arrived.push({ entry, outcome: { status: 'applied', id } })
      }
    }
  }
  await settle(context, arrived)
  const gone = new Set(arrived.map(({ entry }) => entry.id))
  return entries.filter((entry) => !gone.has(entry.id))
}

/** `tracked`: writes that we knew to be under way; those whose outcome came in the meantime are not sent again. */
async function resend(
  context: TenantContext,
  system: SystemId,
  entries: readonly JournalEntry[],
  tracked: ReadonlySet<string>,
): Promise<void> {
  const connection = connectionTo(context, system)
  if (entries.length === 0 || !canRecoverOutcomes(connection) || !connection.writeRows) return
  const again = entries.map((entry): JournalEntry => ({
    ...entry,
    attempts: entry.attempts + 1,
    at: context.clock.now(),
  }))
  const tired = again.filter((entry) => entry.attempts > 5)
  await settle(
    context,
    tired.map((entry) => ({ entry, outcome: { status: 'inDoubt' } })),
  )
  const wanted = again.filter((entry) => entry.attempts <= 5)
  if (wanted.length === 0) return
  await context.store.journal.record(wanted)
  const over = wanted.filter((entry) => tracked.has(entry.id) && !isUnderWay(context, entry))
  if (over.length > 0) await context.store.journal.remove(over.map(({ id }) => id))
  const rest = wanted.filter((entry) => !over.includes(entry))
  const writer = connection as Parameters<typeof call>[1]
  for (let start = 0; start < rest.length; start += writer.batchSize) {
    await call(context, writer, rest.slice(start, start + writer.batchSize))
  }
}

/** After a crash or a hand-over: what the journal says is under way belongs to us now. */
export async function recoverJournal(context: TenantContext): Promise<void> {
  const open = await context.store.journal.open()
  begin(context, open)
  for (const { id } of open) context.recovered.add(id)
  await settleUnderWay(context, open)
}

/**
 * Finds out what became of writes: systems that answer at once are probed; the others are asked, without waiting for a callback that may
 * have been lost with whoever made the call.
 */
export async function settleUnderWay(context: TenantContext, entries: readonly JournalEntry[]): Promise<void> {
  // What is part of its link was applied: sent again it would undo what was done there since.
  const applied = await storedAlready(context, entries)
  await settle(context, applied)
  const settled = new Set(applied.map(({ entry }) => entry.id))
  const open = entries.filter(({ id }) => !settled.has(id))
  const answering = (outcomes: 'immediate' | 'later') =>
    open.filter((entry) => context.connections.get(entry.system)?.outcomes === outcomes)
  const immediate = answering('immediate')
  if (immediate.length > 0) await probe(context, immediate)
  for (const [system, ones] of Map.groupBy(answering('later'), (entry) => entry.system)) {
    for (let start = 0; start < ones.length; start += 500) {
      await findOut(context, system, ones.slice(start, start + 500))
    }
  }
}
