import type { SystemId } from '../policy/direction-policy.ts'

/**
 * How a field tells whether two records that nobody linked are the same thing (design §5).
 *
 * - `code`, `taxCode`: decisive where they agree (contract §4.0).
 * - `partyName`: a company or a person; company words, marks and spelling are seen through.
 * - `itemName`: a product or a group; every word counts.
 * - `phone`: any number in common. `email`, `address`, `place`, `unit`, `kind`: as they say.
 */
export type EvidenceKind =
  'code' | 'taxCode' | 'partyName' | 'itemName' | 'phone' | 'email' | 'address' | 'place' | 'unit' | 'kind'

export interface MatchingField {
  readonly field: string
  readonly as: EvidenceKind
  /** Whose value stands when two records are joined that differ in it, and nobody chose. Absent: the tenant's rule for conflicts. */
  readonly prefer?: SystemId
}

/** What an entity compares when records are paired and standardised (CU6, PR4, PG4). */
export interface Matching {
  readonly fields: readonly MatchingField[]
  /** In a tenant converted from an older Accounting a person confirms the pairs, even those of one code (C1, C2). */
  readonly confirmed?: boolean
}
