import { workId } from '@amis-sync/core'
import type { WorkFilter, WorkHint, WorkItem, WorkKey, WorkSettlement, WorkState, WorkStore } from '@amis-sync/core'
import type { Document } from 'mongodb'
import { compact, fromJson, toJson } from './documents.ts'
import type { WorkDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

type Settlement = WorkSettlement & { readonly key?: WorkHint }

/** States that always carry a failure; the operator's desk pages through them by their own index. */
const failureStates: ReadonlySet<string> = new Set<WorkState>(['blocked', 'conflict', 'failed', 'parked'])

/** What an item has no more when it becomes ready. */
const cleared = { failure: '', conflict: '', waitingFor: '' } as const

/** Work items, one document each. Each method costs the same number of commands for one item and for a thousand. */
export class MongoWorkStore implements WorkStore {
  readonly #work: TenantCollection<WorkDocument>

  constructor(work: TenantCollection<WorkDocument>) {
    this.#work = work
  }

  async add(hints: readonly WorkHint[], now: number): Promise<void> {
    let operations = hints.map((hint) => this.#work.update(workId(hint), {}, hintUpdate(hint, now), { upsert: true }))
    while (operations.length > 0) {
      const { duplicates } = await this.#work.bulk(operations)
      // Two writers made the same item at the same time: the loser's hint joins the item that is there now.
      operations = operations.filter((_, index) => duplicates.has(index))
    }
  }

  async due(entity: string, limit: number, now: number): Promise<WorkItem[]> {
    const filter = { entity, notBefore: { $lte: now }, awaitingOutcome: { $ne: true } }
    return this.#items(await this.#work.read(filter, { sort: { notBefore: 1, _id: 1 }, limit }))
  }

  /** Those whose time has come are not counted: `due` gives them, and a stream that is held up must not keep the others awake. */
  async nextDue(now: number): Promise<number | undefined> {
    const options = { sort: { notBefore: 1 }, limit: 1, projection: { notBefore: 1 } } as const
    const [next] = await this.#work.read({ state: 'failed', notBefore: { $gt: now } }, options)
    return next?.notBefore
  }

  async settle(settlements: readonly Settlement[], now: number): Promise<void> {
    if (settlements.length === 0) return
    const outcome = await this.#work.bulk(settlements.map((settlement) => this.#settleOperation(settlement, now)))
    const removals = settlements.filter(({ to }) => to.state === 'done').length
    if (outcome.removed === removals && outcome.written === settlements.length - removals) return
    // Newer hints came for some (or the items are gone). Those that were settled above do not match any more.
    await this.#work.bulk(
      settlements.map(({ id, hintRevision, to, key }) =>
        this.#work.update(id, { hintRevision: { $ne: hintRevision } }, overtakenUpdate(to, now, key), {
          upsert: false,
        }),
      ),
    )
  }

  async wake(keys: readonly string[], now: number): Promise<void> {
    if (keys.length === 0) return
    const filter = { state: 'waiting', waitingFor: { $in: [...keys] } }
    await this.#work.updateMany(filter, { $set: { state: 'ready', notBefore: now }, $unset: cleared })
  }

  async find(ids: readonly string[]): Promise<WorkItem[]> {
    return this.#items(await this.#work.readByIds(ids))
  }

  async page(filter: WorkFilter, options: { readonly after?: string; readonly limit: number }): Promise<WorkItem[]> {
    const { entity, states } = filter
    const idPrefix = entity === undefined ? '' : `${entity}|`
    return this.#items(await this.#work.page(states === undefined ? {} : stateFilter(states), { ...options, idPrefix }))
  }

  async counts(): Promise<{ entity: string; state: WorkState; count: number }[]> {
    const by = { entity: '$entity', state: '$state', awaitingOutcome: '$awaitingOutcome' }
    const totals = new Map<string, { entity: string; state: WorkState; count: number }>()
    for (const { _id, count } of await this.#work.group({}, { _id: by, count: { $sum: 1 } })) {
      const state = stateOf(_id as WorkDocument)
      const key = `${_id.entity}|${state}`
      totals.set(key, { entity: _id.entity, state, count: count + (totals.get(key)?.count ?? 0) })
    }
    return [...totals.values()]
  }

  #settleOperation({ id, hintRevision, to, key }: Settlement, now: number) {
    if (to.state === 'done') return this.#work.remove(id, { hintRevision })
    const { $set, $unset } = settlementUpdate(to, now)
    const attempts = 'attempts' in $set ? {} : { attempts: 0 }
    const missing = key === undefined ? {} : { ...identity(key), ...hintFields(key), ...attempts, createdAt: now }
    const update = { $set, $unset, $setOnInsert: missing }
    return this.#work.update(id, { hintRevision }, update, { upsert: key !== undefined })
  }

  #items(documents: readonly WorkDocument[]): WorkItem[] {
    return documents.map((document) => {
      const { entity, side, resource, recordId, recordKey, deleted, attempts, failure } = document
      const { createdAt, settledAt, hintRevision } = document
      return compact<WorkItem>({
        id: this.#work.idOf(document),
        entity,
        side,
        resource,
        recordId,
        recordKey,
        deleted,
        attempts,
        failure,
        createdAt,
        settledAt,
        hintRevision,
        state: stateOf(document),
        triggers: document.triggers ?? [],
        pulledBy: document.pulledBy ?? [],
        waitingFor: document.waitingFor ?? [],
        notBefore: document.notBefore ?? 0,
        observed: fromJson(document.observed),
        conflict: fromJson(document.conflict),
      } as WorkItem)
    })
  }
}

function stateOf({ state, awaitingOutcome }: Pick<WorkDocument, 'state' | 'awaitingOutcome'>): WorkState {
  return awaitingOutcome === true ? 'accepted' : (state as WorkState)
}

function stateFilter(states: readonly WorkState[]): Document {
  const others = { state: { $in: states.filter((state) => state !== 'accepted') }, awaitingOutcome: { $ne: true } }
  if (states.includes('accepted')) return { $or: [{ awaitingOutcome: true }, others] }
  return states.every((state) => failureStates.has(state)) ? { ...others, failure: { $exists: true } } : others
}

function identity({ entity, side, resource, recordId, recordKey }: WorkKey): Document {
  return compact({ entity, side, resource, recordId, recordKey })
}

/** What a hint says beside the record's name. */
function hintFields({ triggers = [], pulledBy = [], observed, deleted }: WorkHint): Document {
  return compact({ triggers: [...triggers], pulledBy: [...pulledBy], observed: toJson(observed), deleted })
}

/** Triggers and pullers unite with those that are there. */
function askedUpdate(hint: WorkHint | undefined): Document {
  const { triggers = [], pulledBy = [] } = hint ?? {}
  const sets = {
    ...(triggers.length === 0 ? {} : { triggers: { $each: [...triggers] } }),
    ...(pulledBy.length === 0 ? {} : { pulledBy: { $each: [...pulledBy] } }),
  }
  return Object.keys(sets).length === 0 ? {} : { $addToSet: sets }
}

/** Classic operators suffice: `awaitingOutcome` keeps an accepted item accepted, `$min` keeps the place in the queue. */
function hintUpdate(hint: WorkHint, now: number): Document {
  const { observed, deleted } = hint
  return {
    $set: compact({ state: 'ready', observed: toJson(observed), deleted }),
    $min: { notBefore: now },
    $inc: { hintRevision: 1 },
    $unset: cleared,
    ...askedUpdate(hint),
    $setOnInsert: { ...identity(hint), attempts: 0, createdAt: now },
  }
}

/** For an item that had no newer hint. */
function settlementUpdate(
  to: Exclude<WorkSettlement['to'], { state: 'done' }>,
  now: number,
): { $set: Document; $unset: Document } {
  const settled = { ...to, settledAt: now }
  const $set =
    to.state === 'accepted' ? { ...settled, awaitingOutcome: true } : compact({ ...settled, ...conflictText(to) })
  const gone = ['failure', 'conflict', 'waitingFor', 'notBefore', 'awaitingOutcome'].filter((name) => !(name in $set))
  return { $set, $unset: Object.fromEntries(gone.map((name) => [name, ''])) }
}

function conflictText(to: WorkSettlement['to']): { conflict?: string | undefined } {
  return 'conflict' in to ? { conflict: toJson(to.conflict) } : {}
}

/** For an item that had one: ready, except that an accepted write's outcome is waited for first. */
function overtakenUpdate(to: WorkSettlement['to'], now: number, key: WorkHint | undefined): Document {
  if (to.state === 'accepted') return { $set: { awaitingOutcome: true } }
  const attempts = to.state === 'failed' ? { attempts: to.attempts } : to.state === 'done' ? { attempts: 0 } : {}
  return {
    $set: { state: 'ready', ...attempts },
    $min: { notBefore: now },
    $unset: { ...cleared, awaitingOutcome: '' },
    ...(to.state === 'done' ? {} : askedUpdate(key)),
  }
}
