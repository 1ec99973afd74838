import type { Message, SystemId } from '@amis-sync/core'

/** Raised when a plan's form changes in a way that its readers notice. */
export const planFormatVersion = 1

/**
 * What would become of a record.
 *
 * - `create`, `link`, `update`: it would be; an update may link two records at the same time.
 * - `remove`: it was withdrawn, and the other side would be asked to give it up.
 * - `skip`: nothing would be done, for a reason.
 * - `conflict`: a person decides.
 * - `wait`: it would wait for what no rule lets go along.
 * - `fail`: its values are not understood, or the other side cannot take it.
 */
export type PlanAction = 'create' | 'link' | 'update' | 'remove' | 'skip' | 'conflict' | 'wait' | 'fail'

export interface PlanReason extends Message {
  readonly code: string
}

/** One record of a plan. */
export interface PlanItem {
  /** The id of its link. */
  readonly id: string
  readonly entity: string
  /** The side that it was looked at from, and its place there. */
  readonly from: SystemId
  readonly to: SystemId
  readonly resource: string
  readonly recordId: string
  readonly key?: string
  readonly name?: string
  readonly action: PlanAction
  readonly reason: PlanReason
  /** Two records become one link. */
  readonly links?: boolean
  /** Names of the fields that are written to `to`. */
  readonly fields?: readonly string[]
  /** What would go back to `from` right after. */
  readonly later?: readonly string[]
  /** Fields that both sides changed, with both values and the last agreed one. */
  readonly conflict?: readonly {
    readonly field: string
    readonly values: Readonly<Record<SystemId, unknown>>
    readonly base: unknown
  }[]
  /** Entity types whose records need it: it goes along. */
  readonly pulledBy?: readonly string[]
  /** Records that it needs first: `customer-group KH01`. */
  readonly needs?: readonly string[]
  /** Version of each side's row, as the plan saw it. */
  readonly versions: Readonly<Record<SystemId, string>>
  /** Hash of what would be written. */
  readonly print?: string
}

/** Whose records: all of the tenant's, those of one step of the first sync, or of one entity type. */
export interface PlanScope {
  readonly step?: number
  readonly entity?: string
}

/** The settings that decide what a plan says (C6). */
export interface PlanSettings {
  readonly convertedFrom: string
  readonly enabled: readonly string[]
  /** Each plugin's own section: orders as order or contract, and so on. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly conflicts: Readonly<Record<string, unknown>>
}

/** Records of one entity that would be treated in the same way. */
export interface PlanCount {
  readonly entity: string
  readonly from: SystemId
  readonly to: SystemId
  readonly action: PlanAction
  readonly reason: PlanReason
  readonly count: number
  /** Of these: how many are linked at the same time, how many are done because others need them. */
  readonly links: number
  readonly pulled: number
  /** Field → how many records. */
  readonly fields: Readonly<Record<string, number>>
}

/** Several records of one side with one code. */
export interface PlanDuplicate {
  readonly entity: string
  readonly side: SystemId
  readonly key: string
  readonly records: readonly string[]
}

/** What carrying it out would ask of one system. */
export interface PlanRequests {
  readonly system: SystemId
  /** Requests that read: as many as planning took, since everything is read again. */
  readonly reads: number
  readonly writes: number
  readonly perMinute?: number
}

export interface PlanHeader {
  readonly format: 'amis-sync-plan'
  readonly formatVersion: number
  readonly plan: string
  readonly tenant: string
  /** `first-sync`: what the steps of the first sync would do. `sync`: what sending all records by hand would. */
  readonly mode: 'first-sync' | 'sync'
  readonly scope: PlanScope
  /** Steps that come before those of this plan and are not done: what they would do is not done here. */
  readonly stepsBefore: readonly number[]
  readonly settings: PlanSettings
  /** Hash of `settings`. */
  readonly settingsPrint: string
  /** Milliseconds since 1970. */
  readonly computedAt: number
  readonly items: number
  readonly counts: readonly PlanCount[]
  /** At most 100. */
  readonly duplicates: readonly PlanDuplicate[]
  readonly requests: readonly PlanRequests[]
  /** Seconds that it would take, from the requests, how fast the systems answered, and their budgets. */
  readonly seconds: { readonly least: number; readonly most: number }
  /** A few records of each count. */
  readonly samples: readonly PlanItem[]
  /** Ends the chain of the items' sums, see `chainSum`. */
  readonly sum: string
}

/** A record that is not as planned any more. */
export interface MovedItem {
  readonly planned: PlanItem
  readonly now: PlanItem
}

export interface ApplyReport {
  readonly plan: string
  readonly tenant: string
  readonly created: number
  readonly linked: number
  readonly updated: number
  readonly removed: number
  /** Done before, by an earlier try or by somebody else. */
  readonly already: number
  /** Not as planned any more; written only where that was asked for. */
  readonly moved: number
  /** Planned to be written, but waiting for others that were not. */
  readonly waiting: number
  /** Planned, and not there any more. */
  readonly missing: number
  readonly failed: number
  /** New since the plan; left alone. */
  readonly fresh: number
  /** Of the moved ones the first twenty. */
  readonly movedItems: readonly MovedItem[]
}

/** Is something stored or written for it, here or there? */
export function isActive({ action, links }: Pick<PlanItem, 'action' | 'links'>): boolean {
  return active.has(action) || links === true
}

const active: ReadonlySet<PlanAction> = new Set(['create', 'link', 'update', 'remove'])
