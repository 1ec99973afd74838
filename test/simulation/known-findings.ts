import type { Link } from '@amis-sync/core'
import type { Facts } from './checks/facts.ts'
import type { Action } from './plan-types.ts'

/** Faults of the product that the simulation found and that are not mended yet: left out of the verdicts, named in each report. */
export interface KnownFinding {
  readonly id: string
  readonly what: string
  /** Is this link a case of it? Its fields are not judged. */
  readonly covers?: (facts: Facts, link: Link) => boolean
  /** Leads this to it? Then it is left out of the plan. */
  readonly leavesOut?: (action: Action) => boolean
  /** A run that never ends: may these links be why? */
  readonly explainsNoEnd?: (links: readonly Link[]) => boolean
}

export const knownFindings: readonly KnownFinding[] = [
  {
    id: 'F1',
    what: 'A record that both sides entered with one code: sent to Accounting, which cannot be asked by code, before its feed showed the other one, it is taken for that one and overwrites it (D5)',
    covers: ({ diary }, { sides, trail }) =>
      trail.some(({ what }) => what === 'create') &&
      Object.entries(sides).every(([side, at]) => diary.made.has(`${side}|${at?.resource}|${at?.id}`)),
  },
]

let judged: readonly KnownFinding[] = []

/** What is left out of the verdicts; {@link judgeAll} puts it back. */
const leftOut = (): readonly KnownFinding[] => knownFindings.filter((one) => !judged.includes(one))

/** From now on known findings count like any other: to see one, or that it is mended. */
export function judgeAll(): void {
  judged = knownFindings
}

export function isKnown(facts: Facts, link: Link): boolean {
  return leftOut().some(({ covers }) => covers?.(facts, link) === true)
}

export function isLeftOut(action: Action): boolean {
  return leftOut().some(({ leavesOut }) => leavesOut?.(action) === true)
}

/** Is it known why a run with these links does not end? */
export function isKnownNoEnd(links: readonly Link[]): boolean {
  return leftOut().some(({ explainsNoEnd }) => explainsNoEnd?.(links) === true)
}
