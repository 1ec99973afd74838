import {
  type Canonical,
  type ConflictField,
  type Failure,
  type JournalEntry,
  type Link,
  type RowOutcome,
  type SideResource,
  type SystemId,
  type WireRecord,
  type WorkHint,
  type WorkItem,
  type WorkSettlement,
} from '@amis-sync/core'

/** A work item as far as settling it needs. */
export interface WorkRef {
  readonly id: string
  readonly hintRevision: number
  readonly key: WorkHint
  readonly attempts: number
}

/** "Look at this record": from a work item, a page of a listing, or the registry. */
export interface Observation {
  readonly side: SystemId
  readonly resource: string
  readonly id?: string
  readonly key?: string
  /** The current row, if the caller has it. */
  readonly record?: WireRecord
  /** The link, if the caller has it: what it knows counts as current. */
  readonly link?: Link
  readonly deleted?: boolean
  readonly triggers: ReadonlySet<string>
  readonly pulledBy: ReadonlySet<string>
  readonly work?: WorkRef
}

/** What one side shows of a record in this round. */
export interface SeenSide {
  readonly record?: WireRecord
  resource?: SideResource
  /** Canonical, once decoded. Absent fields are not readable. */
  value?: Canonical
  gone: boolean
  readonly triggers: Set<string>
  readonly pulledBy: Set<string>
  /** Somebody pointed at this side (it was not only read along). */
  readonly observed: boolean
}

/** All that this round knows of one record: the unit that is judged and written. */
export interface Group {
  link: Link
  readonly seen: Map<SystemId, SeenSide>
  /** A side that was asked for the record, and showed neither a row nor that it is gone. */
  unseen?: SystemId
  readonly work: WorkRef[]
  /** A person said that the two records are one: whatever may travel at a request does. */
  readonly decided?: boolean
}

/** A write that was decided on, with the link as it will be. */
export interface PlannedWrite {
  readonly group: Group
  readonly entry: Omit<JournalEntry, 'state' | 'at' | 'attempts'>
  /** What it counts as. */
  readonly counts: 'created' | 'updated'
  /** The fields that an update carries. */
  readonly fields?: readonly string[]
  /** What goes the other way in the next round. */
  readonly later?: { readonly to: SystemId; readonly fields: readonly string[] }
}

/** The outcome of a journalled write, wherever it came from. */
export interface Settled {
  readonly entry: JournalEntry
  readonly outcome: Pick<RowOutcome, 'status' | 'id' | 'failure'>
}

export type Settlement = WorkSettlement['to']

/** What becomes of a group. */
export type Judgement =
  | { readonly kind: 'write'; readonly write: PlannedWrite }
  | {
      readonly kind: 'keep'
      readonly group: Group
      /** The link to store, if it changed. */
      readonly link?: Link
      readonly replaces?: string
      readonly settle: Settlement
      /** Records that wait count when their turn comes. */
      readonly counts: 'linked' | 'skipped' | 'failed' | 'waiting'
      /** Records that are waited for, and those among them that are asked to go along. */
      readonly needs?: readonly WorkHint[]
      /** The same for people: `customer-group N1`. */
      readonly needed?: readonly string[]
      readonly pull?: readonly WorkHint[]
    }

export function conflictOf(failure: Failure, conflict: readonly ConflictField[]): Settlement {
  return { state: 'conflict', failure, conflict }
}

export function workRef(item: WorkItem): WorkRef {
  const { entity, side, resource, recordId, recordKey } = item
  return {
    id: item.id,
    hintRevision: item.hintRevision,
    attempts: item.attempts,
    key: {
      entity,
      side,
      resource,
      ...(recordId === undefined ? {} : { recordId }),
      ...(recordKey === undefined ? {} : { recordKey }),
    },
  }
}

export function observationOf(item: WorkItem): Observation {
  return {
    side: item.side,
    resource: item.resource,
    ...(item.recordId === undefined ? {} : { id: item.recordId }),
    ...(item.recordKey === undefined ? {} : { key: item.recordKey }),
    ...(item.observed ? { record: item.observed } : {}),
    ...(item.deleted ? { deleted: true } : {}),
    triggers: new Set(item.triggers),
    pulledBy: new Set(item.pulledBy),
    work: workRef(item),
  }
}
