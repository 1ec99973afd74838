/** A system that is connected: `crm`, `accounting`, `system`. Text, so that a team may add a fourth. */
export type SystemId = string

/**
 * When something is done. A list is "any of".
 *
 * - `never`, `always`: what they say.
 * - `ifLinked`: only when the record already has its twin.
 * - `{ ifPulled: [...] }`: only when a record of one of these entity types needs it ("go along").
 * - `{ onTrigger: [...] }`: only when one of these triggers holds: a way of asking (`manual`, `first-sync`, `standardise`) or a
 *   fact of the record itself that the plugin reports (`revenue-requested`).
 * - `ask`: a person decides.
 */
export type Rule =
  | 'never'
  | 'always'
  | 'ifLinked'
  | 'ask'
  | { readonly ifPulled: readonly string[] }
  | { readonly onTrigger: readonly string[] }
  | readonly Rule[]

/** What may travel from one side to another. */
export interface Direction {
  readonly from: SystemId
  readonly to: SystemId
  /** Make the record at `to` when it has no twin there. */
  readonly create: Rule
  /** Carry edits to the twin. */
  readonly update: Rule
  /** Link with an unlinked record at `to` that matches by key; when the rule does not hold the pair is a conflict (D5). */
  readonly link: Rule
  /** Mark the twin inactive when the record is gone at `from` (D9). */
  readonly deactivate: Rule
  /** Ask `to` to give the record up, although it is still there at `from`: a withdrawn document (SO12). Absent = never. */
  readonly remove?: Rule
  /** Only these fields ever travel this way: a document's way back. Absent = by the fields' own flow. */
  readonly writeBack?: readonly string[]
}

export interface DirectionPolicy {
  readonly directions: readonly Direction[]
}

export function definePolicy(policy: DirectionPolicy): DirectionPolicy {
  const seen = new Set<string>()
  for (const { from, to } of policy.directions) {
    if (from === to || seen.has(`${from}>${to}`))
      throw new TypeError(`direction ${from}>${to} is given twice or leads nowhere`)
    seen.add(`${from}>${to}`)
  }
  return policy
}
