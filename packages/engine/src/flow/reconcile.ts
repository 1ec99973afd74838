import { type EntityPlugin, type Link, type SystemId, codeKey, toFailure, waitKey, workId } from '@amis-sync/core'
import { backoffMs, mostAttempts } from '../pure/backoff.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { complete, recordName } from './complete.ts'
import { gather, lastKnown, readTwins } from './gather.ts'
import type { Bench } from './bench.ts'
import { mayBeEcho, showsNothingNew } from './echo.ts'
import { judge } from './judge.ts'
import { introduced, learnt, strangersOfOneCode } from './judge-learnt.ts'
import { failureFrom } from './link-draft.ts'
import type { Group, Judgement, Observation, PlannedWrite, Settlement, WorkRef } from './observation.ts'
import { lookAtOldCodes } from './old-codes.ts'
import { References } from './references.ts'
import { wake } from './settle.ts'
import { lookAtSameCode } from './successor.ts'
import type { TenantContext } from './tenant-context.ts'
import { findTwins } from './twins.ts'
import { lookAgain, settleWork } from './troubled.ts'
import { type Busy, busyFinder, sameCodeWaits } from './under-way.ts'
import { wakeLinkedMeanwhile } from './waiting-room.ts'
import { writeAll } from './write.ts'

/** What a round came to. Writes count when their outcome is known, through the listener. */
export interface Tally {
  linked: number
  skipped: number
  /** In the waiting room: they count when their turn comes. */
  waiting: number
  failed: number
  /** Writes that were sent. */
  sent: number
  /** Found done already by an earlier try of the same step, see {@link RoundOptions.since}. */
  created: number
  updated: number
}

export interface RoundOptions {
  /** Read the twins, too (live work), or go by what is known of them (bulk steps). */
  readonly readOther: boolean
  readonly step?: number
  /** Only get to know the records; nothing travels. */
  readonly learn?: boolean
  /** When the step began that was interrupted and goes on: what it did since then is no news. */
  readonly since?: number
}

type Keep = Extract<Judgement, { kind: 'keep' }>

/**
 * One round for a batch of records of one entity: read, decide, merge, write, settle (design §4). Every hint — webhook, callback, poll,
 * page of a listing, manual request, pull — ends here. A record that fails never stops the others.
 */
export async function reconcile(
  context: TenantContext,
  view: PluginView,
  observations: readonly Observation[],
  options: RoundOptions,
): Promise<Tally> {
  const tally: Tally = { linked: 0, skipped: 0, waiting: 0, failed: 0, sent: 0, created: 0, updated: 0 }
  const busyOf = busyFinder(context)
  const { groups: all, lost, foreign } = await gather(context, view, observations)
  const groups = all.filter(({ link }) => context.reviewer?.isOver(link) !== true)
  const busy = groups.flatMap((group) => busyOf(group) ?? [])
  const waiting = new Set(busy.map(({ group }) => group))
  const free = groups.filter((group) => !waiting.has(group))
  const judgements = await judgeAll(context, view, free, options)
  const reviewed = options.learn ? judgements : ((await context.reviewer?.review(judgements)) ?? judgements)
  const over = all.filter((group) => !groups.includes(group)).map(leftAlone)
  const keeps = [...over, ...reviewed.filter((one): one is Keep => one.kind === 'keep')]
  for (const keep of keeps) tally[countedBefore(keep, options) ?? keep.counts] += 1
  tally.skipped += lost.length + foreign.length
  const planned = reviewed.flatMap((one): PlannedWrite[] => (one.kind === 'write' ? [one.write] : []))
  const second = sameCodeWaits(context, planned)
  await keepAll(context, view.plugin, keeps, [...busy, ...second], lost, foreign)
  const later = new Set(second.map(({ group }) => group))
  const writes = planned.filter(({ group }) => !later.has(group))
  tally.sent = writes.length
  await writeAll(context, writes)
  return tally
}

/** Echoes are judged by what is known of their twins; only of the others the twins are read, where that is asked for. */
async function judgeAll(
  context: TenantContext,
  view: PluginView,
  groups: readonly Group[],
  options: RoundOptions,
): Promise<Judgement[]> {
  const references = new References(context, view)
  const bench: Bench = {
    context,
    view,
    references,
    candidates: new Map(),
    ...(options.step === undefined ? {} : { step: options.step }),
  }
  const echoes = new Map<Group, Judgement>()
  if (options.readOther) {
    const likely = groups.filter(mayBeEcho)
    const { good } = await complete(context, view, likely, references)
    for (const group of good.filter((one) => showsNothingNew(view, one))) {
      const judgement = judged(bench, group, false)
      if (judgement.kind === 'keep') echoes.set(group, judgement)
    }
  }
  const rest = groups.filter((group) => !echoes.has(group))
  if (options.readOther) await readTwins(context, view, rest)
  const unseen = rest.filter((group) => group.unseen !== undefined)
  const seen = rest.filter((group) => group.unseen === undefined)
  const { good, bad } = await complete(context, view, seen, references)
  const learn = options.learn === true
  const candidates = learn ? bench.candidates : await findTwins(context, view, good)
  await loadOfTwins(view, references, candidates)
  const strangers = learn ? new Set<Group>() : strangersOfOneCode(good)
  const judgements = good.map((group) =>
    strangers.has(group) ? introduced(bench, group) : judged({ ...bench, candidates }, group, learn),
  )
  return [...echoes.values(), ...bad, ...unseen.map((group) => notSeen(context, group)), ...judgements]
}

/** What the twins that may be linked now refer to travels with the pair. */
async function loadOfTwins(view: PluginView, references: References, candidates: Bench['candidates']): Promise<void> {
  const twins = [...candidates.values()].flatMap(({ unlinked, taken }) => [...unlinked, ...(taken ? [taken] : [])])
  for (const side of view.plugin.sides) {
    const there = twins.filter(({ sides }) => sides[side])
    if (there.length > 0)
      await references.load(
        side,
        there.map((link) => lastKnown(view, link, side)),
      )
  }
}

/** A read that does not show a record proves no deletion (D9): it is looked at again, unless its feed tells first that it is gone. */
function notSeen(context: TenantContext, group: Group): Judgement {
  const failure = failureFrom(
    'RECORD_NOT_SEEN',
    {
      vi: `Hệ thống "${group.unseen}" không trả về ${recordName(group)}, cũng không báo đã xóa; sẽ đọc lại. Hãy xem bản ghi còn ở đó không.`,
      en: `"${group.unseen}" does not show ${recordName(group)}, nor says that it is deleted; it is read again. See whether it is still there.`,
    },
    'retriable',
  )
  const attempts = 1 + Math.max(0, ...group.work.map((work) => work.attempts))
  const notBefore = context.clock.now() + backoffMs(attempts, context.random.next())
  const settle: Settlement =
    attempts < mostAttempts ? { state: 'failed', failure, attempts, notBefore } : { state: 'parked', failure }
  return { kind: 'keep', group, settle, counts: 'failed' }
}

/** Nothing is done about the record now. */
export function leftAlone(group: Group): Keep {
  return { kind: 'keep', group, settle: { state: 'done' }, counts: 'skipped' }
}

/** A page that is read again after a crash shows what was done with it before; it counts as that. */
function countedBefore({ group, counts }: Keep, { since }: RoundOptions): 'created' | 'linked' | 'updated' | undefined {
  if (since === undefined || counts !== 'skipped' || !group.link.linked) return undefined
  const done = { create: 'created', link: 'linked', update: 'updated' } as const
  const what = group.link.trail.findLast((event) => event.at >= since && event.what in done)?.what
  return what === undefined ? undefined : done[what as keyof typeof done]
}

function judged(bench: Bench, group: Group, learn: boolean): Judgement {
  try {
    return learn ? learnt(bench, group) : judge(bench, group)
  } catch (error) {
    bench.context.logger.error('record could not be judged', { record: recordName(group), error })
    return { kind: 'keep', group, settle: { state: 'parked', failure: toFailure(error) }, counts: 'failed' }
  }
}

function settlements(works: readonly WorkRef[], to: Settlement) {
  return works.map(({ id, hintRevision, key }) => ({ id, hintRevision, key, to }))
}

/** Bulk steps have no work items: what does not simply pass gets one, so that it is seen, waits, or is tried again. */
function worksOf(plugin: EntityPlugin, group: Group): readonly WorkRef[] {
  if (group.work.length > 0) return group.work
  const [side, seen] = [...group.seen.entries()].find(([, one]) => one.observed) ?? [plugin.sides[0], undefined]
  const at = group.link.sides[side]!
  const asked = { triggers: [...(seen?.triggers ?? [])], pulledBy: [...(seen?.pulledBy ?? [])] }
  const key = { entity: plugin.id, side, resource: at.resource, recordId: at.id, ...asked }
  return [{ id: workId(key), hintRevision: 0, attempts: 0, key }]
}

async function keepAll(
  context: TenantContext,
  plugin: EntityPlugin,
  keeps: readonly Keep[],
  busy: readonly Busy[],
  lost: readonly Observation[],
  foreign: readonly Observation[],
): Promise<void> {
  const now = context.clock.now()
  const changes = keeps.flatMap(({ link, replaces }) =>
    link ? [replaces === undefined ? { link } : { link, replaces }] : [],
  )
  const stale: Link[] = []
  if (changes.length > 0) {
    const results = await context.store.links.save(changes)
    results.forEach((result, index) => {
      if (result === 'stale') stale.push(changes[index]!.link)
    })
  }
  if (changes.length > 0) context.names.forget(plugin.id)
  const pulls = keeps.flatMap(({ pull }) => pull ?? [])
  if (pulls.length > 0) await context.store.work.add(pulls, now)
  const all = [
    ...keeps.flatMap(({ group, settle }) =>
      settlements(settle.state === 'done' ? group.work : worksOf(plugin, group), settle),
    ),
    ...busy.flatMap(({ group, link }) =>
      settlements(worksOf(plugin, group), { state: 'waiting', waitingFor: [`link|${link}`] }),
    ),
    ...foreign.flatMap(({ work }) => settlements(work ? [work] : [], { state: 'done' })),
    ...lost.flatMap(({ work, key, id, side }) =>
      settlements(
        work ? [work] : [],
        key === undefined || id !== undefined ? { state: 'done' } : notFound(plugin, side, key),
      ),
    ),
  ]
  const waiting = all.flatMap(({ to }) => (to.state === 'waiting' ? to.waitingFor : []))
  for (const key of waiting) context.awaited.add(key)
  if (all.length > 0) await settleWork(context, all)
  await lookAgain(
    context,
    keeps.filter(({ group, settle }) => settle.state === 'done' && group.link.linked).map(({ group }) => group.link),
  )
  if (stale.length > 0) await tryAgain(context, plugin, keeps, stale)
  // Records that became known count, too: what waits for one of them by its code asks for it by its id from now on.
  const arrived = changes.filter(({ link }) => !stale.includes(link) && (link.linked || link.revision === 0))
  await wake(
    context,
    arrived.map(({ link }) => link),
  )
  await lookAtSameCode(
    context,
    changes.filter(({ link }) => !stale.includes(link)).map(({ link }) => link),
  )
  await lookAtOldCodes(
    context,
    keeps.flatMap(({ group, link }) => (link && !stale.includes(link) ? [{ before: group.link, after: link }] : [])),
  )
  await wakeSettledMeanwhile(context, busy)
  await wakeLinkedMeanwhile(
    context,
    keeps.flatMap(({ needs }) => needs ?? []),
  )
}

/** Somebody changed the link between reading and storing: the record is looked at again. */
async function tryAgain(
  context: TenantContext,
  plugin: EntityPlugin,
  keeps: readonly Keep[],
  stale: readonly Link[],
): Promise<void> {
  const groups = keeps.filter(({ link }) => link && stale.includes(link)).map(({ group }) => group)
  await context.store.work.add(
    groups.flatMap((group) => worksOf(plugin, group).map(({ key }) => key)),
    context.clock.now(),
  )
}

/** An outcome may have come between looking and waiting; nobody would wake those any more. */
async function wakeSettledMeanwhile(context: TenantContext, busy: readonly Busy[]): Promise<void> {
  const free = busy.filter(({ link }) => !context.inFlight.has(link)).map(({ link }) => `link|${link}`)
  if (free.length > 0) await context.store.work.wake(free, context.clock.now())
}

/** What is asked for by a code that nobody knows yet waits for a record that has it: feeds may show it later than what needs it (CG5). */
function notFound(plugin: EntityPlugin, side: SystemId, key: string): Settlement {
  return {
    state: 'waiting',
    waitingFor: [waitKey(plugin.id, side, { key: codeKey(key) })],
    failure: failureFrom('RECORD_NOT_FOUND', {
      vi: `Không tìm thấy ${plugin.labels.vi} "${key}" ở hệ thống nguồn. Hãy kiểm tra mã.`,
      en: `${plugin.labels.en} "${key}" is not there at its source. Check the code.`,
    }),
  }
}
