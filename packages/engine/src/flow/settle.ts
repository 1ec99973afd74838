import { type Failure, type JournalEntry, type Link, type LinkSide, workId } from '@amis-sync/core'
import { backoffMs, mostAttempts } from '../pure/backoff.ts'
import { isLockedJoin, rememberJoins, rememberLockedJoins, wakeJoins } from './joins.ts'
import { released, withTrail } from './link-draft.ts'
import type { Settled, Settlement } from './observation.ts'
import { wakeKeys } from './references.ts'
import { settleRemovals } from './settle-removal.ts'
import { lookAtSameCode } from './successor.ts'
import type { TenantContext } from './tenant-context.ts'
import { lookAgain, settleWork } from './troubled.ts'

/** Wakes what waits for one of these links. Costs nothing while nobody waits. */
export async function wake(context: TenantContext, links: readonly Link[]): Promise<void> {
  if (context.joins.size > 0) await wakeJoins(context, links)
  const all = links.flatMap(wakeKeys)
  for (const tell of context.arrivals) tell(all)
  const keys = all.filter((key) => context.awaited.has(key))
  if (keys.length === 0) return
  for (const key of keys) context.awaited.delete(key)
  await context.store.work.wake(keys, context.clock.now())
}

/** The records are free for others again, whatever became of the writes. */
export async function releaseLinks(context: TenantContext, links: readonly string[]): Promise<void> {
  for (const link of links) context.inFlight.delete(link)
  const keys = links.map((link) => `link|${link}`).filter((key) => context.awaited.delete(key))
  if (keys.length > 0) await context.store.work.wake(keys, context.clock.now())
}

function release(context: TenantContext, entries: readonly JournalEntry[]): Promise<void> {
  return releaseLinks(
    context,
    entries.map(({ link }) => link.id),
  )
}

/** Nothing was done: the intents are taken back. An outage burns no attempt of any record. */
export async function takeBack(
  context: TenantContext,
  entries: readonly JournalEntry[],
  failure: Failure,
): Promise<void> {
  const now = context.clock.now()
  const back = entries.flatMap((entry) =>
    entry.work.map((work) => ({
      ...work,
      to: { state: 'failed' as const, failure, attempts: entry.attempts, notBefore: now },
    })),
  )
  if (back.length > 0) await settleWork(context, back)
  await context.store.journal.remove(entries.map((entry) => entry.id))
  await release(context, entries)
}

function asWritten(entry: JournalEntry, id: string | undefined, now: number): Link {
  const { link, system } = entry
  const at: LinkSide = { ...link.sides[system]!, ...(id === undefined ? {} : { id }), writtenAt: now }
  return { ...link, sides: { ...link.sides, [system]: at } }
}

/** Is the write of this entry already part of the stored link? So it is after a crash between storing the link and the journal. */
function alreadyThere(stored: Link | undefined, { link, system, write }: JournalEntry): boolean {
  if (stored === undefined || stored.revision <= link.revision) return false
  if (write.operation === 'delete') return !stored.linked
  return stored.linked === link.linked && stored.sides[system] !== undefined
}

/** Those whose write was applied and became part of the link, although the journal does not know it yet. */
export async function storedAlready(context: TenantContext, entries: readonly JournalEntry[]): Promise<Settled[]> {
  if (entries.length === 0) return []
  const links = await context.store.links.get(entries.map(({ link }) => link.id))
  const byId = new Map(links.map((link) => [link.id, link]))
  return entries
    .filter((entry) => alreadyThere(byId.get(entry.link.id), entry))
    .map((entry) => ({
      entry,
      outcome: appliedAt(byId.get(entry.link.id)!, entry),
    }))
}

function appliedAt(stored: Link, { system }: JournalEntry): Settled['outcome'] {
  const id = stored.sides[system]?.id
  return { status: 'applied', ...(id === undefined ? {} : { id }) }
}

interface Stored {
  readonly stored: Settled[]
  readonly refused: Settled[]
  /** Of the stored ones, those that were stored before. */
  readonly replayed: Settled[]
}

async function storeApplied(context: TenantContext, applied: readonly Settled[]): Promise<Stored> {
  const links = applied.map(({ entry, outcome }) => asWritten(entry, outcome.id, context.clock.now()))
  const results = await context.store.links.save(
    links.map((link, index) => {
      const { replaces } = applied[index]!.entry
      return replaces === undefined ? { link } : { link, replaces }
    }),
  )
  const stale = applied.filter((_, index) => results[index] === 'stale')
  const current = new Map(
    stale.length === 0
      ? []
      : (await context.store.links.get(stale.map(({ entry }) => entry.link.id))).map((link) => [link.id, link]),
  )
  const refused = stale.filter(({ entry }) => !alreadyThere(current.get(entry.link.id), entry))
  const replayed = stale.filter((one) => !refused.includes(one))
  return { stored: applied.filter((one) => !refused.includes(one)), refused, replayed }
}

const takenFailure = (entry: JournalEntry): Failure => ({
  code: 'TWIN_TAKEN',
  kind: 'conflict',
  vi: `Bản ghi "${entry.link.sides[entry.system]?.key ?? ''}" ở bên kia đã liên kết với bản ghi khác. Hãy đổi mã hoặc chọn cặp đúng.`,
  en: `The record "${entry.link.sides[entry.system]?.key ?? ''}" at the other side is linked to another one. Change a code, or choose the right pair.`,
})

function settlementFor(failure: Failure, attempts: number, retryAt: (attempts: number) => number): Settlement {
  if (failure.kind === 'conflict') return { state: 'conflict', conflict: [], failure }
  if (failure.kind === 'needsPerson') return { state: 'blocked', failure }
  const retriable = failure.kind === 'retriable' || failure.kind === 'rateLimited' || failure.kind === 'inDoubt'
  if (!retriable || attempts >= mostAttempts) return { state: 'parked', failure }
  return { state: 'failed', failure, attempts, notBefore: retryAt(attempts) }
}

/**
 * Makes outcomes final: links first, then the work, the journal last; a crash in between repeats the rest without harm.
 * What was not applied goes back to the work queue with its reason.
 */
export async function settle(context: TenantContext, outcomes: readonly Settled[]): Promise<void> {
  if (outcomes.length === 0) return
  const removals = await settleRemovals(
    context,
    outcomes.filter(({ entry }) => entry.write.operation === 'delete'),
  )
  const writes = outcomes.filter(({ entry }) => entry.write.operation !== 'delete')
  const applied = writes.filter(({ outcome }) => outcome.status === 'applied')
  const { stored, refused, replayed }: Stored =
    applied.length === 0 ? { stored: [], refused: [], replayed: [] } : await storeApplied(context, applied)
  const unapplied = writes.filter(({ outcome }) => outcome.status !== 'applied')
  const lockedJoins = unapplied.filter(isLockedJoin)
  const failed = [
    ...unapplied.filter((one) => !lockedJoins.includes(one)),
    ...removals.failed,
    ...refused.map(({ entry }) => ({ entry, outcome: { status: 'rejected' as const, failure: takenFailure(entry) } })),
  ]
  await rememberFailures(context, failed)
  await rememberLockedJoins(context, lockedJoins)
  await rememberJoins(
    context,
    stored.map(({ entry }) => entry.link),
  )
  for (const { entry } of stored) context.names.forget(entry.entity)
  const now = context.clock.now()
  const done = [...stored, ...removals.answered, ...lockedJoins].flatMap(({ entry }) =>
    entry.work.map((work) => ({ ...work, to: { state: 'done' as const } })),
  )
  // One moment for all: rows of one call that failed together go together again.
  const jitter = context.random.next()
  const retryAt = (attempts: number) => now + backoffMs(attempts, jitter)
  const back = failed.flatMap(({ entry, outcome }) => {
    const failure = outcome.failure ?? unknownFailure(entry)
    const to = settlementFor(failure, entry.attempts + 1, retryAt)
    return workOf(entry).map((work) => ({ ...work, to }))
  })
  // Their work may have been settled, and a new hint have come, before: it must not be taken for the old one.
  const again = replayed.flatMap(({ entry }) => entry.work.map(({ key }) => key))
  if (again.length > 0) await context.store.work.add(again, now)
  if (done.length + back.length > 0) await settleWork(context, [...done, ...back])
  await lookAgain(
    context,
    stored.map(({ entry }) => entry.link),
  )
  await lookAtSameCode(
    context,
    stored.map(({ entry }) => entry.link),
  )
  const followUps = [...stored, ...removals.answered].flatMap(({ entry }) => entry.followUp ?? [])
  if (followUps.length > 0) await context.store.work.add(followUps, now)
  await context.store.journal.remove(outcomes.map(({ entry }) => entry.id))
  await release(
    context,
    outcomes.map(({ entry }) => entry),
  )
  await wake(
    context,
    stored.map(({ entry }) => entry.link),
  )
  for (const { entry } of [...stored, ...removals.answered])
    for (const tell of context.listeners) tell(entry, 'applied')
  for (const { entry } of failed) for (const tell of context.listeners) tell(entry, 'failed')
}

/** Bulk steps have no work items; a failure makes one, so that it is seen and can be tried again. */
function workOf(entry: JournalEntry): JournalEntry['work'] {
  if (entry.work.length > 0) return entry.work
  const side = Object.keys(entry.link.sides).find((one) => one !== entry.system) ?? entry.system
  const at = entry.link.sides[side]!
  const triggers = entry.step === undefined ? [] : ['first-sync']
  const key = { entity: entry.entity, side, resource: at.resource, recordId: at.id, triggers }
  return [{ id: workId(key), hintRevision: 0, key }]
}

function unknownFailure(entry: JournalEntry): Failure {
  return {
    code: 'OUTCOME_UNKNOWN',
    kind: 'retriable',
    vi: `Chưa biết kết quả ghi "${entry.link.sides[entry.system]?.key ?? entry.link.id}"; sẽ thử lại.`,
    en: `The outcome of writing "${entry.link.sides[entry.system]?.key ?? entry.link.id}" is not known; it will be tried again.`,
  }
}

/** A record that failed at creation stays known with its reason, as the unlinked record that it is. */
async function rememberFailures(context: TenantContext, failed: readonly Settled[]): Promise<void> {
  const created = failed.filter(({ entry }) => entry.write.operation === 'create')
  if (created.length === 0) return
  const now = context.clock.now()
  const changes = created.map(({ entry, outcome }) => {
    const { mode } = entry.link
    const source = Object.keys(entry.link.sides).find((side) => side !== entry.system)!
    const failure = outcome.failure ?? unknownFailure(entry)
    const text = { vi: failure.vi, en: failure.en }
    // It may be there after all: then it is of this kind (SO14).
    const kept = outcome.status === 'inDoubt' && mode !== undefined ? { mode } : {}
    const event = { at: now, what: 'rejected', why: failure.code, from: source, to: entry.system, text }
    return { link: withTrail({ ...released(entry.link, source), ...kept }, event) }
  })
  await context.store.links.save(changes)
}
