import type { WireRecord } from '../contracts/record.ts'
import type { Failure } from '../errors/sync-error.ts'
import type { SystemId } from '../policy/direction-policy.ts'

export type WorkState = 'ready' | 'waiting' | 'accepted' | 'blocked' | 'conflict' | 'failed' | 'parked'

/** Names a record that may have changed, by id or (not known yet) by key. */
export interface WorkKey {
  readonly entity: string
  readonly side: SystemId
  readonly resource: string
  readonly recordId?: string
  /** Business code, when the id is not known. */
  readonly recordKey?: string
}

/** A hint to look at a record. Hints for one record coalesce: triggers and pullers are united, the newest observation wins. */
export interface WorkHint extends WorkKey {
  readonly triggers?: readonly string[]
  readonly pulledBy?: readonly string[]
  /** The row as a feed gave it, for sides that cannot be read by id. */
  readonly observed?: WireRecord
  /** The source says that it is gone. `false` takes an earlier "gone" back. */
  readonly deleted?: boolean
}

export interface ConflictField {
  readonly field: string
  readonly values: Readonly<Record<SystemId, unknown>>
  readonly base: unknown
  /** Who changed the record last at each side, and when, as the side tells it. */
  readonly edits?: Readonly<Record<SystemId, RecordEdit>>
}

export interface RecordEdit {
  readonly by?: string
  /** The side's own time stamp. */
  readonly at?: string
}

export interface WorkItem extends WorkKey {
  readonly id: string
  readonly state: WorkState
  readonly triggers: readonly string[]
  readonly pulledBy: readonly string[]
  readonly observed?: WireRecord
  readonly deleted?: boolean
  readonly attempts: number
  /** Not before this time (milliseconds since 1970). */
  readonly notBefore: number
  /** Keys as made by `waitKey`. */
  readonly waitingFor: readonly string[]
  readonly failure?: Failure
  readonly conflict?: readonly ConflictField[]
  readonly createdAt: number
  /** When it was settled last into a state that is not `done`. */
  readonly settledAt?: number
  /** Raised by each hint; a settlement that names an older one leaves the item ready. */
  readonly hintRevision: number
}

/** What a worker says of an item after handling it. `done` removes it, if no newer hint came. */
export interface WorkSettlement {
  readonly id: string
  readonly hintRevision: number
  readonly to:
    | { readonly state: 'done' }
    | { readonly state: 'accepted' }
    | { readonly state: 'waiting'; readonly waitingFor: readonly string[]; readonly failure?: Failure }
    | { readonly state: 'blocked' | 'parked'; readonly failure: Failure }
    | { readonly state: 'conflict'; readonly conflict: readonly ConflictField[]; readonly failure: Failure }
    | { readonly state: 'failed'; readonly failure: Failure; readonly attempts: number; readonly notBefore: number }
}

export interface WorkFilter {
  readonly entity?: string
  readonly states?: readonly WorkState[]
}

export interface WorkStore {
  /**
   * Adds or coalesces. A new hint makes a waiting, failed, blocked, conflict or parked item ready; an accepted one stays accepted and
   * becomes ready when its outcome is settled.
   */
  add(hints: readonly WorkHint[], now: number): Promise<void>
  /** Ready items, and failed ones whose time has come, oldest first. */
  due(entity: string, limit: number, now: number): Promise<WorkItem[]>
  /** When the next failed item behind `now` is due; undefined = none waits for time. */
  nextDue(now: number): Promise<number | undefined>
  /**
   * Settled against `hintRevision`: where a newer hint came, the item becomes ready instead (accepted stays accepted until its
   * outcome), with the triggers and pullers of `key` united. An item that is not there is added first (bulk steps) when `key` is given.
   */
  settle(settlements: readonly (WorkSettlement & { readonly key?: WorkHint })[], now: number): Promise<void>
  /** Waiting items that wait for any of the keys become ready. */
  wake(keys: readonly string[], now: number): Promise<void>
  find(ids: readonly string[]): Promise<WorkItem[]>
  /** In id order, after an id. */
  page(filter: WorkFilter, options: { readonly after?: string; readonly limit: number }): Promise<WorkItem[]>
  counts(): Promise<{ entity: string; state: WorkState; count: number }[]>
}

/** What a record waits for: `entity|side|id:Customers/17` or `entity|side|key:kh000017`. */
export function waitKey(
  entity: string,
  side: SystemId,
  by: { readonly resource: string; readonly id: string } | { readonly key: string },
): string {
  return 'id' in by ? `${entity}|${side}|id:${by.resource}/${by.id}` : `${entity}|${side}|key:${by.key}`
}

/** Deterministic id of a work item. */
export function workId(key: WorkKey): string {
  return `${key.entity}|${key.side}|${key.resource}|${key.recordId === undefined ? `key:${key.recordKey ?? ''}` : key.recordId}`
}
