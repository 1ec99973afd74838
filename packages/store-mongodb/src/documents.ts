import type { Failure } from '@amis-sync/core'
import type { ObjectId } from 'mongodb'

/**
 * JSON text. Rows come from servers that we do not control: names with `$` or dots, `__proto__`, `_bsontype`, `toBSON` or lone
 * surrogates survive as text, and nothing of them is ever a query or an operator. What the store searches by stands beside it.
 */
export type Json = string

interface TenantDocument {
  /** `tenant|id`. */
  readonly _id: string
  readonly tenant: string
}

export interface LinkDocument extends TenantDocument {
  readonly entity: string
  readonly linked: boolean
  /** The one side of an unlinked record. */
  readonly only?: string
  /** `side|resource/id` of each side; with a leading `~` while unlinked, so that one unique index serves both. */
  readonly refs: readonly string[]
  /** `side|codeKey` of each side that has a code. */
  readonly keys?: readonly string[]
  readonly match?: readonly string[]
  /** The whole link, but for its revision. */
  readonly link: Json
  readonly revision: number
  /** New with each save: tells after a partial save which links it stored. */
  readonly savedBy: ObjectId
}

export interface WorkDocument extends TenantDocument {
  readonly entity: string
  readonly side: string
  readonly resource: string
  readonly recordId?: string
  readonly recordKey?: string
  /** Where the item stands; read together with `awaitingOutcome`. */
  readonly state: string
  /** Accepted by the target, outcome not settled: the item shows as `accepted`, whatever hints came meanwhile. */
  readonly awaitingOutcome?: true
  readonly triggers?: readonly string[]
  readonly pulledBy?: readonly string[]
  readonly observed?: Json
  readonly deleted?: boolean
  readonly attempts: number
  /** Only where time decides: since when it is ready, or when a failed one is tried again. */
  readonly notBefore?: number
  readonly waitingFor?: readonly string[]
  readonly failure?: Failure
  readonly conflict?: Json
  readonly createdAt: number
  readonly settledAt?: number
  readonly hintRevision: number
}

export interface JournalDocument extends TenantDocument {
  readonly system: string
  readonly state: string
  /** `resource/id` that is written to. */
  readonly target?: string
  readonly session?: string
  readonly at: number
  /** The whole entry as it was recorded; state, session and time beside it are the newer ones. */
  readonly entry: Json
}

export interface CursorDocument extends TenantDocument {
  readonly value: string
}

export interface InboxDocument extends TenantDocument {
  readonly system: string
  readonly receivedAt: number
  /** Absent when handled, as the entry is. */
  readonly pending?: true
  readonly entry?: Json
  /** Removed by the server 7 days later. */
  readonly handledAt?: Date
}

export interface RunDocument extends TenantDocument {
  readonly step: number
  readonly state: string
  readonly run: Json
}

export interface CommandDocument extends TenantDocument {
  readonly kind: string
  readonly data: Json
  readonly state: string
  readonly result?: Json
  readonly failure?: Failure
  readonly createdAt: number
  /** Removed by the server 7 days later. */
  readonly finishedAt?: Date
}

export interface KeptDocument extends TenantDocument {
  readonly value: Json
}

export interface TenantStateDocument extends TenantDocument {
  readonly phase: string
  readonly updatedAt: number
  readonly state: Json
}

export interface LeaseDocument {
  /** The tenant. */
  readonly _id: string
  /** Empty = released. The document stays, so that the epoch never goes back. */
  readonly holder: string
  readonly epoch: number
  readonly expiresAt: number
}

/** `undefined` stays `undefined`: the field is left out. */
export function toJson(value: unknown): Json | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

export function fromJson(text: Json | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}

/** Leaves `undefined` fields out: a document read back equals the one that was stored. */
export function compact<T extends object>(value: T): T {
  for (const name of Object.keys(value) as (keyof T)[]) if (value[name] === undefined) delete value[name]
  return value
}
