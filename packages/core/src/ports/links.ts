import type { Canonical, Value } from '../contracts/record.ts'
import type { Message } from '../errors/sync-error.ts'
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
  /** Who changed the row last; kept while the record is not linked, or held by a conflict. */
  readonly changedBy?: string
  /** Why this side does not give the record up; until the side that asked for it was told (SO12). */
  readonly refusal?: string
  /** References that were left out here because this side did not have them: what they wait for, see `waitKey`. */
  readonly lacks?: readonly string[]
}

/** What a person chose for a field that both sides changed (D6). It holds while both sides show what the person saw. */
export interface Choice {
  readonly by: string
  readonly at: number
  /** The side whose value holds; absent = `value` does. */
  readonly side?: SystemId
  readonly value?: Value
  /** What each side showed then. */
  readonly seen: Readonly<Record<SystemId, Value | undefined>>
}

/** A value that one side is given instead of the record's own, which it refuses; until the record's own value changes. */
export interface StandIn {
  readonly by: string
  readonly at: number
  /** The record's own value. */
  readonly of: Value
  readonly give: Value
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
  /** Field → what a person chose, until the conflict is over. */
  readonly choices?: Readonly<Record<string, Choice>>
  /** Side that is given something else → field → what. */
  readonly standIns?: Readonly<Record<SystemId, Readonly<Record<string, StandIn>>>>
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
