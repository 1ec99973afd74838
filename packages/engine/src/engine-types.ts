import type {
  Clock,
  Connection,
  EntityPlugin,
  LinkCounts,
  Logger,
  Message,
  Metrics,
  Random,
  Run,
  SystemId,
  TenantState,
  TenantStore,
  WorkState,
} from '@amis-sync/core'
import type { FigureStatus } from './figure-reader.ts'
import type { DeskInput, DeskOperation, DeskOutput } from './desk/operations.ts'

/** Who wins when both sides changed the same field: a side, the newer edit, or a person. */
export type ConflictRule = SystemId | 'newest' | 'ask'

/** A tenant's settings as the engine needs them; made by the runner from the tenant file. */
export interface TenantSettings {
  readonly tenant: string
  /** Turns the C1 gate on. */
  readonly convertedFrom: 'none' | 'sme' | 'amis-old'
  /** Entity ids that are synced (C5). What is not here is never read nor written. */
  readonly enabled: ReadonlySet<string>
  readonly conflicts: Readonly<
    Record<string, { readonly default?: ConflictRule; readonly fields?: Readonly<Record<string, ConflictRule>> }>
  >
  /** Each plugin's own section, checked with its schema: plugin id → settings. */
  readonly plugins: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** How often change feeds are asked, milliseconds. */
  readonly pollMs: number
  /** Most of the request budget that an audit may use, in (0, 1]. */
  readonly auditShare: number
}

export interface EngineDependencies {
  readonly settings: TenantSettings
  /** All loaded plugins, in any order. */
  readonly plugins: readonly EntityPlugin[]
  readonly connections: ReadonlyMap<SystemId, Connection>
  readonly store: TenantStore
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly metrics: Metrics
  /** May this runner still write for the tenant? Asked before each call that changes something. */
  readonly leased: () => boolean
}

/** A unit or employee that must be in step before CRM can be connected (C1). */
export interface GateProblem {
  readonly entity: string
  readonly code: string
  readonly name: string
  readonly what: Message
}

export type ConnectResult =
  | { readonly state: 'connected'; readonly runs: readonly Run[]; readonly failed: number }
  | { readonly state: 'refused'; readonly missing: readonly GateProblem[] }

/** Told while a first sync runs; cheap, at most a few times a second a step. */
export type ProgressListener = (run: Run) => void

export interface TenantStatus {
  readonly tenant: string
  readonly state: TenantState
  readonly entities: readonly {
    readonly entity: string
    readonly links: LinkCounts
    readonly work: Readonly<Partial<Record<WorkState, number>>>
  }[]
  /** Figures (stock, receivables): how many, when they were read last, what is held. */
  readonly figures: readonly FigureStatus[]
  readonly runs: readonly Run[]
  /** Writes whose outcome is not known yet. */
  readonly open: number
  /** Records that stand still until a person acts: conflicts, blocked ones, refused ones. */
  readonly needsPerson: number
}

/** The sync of one tenant, while this runner holds its lease. */
export interface TenantEngine {
  /** Settles what a crash left in doubt, then works until `stop`: deliveries, work, polls, overdue outcomes. */
  start(): Promise<void>
  /** Finishes the calls that are under way, starts no new ones. */
  stop(): Promise<void>
  /** Something new is in the store: deliveries, work. */
  wake(): void
  /**
   * First sync (C7): gate, then the three steps in order, each resumed where it stood. Returns when the third is finished, or refused.
   * After a disconnection, and on a live tenant: asks again what the systems offer, catches up, and syncs entities that are new.
   * Rejects with a `SyncError` when a connection stops.
   */
  connect(onProgress?: ProgressListener): Promise<ConnectResult>
  /** Asks every change feed once (FW5). Work that it makes is done by the loop. */
  poll(): Promise<void>
  /** What a person asks for (CU5, CG4, PR3, SO3, plans, desks): one of the operations of `desk/`. */
  desk<N extends DeskOperation>(
    operation: N,
    input: DeskInput<N>,
    onProgress?: ProgressListener,
  ): Promise<DeskOutput<N>>
  /** Resolves true when nothing is ready, accepted or undelivered any more, false at the time-out. */
  quiet(timeoutMs: number): Promise<boolean>
  pause(): Promise<void>
  /** Stops everything but the outcomes of calls under way; links and cursors stay, so that `connect` catches up (C11). */
  disconnect(): Promise<void>
  resume(): Promise<void>
  /** New settings from a changed tenant file; documents already sent keep their mode (SO14). */
  configure(settings: TenantSettings): void
}

/** Read-only answers; need no lease. */
export interface TenantReader {
  status(): Promise<TenantStatus>
}
