import type { z } from 'zod'
import type { Failure, Message } from '../errors/sync-error.ts'
import type { SystemId } from '../policy/direction-policy.ts'
import type { Clock, Logger, Random } from '../ports/runtime.ts'
import type { Row, Tombstone, WireRecord } from './record.ts'

/** One HTTP request as it would go out. */
export interface HttpRequest {
  readonly method: string
  /** With prefix and query, encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Most time for the answer, milliseconds of the context's clock. */
  readonly timeoutMs: number
}

/** What came back: an answer whatever its status, or how none came. `sent`: the request may have reached the server. */
export type HttpResult =
  | {
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string | undefined>>
      readonly body: Uint8Array
    }
  | { readonly fault: 'TIMEOUT' | 'CONNECTION_CUT' | 'HOST_UNREACHABLE'; readonly sent: boolean }

/** Carries requests in place of the network; never rejects. */
export type HttpCarrier = (request: HttpRequest) => Promise<HttpResult>

/** What a connector is given when a tenant's connection is opened. */
export interface ConnectionContext {
  readonly tenant: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Simulations only: takes the place of the network. */
  readonly carry?: HttpCarrier
}

/**
 * A system as seen over its API. One value per package, exported as `connector`; a `Connection` is opened per tenant by the runner.
 * `Config` is the tenant file's section behind `connections.<system>`, already checked with `configSchema`, secrets resolved.
 */
export interface Connector<Config = unknown> {
  /** Package-wide unique, as written in the tenant file: `amis-crm`. */
  readonly id: string
  readonly version: string
  readonly system: SystemId
  readonly labels: Message
  readonly configSchema: z.ZodType<Config>
  /** Opens no socket by itself: the first call does. */
  open(config: Config, context: ConnectionContext): Connection
}

/** One problem, or one thing found good, of a connection check (C12). */
export interface CheckResult {
  /** Stable code; `OK_…` when nothing is wrong. */
  readonly code: string
  readonly ok: boolean
  readonly meaning: Message
  readonly remedy?: Message
}

/** How sure we are that a capability exists: told by config, probed, or taken from the contract's default. */
export interface Capability {
  readonly flag: string
  readonly on: boolean
  readonly source: 'config' | 'probe' | 'default'
  /** True where no public contract of the vendor is known ("assumed" is shown to the operator). */
  readonly assumed: boolean
}

/** A page of a listing. `next` absent = this was the last page. */
export interface Page {
  readonly records: readonly WireRecord[]
  /** Opaque; valid in this process and after a restart. */
  readonly next?: string
  /** Given with the first page only: where the next `changes` call starts. From the server, never from the client's clock. */
  readonly watermark?: string
  /** How many there are in all, if the system says so; for progress only, never relied on. */
  readonly total?: number
}

export interface ChangePage extends Page {
  readonly deleted: readonly Tombstone[]
}

export type WriteOperation = 'create' | 'update' | 'delete'

export interface RowWrite {
  /** Idempotency key, a guid: the same intent always has the same one. */
  readonly opId: string
  readonly resource: string
  readonly operation: WriteOperation
  /** The target's id. On create: the id that we propose, where the system lets the sender choose. */
  readonly id?: string
  readonly row: Row
  /** Rows that must exist first (units of measure), sent in the same call, before this one. Upserted by key; free of charge to repeat. */
  readonly companions?: readonly { readonly resource: string; readonly row: Row }[]
}

/**
 * What became of one written row.
 *
 * - `applied`: stored; `id` is the row's id.
 * - `accepted`: queued; the outcome comes through `receive` or `outcomesSince`, correlated by `opId` or by `target`.
 * - `rejected`: refused as it is; `failure` says why (kind `recordRejected`, `needsPerson` or `retriable`).
 * - `duplicate`: another live row has the key: look it up, then link or conflict.
 * - `missing`: the row to change or delete is not there.
 * - `inDoubt`: no answer for this row: probe before any resend.
 */
export interface RowOutcome {
  readonly opId: string
  readonly status: 'applied' | 'accepted' | 'rejected' | 'duplicate' | 'missing' | 'inDoubt'
  readonly id?: string
  /** The call that carried it, where the system names calls. */
  readonly session?: string
  readonly failure?: Failure
}

/** An outcome that came later than the call (contract §2.5). `opId` or (`resource`, `id`) names the write. */
export interface LateOutcome {
  readonly opId?: string
  readonly resource: string
  readonly id?: string
  readonly key?: string
  readonly session?: string
  /** What it is the outcome of, where the system tells: never taken for that of another operation on the same record. */
  readonly operation?: 'save' | 'delete'
  readonly status: 'applied' | 'rejected' | 'duplicate' | 'missing'
  readonly failure?: Failure
}

/** "This record may have changed." Never data. */
export interface ChangeHint {
  readonly resource: string
  /** Absent: something in the resource changed; ask for the changes. */
  readonly id?: string
  readonly key?: string
  readonly deleted?: boolean
}

/** A webhook or callback as it arrived. Header names in lower case. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
  /** Real time of arrival, milliseconds since 1970. */
  readonly receivedAt: number
}

/** What a delivery says, after its proof was checked. */
export interface Received {
  /** Same delivery, same id; a repeat within 7 days does nothing. Absent: repeats are harmless by themselves. */
  readonly deliveryId?: string
  readonly hints: readonly ChangeHint[]
  readonly outcomes: readonly LateOutcome[]
}

/**
 * An open connection of one tenant. Only `system`, `check`, `capabilities` and `close` are required; everything else is a capability
 * found by a guard (`canList(connection)`). A missing one lowers freshness, it never crashes.
 * Every method throws `SyncError`s only.
 */
export interface Connection
  extends
    Partial<ListsPages>,
    Partial<ReadsChanges>,
    Partial<ReadsDeletions>,
    Partial<ReadsByIds>,
    Partial<ReadsByKeys>,
    Partial<WritesRows>,
    Partial<RecoversOutcomes>,
    Partial<Receives> {
  readonly system: SystemId
  /** How many requests a minute it may make, where that is limited: work in the background takes only its share. */
  readonly requestsPerMinute?: number
  check(): Promise<readonly CheckResult[]>
  /** Probed at first connect and daily; no side effect at the other side. */
  capabilities(): Promise<readonly Capability[]>
  close(): Promise<void>
}

/** Full listings, page by page. Called in bulk sync and audits. Pages are not snapshots: callers de-duplicate by id. */
export interface ListsPages {
  listPage(request: { readonly resource: string; readonly cursor?: string }): Promise<Page>
}

/** Changes since a watermark. Called by polls. Inclusive: rows may come twice, none is lost. */
export interface ReadsChanges {
  /** Which resources have such a feed. */
  readonly changeFeeds: ReadonlySet<string>
  changesPage(request: {
    readonly resource: string
    readonly since: string
    readonly cursor?: string
  }): Promise<ChangePage>
}

/** All that a delete feed still names. Called by audits: what it names and no listing shows is gone for sure. */
export interface ReadsDeletions {
  /** `undefined` = this deployment has no such feed for the resource. */
  deletions(resource: string): Promise<readonly Tombstone[] | undefined>
}

/** Current rows by id; ids that are not there are left out. Callers pass any number; the connection splits. */
export interface ReadsByIds {
  /** Resources that can be read by id. */
  readonly readable: ReadonlySet<string>
  /**
   * Those of them whose source says plainly that an id is not there. Of the others an answer without a row proves nothing (contract
   * §6.2 rule 1): whether the record is gone is told by the change feed.
   */
  readonly absenceIsProof?: ReadonlySet<string>
  readByIds(resource: string, ids: readonly string[]): Promise<readonly WireRecord[]>
}

/** Current rows by business code. */
export interface ReadsByKeys {
  readonly keyed: ReadonlySet<string>
  readByKeys(resource: string, keys: readonly string[]): Promise<readonly WireRecord[]>
}

/** Writes. One outcome per row, in any order; a row without one is in doubt and says so. Never sends a row twice by itself. */
export interface WritesRows {
  /** Most rows that one call takes; larger batches are the caller's fault. */
  readonly batchSize: number
  /** How outcomes come: in the answer, or later. */
  readonly outcomes: 'immediate' | 'later'
  writeRows(writes: readonly RowWrite[]): Promise<readonly RowOutcome[]>
}

/** Outcomes whose delivery failed for good (contract §2.5, error list). Called when an outcome is overdue. */
export interface RecoversOutcomes {
  /** How long to wait for an outcome before asking, milliseconds. */
  readonly outcomeTimeoutMs: number
  outcomesSince(sinceMs: number): Promise<readonly LateOutcome[]>
}

/** Webhooks and callbacks. Throws `SyncError` code `DELIVERY_UNTRUSTED` (proof wrong or stale) or `DELIVERY_MALFORMED`. */
export interface Receives {
  receive(delivery: Delivery): Received
}

type Guard<C> = (connection: Connection) => connection is Connection & C

const has = <C>(...members: (keyof C & keyof Connection)[]): Guard<C> =>
  ((connection: Connection) => members.every((member) => connection[member] !== undefined)) as Guard<C>

export const canList = has<ListsPages>('listPage')
export const canReadChanges = has<ReadsChanges>('changesPage')
export const canReadDeletions = has<ReadsDeletions>('deletions')
export const canReadByIds = has<ReadsByIds>('readByIds')
export const canReadByKeys = has<ReadsByKeys>('readByKeys')
export const canWrite = has<WritesRows>('writeRows')
export const canRecoverOutcomes = has<RecoversOutcomes>('outcomesSince')
export const canReceive = has<Receives>('receive')
