import type { LateOutcome, ChangeHint, RowWrite, Capability } from '../contracts/connector.ts'
import type { Canonical, WireRecord } from '../contracts/record.ts'
import type { Failure, Message } from '../errors/sync-error.ts'
import type { SystemId } from '../policy/direction-policy.ts'

/** What is known about a record at one side. */
export interface LinkSide {
  readonly resource: string
  readonly id: string
  readonly key?: string
  readonly version?: string
  /** Fields whose last known value here differs from the base; all fields, while there is no base. */
  readonly known?: Canonical
  /** When the product wrote it last (our clock): rows read before that are no news. */
  readonly writtenAt?: number
  /** Deleted at this side. */
  readonly gone?: boolean
}

/** One line of a record's story, newest last; the last {@link trailLength} are kept with the link. */
export interface TrailEvent {
  readonly at: number
  /** Verdict or outcome: `create`, `link`, `update`, `writeBack`, `deactivate`, `ignore`, `hold`, `conflict`, `rejected`. */
  readonly what: string
  /** Reason or error code. */
  readonly why: string
  readonly from?: SystemId
  readonly to?: SystemId
  readonly fields?: readonly string[]
  readonly text?: Message
}

export const trailLength = 12

/**
 * A record of one entity: known at one side (not linked yet) or at both (linked). The registry of everything that was ever seen, and
 * the answer to "why did this record not move?".
 */
export interface Link {
  /** Deterministic from the side that was seen first. */
  readonly id: string
  readonly entity: string
  readonly sides: Readonly<Partial<Record<SystemId, LinkSide>>>
  /** Both sides are known. */
  readonly linked: boolean
  /** The last values both sides agreed on. Only when linked. */
  readonly base?: Canonical
  /** `order` or `contract`; fixed when the document is sent first (SO14). */
  readonly mode?: string
  /** `side|field=value` of an unlinked record, by which a twin finds it. */
  readonly match?: readonly string[]
  readonly trail: readonly TrailEvent[]
  /** Raised by one with each stored change; compare-and-set. 0 = not stored yet. */
  readonly revision: number
}

export interface LinkCounts {
  readonly linked: number
  /** Known at this side only. */
  readonly only: Readonly<Record<SystemId, number>>
}

export interface LinkStore {
  /** By the side's resource and id. Where a crash left a stale unlinked twin behind, the linked one comes alone. */
  findByRecord(
    entity: string,
    side: SystemId,
    records: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<Link[]>
  /** By the side's key, compared by `codeKey`. */
  findByKey(entity: string, side: SystemId, keys: readonly string[]): Promise<Link[]>
  /** Unlinked records having any of the `side|field=value` texts. */
  findUnlinked(entity: string, match: readonly string[]): Promise<Link[]>
  get(ids: readonly string[]): Promise<Link[]>
  /**
   * Stores links; `revision` is the one that was read, and grows by one. `replaces` names an unlinked record that is now part of the
   * link; it is removed after the link is stored. One result per change, in order: `stale` = somebody else changed it meanwhile, or
   * another link has the record already; nothing was stored.
   */
  save(changes: readonly { readonly link: Link; readonly replaces?: string }[]): Promise<('stored' | 'stale')[]>
  /** In id order, after an id. `only` = records known at that side only. */
  page(
    entity: string,
    options: { readonly after?: string; readonly limit: number; readonly only?: SystemId },
  ): Promise<Link[]>
  counts(entity: string): Promise<LinkCounts>
}

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

/** An intended write: stored before the call, removed when its outcome is settled (design §4.5). */
export interface JournalEntry {
  /** The write's `opId`. */
  readonly id: string
  readonly entity: string
  readonly system: SystemId
  /** `intent`: a call may be under way. `accepted`: the outcome comes later. `inDoubt`: the answer is unknown; probe. */
  readonly state: 'intent' | 'accepted' | 'inDoubt'
  readonly write: RowWrite
  /** The link as it will be stored when the write is applied; the target's id is filled in from the outcome. */
  readonly link: Link
  readonly replaces?: string
  /** The work items that this write settles. */
  readonly work: readonly { readonly id: string; readonly hintRevision: number; readonly key: WorkHint }[]
  readonly session?: string
  /** First-sync step that it counts for, and what it counts as. */
  readonly step?: number
  /** Looked at again when this write is settled: the other side has something to receive, too (D7). */
  readonly followUp?: WorkHint
  readonly attempts: number
  readonly at: number
}

export interface Journal {
  /** Entries with an id that is there already are replaced. */
  record(entries: readonly JournalEntry[]): Promise<void>
  mark(
    changes: readonly {
      readonly id: string
      readonly state: JournalEntry['state']
      readonly session?: string
      readonly at: number
    }[],
  ): Promise<void>
  remove(ids: readonly string[]): Promise<void>
  find(ids: readonly string[]): Promise<JournalEntry[]>
  /** Open entries that write to these target records. */
  findByTarget(
    system: SystemId,
    targets: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<JournalEntry[]>
  /** All open entries, oldest first. */
  open(filter?: {
    readonly system?: SystemId
    readonly state?: JournalEntry['state']
    readonly before?: number
    readonly limit?: number
  }): Promise<JournalEntry[]>
  count(): Promise<number>
}

export interface CursorStore {
  get(stream: string): Promise<string | undefined>
  set(stream: string, value: string): Promise<void>
}

/** A delivery after its proof was checked, stored before it is answered. */
export interface InboxEntry {
  readonly id: string
  readonly system: SystemId
  readonly hints: readonly ChangeHint[]
  readonly outcomes: readonly LateOutcome[]
  readonly receivedAt: number
}

export interface Inbox {
  /** `seen`: an entry with this id came within the last 7 days; nothing was stored. */
  accept(entry: InboxEntry): Promise<'new' | 'seen'>
  pending(limit: number): Promise<InboxEntry[]>
  /** Handled; the id is remembered for 7 days. */
  done(ids: readonly string[]): Promise<void>
}

export interface RunCounters {
  readonly done: number
  /** Best estimate; undefined until known. */
  readonly total?: number
  readonly created: number
  readonly linked: number
  readonly updated: number
  readonly skipped: number
  readonly failed: number
}

/** One step of the first sync, resumable (C10). */
export interface Run {
  readonly step: number
  readonly state: 'pending' | 'running' | 'finished'
  readonly entities: Readonly<Record<string, RunCounters>>
  /** Where each listing stands: `entity|side` → cursor, or `''` when it is finished. */
  readonly cursors: Readonly<Record<string, string>>
  /** How many records each listing will bring, by the same names. */
  readonly totals?: Readonly<Record<string, number>>
  readonly startedAt?: number
  readonly finishedAt?: number
}

export interface RunStore {
  get(step: number): Promise<Run | undefined>
  save(run: Run): Promise<void>
  all(): Promise<Run[]>
}

/** Where a tenant's connection stands (C3, C7, C11). */
export interface TenantState {
  readonly phase: 'new' | 'connecting' | 'live' | 'paused' | 'disconnected'
  readonly capabilities?: Readonly<Record<SystemId, readonly Capability[]>>
  readonly updatedAt: number
  /** Connections in trouble, by system; the failure's kind says whether a person must act or it may pass by itself. */
  readonly stopped?: Readonly<Partial<Record<SystemId, Failure>>>
  /** Entities that are off because a system does not offer what they need (contract §6.1), with the reason. */
  readonly off?: Readonly<Record<string, Failure>>
}

/** A request handed to the runner that holds the tenant's lease. */
export interface Command {
  readonly id: string
  readonly kind: string
  readonly data: Readonly<Record<string, unknown>>
  readonly state: 'pending' | 'running' | 'done' | 'failed'
  readonly result?: unknown
  readonly failure?: Failure
  readonly createdAt: number
}

export interface CommandStore {
  add(command: Pick<Command, 'id' | 'kind' | 'data' | 'createdAt'>): Promise<void>
  pending(): Promise<Command[]>
  update(id: string, change: Partial<Pick<Command, 'state' | 'result' | 'failure'>>): Promise<void>
  get(id: string): Promise<Command | undefined>
}

/** Everything of one tenant. There is no way to the data but through it. */
export interface TenantStore {
  readonly tenant: string
  readonly links: LinkStore
  readonly work: WorkStore
  readonly journal: Journal
  readonly cursors: CursorStore
  readonly inbox: Inbox
  readonly runs: RunStore
  readonly commands: CommandStore
  state(): Promise<TenantState | undefined>
  saveState(state: TenantState): Promise<void>
}

export interface Lease {
  readonly tenant: string
  readonly holder: string
  /** Raised with each change of holder; fences late writers. */
  readonly epoch: number
  readonly expiresAt: number
}

export interface LeaseStore {
  /** Takes a lease that is free, expired or already ours. `undefined` = somebody else holds it. */
  acquire(tenant: string, holder: string, ttlMs: number, now: number): Promise<Lease | undefined>
  /** Extends all at once; gives back the tenants whose lease was extended, the others are lost. */
  renew(
    tenants: readonly { readonly tenant: string; readonly epoch: number }[],
    holder: string,
    ttlMs: number,
    now: number,
  ): Promise<string[]>
  release(tenant: string, holder: string): Promise<void>
  all(): Promise<Lease[]>
  /** The database server's clock, milliseconds: leases are measured by one clock. */
  serverTime(): Promise<number>
}

/** Which tenants have something that their holder does not know of yet: one query for all tenants of a runner. */
export interface AttentionStore {
  /** Tenants with pending deliveries or commands. */
  tenantsWithNews(tenants: readonly string[]): Promise<string[]>
}

export interface Store {
  forTenant(tenant: string): TenantStore
  readonly leases: LeaseStore
  readonly attention: AttentionStore
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
