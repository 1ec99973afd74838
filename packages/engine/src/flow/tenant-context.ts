import {
  type Clock,
  type Connection,
  type EntityPlugin,
  type Failure,
  type HandlerContext,
  type JournalEntry,
  type Logger,
  type Metrics,
  type Random,
  type SystemId,
  type TenantStore,
  SyncError,
} from '@amis-sync/core'
import type { EngineDependencies, TenantSettings } from '../engine-types.ts'
import { Decisions } from './decisions.ts'
import { fencedStore } from './fenced-store.ts'
import { NameIndex } from './name-index.ts'
import type { Reviewer } from './review.ts'
import { type PluginView, inDependencyOrder, viewPlugin } from '../pure/plugin-view.ts'

/** What all parts of one tenant's engine share. */
export interface TenantContext {
  settings: TenantSettings
  readonly views: ReadonlyMap<string, PluginView>
  /** Enabled plugins of records, each behind those it depends on. */
  readonly plugins: readonly EntityPlugin[]
  /** Enabled plugins of figures, which are neither linked nor merged. */
  readonly figures: readonly EntityPlugin[]
  readonly connections: ReadonlyMap<SystemId, Connection>
  readonly store: TenantStore
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly metrics: Metrics
  /** Links that have a write under way; nobody else touches them (design §4, "one record is in one place at a time"). */
  readonly inFlight: Map<string, InFlight>
  /** What begins while somebody reads a table is added to each of these. */
  readonly watches: Set<Set<string>>
  /** Writes of an earlier holder, or from before a failure of our store, whose outcome came to us. */
  readonly recovered: Set<string>
  /** Keys that something in the waiting room waits for. */
  readonly awaited: Set<string>
  /** Keys of what records were written without; named when it is there, see `joins.ts`. */
  readonly joins: Set<string>
  /** Where each change feed stands. The stored cursor may be older: an idle poll stores nothing. */
  readonly cursors: Map<string, { readonly value: string; readonly storedAt: number }>
  /** What each change feed gave in its latest poll: record id → print of its row. */
  readonly lastPolled: Map<string, Map<string, string>>
  /** Feeds that must tell whether records are gone that a read did not show. */
  readonly toAsk: Set<string>
  /** What people decided about pairs of records. */
  readonly decisions: Decisions
  /** Work items that need a person. */
  readonly troubled: Set<string>
  readonly leased: () => boolean
  /** Entities that a system does not offer, and why. */
  readonly off: Map<string, Failure>
  /** `entity|system`: sides that take no writes of an entity. */
  readonly readOnly: Set<string>
  readonly names: NameIndex
  /** Told of each write whose outcome is final. */
  readonly listeners: Set<SettledListener>
  readonly tallies: Set<TallyListener>
  /** Only while a plan is made or applied. */
  readonly reviewer?: Reviewer
  /** Told of records that became known or linked, by the keys that something may wait for. */
  readonly arrivals: Set<(keys: readonly string[]) => void>
}

/** Told what a round of the work queue came to, in the first sync: records that had to wait count when their turn comes. */
export type TallyListener = (entity: string, tally: { readonly linked: number; readonly failed: number }) => void

export type SettledListener = (entry: JournalEntry, result: 'applied' | 'failed') => void

export interface InFlight {
  readonly entity: string
  readonly opId: string
  /** Of a creation: entity, side and code of the row that it makes. */
  readonly arrives?: string
  /** Of a change: system and row that it changes. */
  readonly touches?: string
}

export function createTenantContext(dependencies: EngineDependencies): TenantContext {
  const all = dependencies.plugins.filter((plugin) => dependencies.settings.enabled.has(plugin.id))
  const enabled = all.filter(({ kind }) => kind !== 'figure')
  const store = fencedStore(dependencies.store, () => assertLeased(dependencies))
  return {
    ...dependencies,
    store,
    decisions: new Decisions(store),
    views: new Map(enabled.map((plugin) => [plugin.id, viewPlugin(plugin)])),
    plugins: inDependencyOrder(enabled),
    figures: all.filter(({ kind }) => kind === 'figure'),
    ...emptyState(),
  }
}

type State = Omit<TenantContext, keyof EngineDependencies | 'decisions' | 'views' | 'figures' | 'reviewer'>

/** What an engine knows and believes before it has looked at anything. A plan has its own. */
export function emptyState(): State {
  return {
    inFlight: new Map(),
    watches: new Set(),
    recovered: new Set(),
    awaited: new Set(),
    joins: new Set(),
    cursors: new Map(),
    off: new Map(),
    readOnly: new Set(),
    names: new NameIndex(),
    lastPolled: new Map(),
    toAsk: new Set(),
    troubled: new Set(),
    listeners: new Set(),
    tallies: new Set(),
    arrivals: new Set(),
  }
}

/** The tenant's connection to a system. Throws when the tenant file has none. */
export function connectionTo(context: TenantContext, system: SystemId): Connection {
  const connection = context.connections.get(system)
  if (connection) return connection
  throw new SyncError({
    code: 'CONNECTION_MISSING',
    kind: 'config',
    message: {
      vi: `Tệp cấu hình của ${context.settings.tenant} không có kết nối "${system}". Hãy thêm mục connections.${system}.`,
      en: `The file of tenant ${context.settings.tenant} has no connection "${system}". Add connections.${system}.`,
    },
  })
}

export function settingsOf(context: TenantContext, plugin: EntityPlugin): HandlerContext['settings'] {
  return context.settings.plugins[plugin.id] ?? {}
}

/** Throws when the lease is gone: nothing may be written any more. */
export function assertLeased(context: Pick<TenantContext, 'leased' | 'settings'>): void {
  if (context.leased()) return
  throw new SyncError({
    code: 'LEASE_LOST',
    kind: 'retriable',
    message: {
      vi: `Phiên giữ quyền của ${context.settings.tenant} đã hết; máy khác sẽ tiếp tục. Không cần làm gì.`,
      en: `The lease on ${context.settings.tenant} ran out; another runner goes on. Nothing to do.`,
    },
  })
}
