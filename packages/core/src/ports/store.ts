import type { Capability, ChangeHint, LateOutcome, RowWrite } from '../contracts/connector.ts'
import type { Failure } from '../errors/sync-error.ts'
import type { SystemId } from '../policy/direction-policy.ts'
import type { Link, LinkStore } from './links.ts'
import type { WorkHint, WorkStore } from './work.ts'

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
  /** Sides of entities that take no writes for the same reason: `entity|system`. */
  readonly readOnly?: Readonly<Record<string, Failure>>
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

/** One document of a {@link DocumentStore}. */
export interface StoredValue {
  readonly id: string
  readonly value: unknown
}

/**
 * JSON documents by kind and id, for what a feature keeps besides links and work: plans, decisions of a desk, figures. Ids are any
 * text; parts are joined by `|`, so that a prefix (it ends in `|`) selects a group. Kinds hold no `|`.
 */
export interface DocumentStore {
  /** Stores or replaces. */
  put(kind: string, documents: readonly StoredValue[]): Promise<void>
  /** Those that are there, in no order. */
  get(kind: string, ids: readonly string[]): Promise<StoredValue[]>
  /** In id order, after an id. */
  page(
    kind: string,
    options: { readonly prefix?: string; readonly after?: string; readonly limit: number },
  ): Promise<StoredValue[]>
  count(kind: string, prefix?: string): Promise<number>
  remove(kind: string, ids: readonly string[]): Promise<void>
  /** Everything of a kind whose id begins so. */
  clear(kind: string, prefix?: string): Promise<void>
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
  readonly documents: DocumentStore
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
