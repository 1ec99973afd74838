import { type JournalEntry, type Link, type WorkHint, otherSide, workId } from '@amis-sync/core'
import type { Judgement, PlannedWrite } from '../flow/observation.ts'
import type { Reviewer } from '../flow/review.ts'
import { leftAlone } from '../flow/reconcile.ts'
import type { TenantContext } from '../flow/tenant-context.ts'
import type { MemoryWork } from './memory-work.ts'
import { groupOf, itemOf, linkIdOf } from './plan-item.ts'
import { planItemKind, planMovedKind } from './plan-store.ts'
import { type MovedItem, type PlanItem, isActive } from './plan-types.ts'
import { stableJson } from './prints.ts'

/** How a planned record stands with the plan now. */
export type Standing = 'asPlanned' | 'rest' | 'done' | 'waits' | 'moved'

/** Compares a record's plan with what would be done now. Pure. */
export function standingOf(planned: PlanItem, now: PlanItem, link: Link): Standing {
  const face = ({ action, from, to, links = false, print, conflict, versions }: PlanItem) =>
    stableJson([action, from, to, links, print ?? null, conflict ?? null, versions])
  if (face(planned) === face(now)) return 'asPlanned'
  if (isRest(planned, now, link)) return 'rest'
  if (isActive(now)) return 'moved'
  if (!isActive(planned)) return 'asPlanned'
  if (now.action === 'wait') return 'waits'
  return link.linked ? 'done' : 'moved'
}

/** The other half of an update that goes both ways, or the answer to a withdrawal, after the first was written. */
function isRest({ action, later, from }: PlanItem, now: PlanItem, link: Link): boolean {
  if (now.action !== 'update' || now.to !== from) return false
  if (action === 'remove') return true
  if (later === undefined || !link.linked) return false
  return stableJson([...later].sort()) === stableJson([...(now.fields ?? [])].sort())
}

/** What became of a record that the plan wants written or linked. */
type Outcome = 'written' | 'linked' | 'already' | 'moved' | 'waiting'

const mostTold = 20

/** Lets through what still is as planned, and keeps account of all of it. */
export class ApplyReview implements Reviewer {
  readonly #context: Pick<TenantContext, 'views' | 'store'>
  readonly #work: MemoryWork
  readonly #plan: string
  readonly #acceptMoved: boolean
  readonly #outcomes = new Map<string, Outcome>()
  readonly #fresh = new Set<string>()
  readonly #moved = new Set<string>()
  /** Looked at a second time, after the others: what they made may change what is to be done with these. */
  readonly #deferred = new Set<string>()
  #deferredNow = false
  /** Writes on their way, by the journal's id. */
  readonly #underWay = new Map<string, JournalEntry>()
  readonly #counted = new Set<string>()
  readonly #followUps = new Map<string, WorkHint>()
  /** Their write was refused: the ordinary work queue has them now. */
  readonly #refused = new Set<string>()
  #applied = 0
  #reached = 0
  readonly movedItems: MovedItem[] = []
  readonly counts = { created: 0, updated: 0, removed: 0, failed: 0 }

  constructor(
    context: Pick<TenantContext, 'views' | 'store'>,
    parts: { readonly work: MemoryWork; readonly plan: string; readonly acceptMoved: boolean },
  ) {
    this.#context = context
    this.#work = parts.work
    this.#plan = parts.plan
    this.#acceptMoved = parts.acceptMoved
  }

  isOver(): boolean {
    return false
  }

  async review(judgements: readonly Judgement[]): Promise<readonly Judgement[]> {
    const planned = await this.#planned(judgements.map(linkIdOf))
    const moved: MovedItem[] = []
    const result = judgements.map((judgement): Judgement => {
      const group = groupOf(judgement)
      const now = itemOf(this.#context.views.get(group.link.entity)!, judgement)
      const before = planned.get(now.id)
      if (!before) {
        this.#fresh.add(now.id)
        return leftAlone(group)
      }
      // Whoever needs it pulls it along again and again.
      if (this.#refused.has(group.link.id)) return leftAlone(group)
      const standing = standingOf(before, now, group.link)
      if (standing !== 'moved') return this.#let(before, standing, judgement)
      if (!isActive(before) && !this.#deferred.has(now.id)) return this.#defer(now.id, judgement)
      if (!this.#moved.has(now.id)) moved.push({ planned: before, now })
      this.#moved.add(now.id)
      if (this.#acceptMoved) return this.#let(before, standing, judgement)
      this.#note(before, 'moved')
      return leftAlone(group)
    })
    await this.#tell(moved)
    await this.#takeOver(result)
    return result
  }

  /** Writes that are let through are no work of this review any more. */
  async #takeOver(judgements: readonly Judgement[]): Promise<void> {
    const work = judgements.flatMap((one) => (one.kind === 'write' ? groupOf(one).work : []))
    await this.#work.settle(
      work.map(({ id, hintRevision }) => ({ id, hintRevision, to: { state: 'done' } })),
      0,
    )
  }

  #defer(id: string, judgement: Judgement): Judgement {
    this.#deferred.add(id)
    this.#deferredNow = true
    return {
      kind: 'keep',
      group: groupOf(judgement),
      settle: { state: 'waiting', waitingFor: [`plan|${this.#plan}`] },
      counts: 'waiting',
    }
  }

  /** These are being sent; to be told from the journal. */
  begun(entries: readonly JournalEntry[]): void {
    for (const entry of entries) this.#underWay.set(entry.id, entry)
  }

  /** What became of a write; one of the context's listeners. */
  readonly listener = (entry: JournalEntry, result: 'applied' | 'failed'): void => {
    if (!this.#underWay.delete(entry.id)) return
    if (result === 'applied') this.#applied += 1
    else this.#refused.add(entry.link.id)
    // The other half of an update that goes both ways is no second record.
    if (result === 'applied' && this.#counted.has(entry.link.id)) return
    this.#counted.add(entry.link.id)
    const done = { create: 'created', update: 'updated', delete: 'removed' } as const
    this.counts[result === 'failed' ? 'failed' : done[entry.write.operation]] += 1
  }

  /** Intents that were taken back since nothing was sent: no outcome comes. */
  forgetUnsent(inFlight: TenantContext['inFlight']): void {
    for (const [id, { link }] of this.#underWay) if (!inFlight.has(link.id)) this.#underWay.delete(id)
  }

  /** How many writes are on their way. */
  get open(): number {
    return this.#underWay.size
  }

  /** Once nothing is on its way: is anything to be looked at again, and what besides that which waits? */
  takeNews(): { readonly any: boolean; readonly hints: readonly WorkHint[] } {
    const hints = [...this.#followUps.values()]
    // What was refused is there for nobody: only what was written may help others on.
    const any = this.#applied > 0 || this.#deferredNow || hints.length > 0
    this.#applied = 0
    this.#deferredNow = false
    this.#followUps.clear()
    return { any, hints }
  }

  count(outcome: Outcome): number {
    return [...this.#outcomes.values()].filter((one) => one === outcome).length
  }

  /** How many of those that go by themselves were looked at. */
  get reached(): number {
    return this.#reached
  }

  get moved(): number {
    return this.#moved.size
  }

  get fresh(): number {
    return this.#fresh.size
  }

  async #planned(ids: readonly string[]): Promise<Map<string, PlanItem>> {
    const found = await this.#context.store.documents.get(
      planItemKind,
      ids.map((id) => `${this.#plan}|${id}`),
    )
    return new Map(found.map(({ value }): [string, PlanItem] => [(value as PlanItem).id, value as PlanItem]))
  }

  #note(planned: PlanItem, outcome: Outcome): void {
    if (!isActive(planned)) return
    // What goes along may not be needed any more, so nobody misses it.
    if (!planned.pulledBy && !this.#outcomes.has(planned.id)) this.#reached += 1
    const before = this.#outcomes.get(planned.id)
    if (before === undefined || before === 'waiting') this.#outcomes.set(planned.id, outcome)
  }

  #let(planned: PlanItem, standing: Standing, judgement: Judgement): Judgement {
    const outcomes = {
      asPlanned: 'linked',
      rest: 'written',
      done: 'already',
      waits: 'waiting',
      moved: 'moved',
    } as const
    if (judgement.kind === 'keep') {
      this.#note(planned, outcomes[standing])
      return judgement
    }
    this.#note(planned, standing === 'moved' ? 'moved' : 'written')
    return { ...judgement, write: this.#owned(judgement.write) }
  }

  /** The write's failures go to the ordinary work queue; its other half comes back to this review. */
  #owned(write: PlannedWrite): PlannedWrite {
    const { followUp, ...entry } = write.entry
    if (followUp) this.#followUps.set(entry.link.id, followUp)
    const plugin = this.#context.views.get(entry.entity)!.plugin
    const from = otherSide(plugin, entry.system)
    const { resource, id: recordId } = entry.link.sides[from]!
    const { triggers = [], pulledBy = [] } = write.group.seen.get(from) ?? {}
    const key = {
      entity: entry.entity,
      side: from,
      resource,
      recordId,
      triggers: [...triggers],
      pulledBy: [...pulledBy],
    }
    // Older than any hint: what came meanwhile is kept.
    return { ...write, entry: { ...entry, work: [{ id: workId(key), hintRevision: 0, key }] } }
  }

  async #tell(moved: readonly MovedItem[]): Promise<void> {
    this.movedItems.push(...moved.slice(0, Math.max(0, mostTold - this.movedItems.length)))
    const documents = moved.map((one) => ({ id: `${this.#plan}|${one.now.id}`, value: one }))
    if (documents.length > 0) await this.#context.store.documents.put(planMovedKind, documents)
  }
}
