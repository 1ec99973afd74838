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

/** Faults of contract §5.5 that leave rows out of an answer. */
const hidesRows: ReadonlySet<string> = new Set(['empty', 'short', 'staleRead'])
const groups: ReadonlySet<unknown> = new Set(['CustomerGroups', 'ProductCategories'])

export const knownFindings: readonly KnownFinding[] = [
  {
    id: 'F1',
    what: 'A record that both sides entered with one code: sent to Accounting, which cannot be asked by code, before its feed showed the other one, it is taken for that one and overwrites it (D5)',
    covers: ({ diary }, { sides, trail }) =>
      trail.some(({ what }) => what === 'create') &&
      Object.entries(sides).every(([side, at]) => diary.made.has(`${side}|${at?.resource}|${at?.id}`)),
  },
  {
    id: 'F2',
    what: 'A catalogue record is deleted at one side, and a record that names it is sent there: it waits, is woken, and waits again without end, several hundred times a second',
    leavesOut: (action) =>
      action.do === 'act' &&
      action.command.action === 'delete' &&
      (action.command.system === 'accounting' || groups.has(action.command.entity)),
    explainsNoEnd: (links) => links.some(({ linked, sides }) => linked && Object.values(sides).some((at) => at?.gone)),
  },
  {
    id: 'F3',
    what: 'A record that was deleted and entered anew takes the place of the old one, and its empty fields clear what the other side has',
    covers: (_facts, { trail }) => trail.some(({ why }) => why === 'ENTERED_ANEW'),
  },
  {
    id: 'F4',
    what: 'Accounting answers a feed with no rows at all for once (contract §6.2 rule 1): the cursor passes the change, which is lost until an audit',
    leavesOut: (action) =>
      action.do === 'fault' && action.rules.some(({ system, kind }) => system === 'accounting' && hidesRows.has(kind)),
  },
  {
    id: 'F5',
    what: 'A withdrawal in CRM meets a decision or voucher in Accounting that the product has not seen yet: it is refused, but what Accounting did never comes back',
    leavesOut: (action) => action.do === 'act' && action.command.action === 'withdrawRevenue',
  },
  {
    id: 'F6',
    what: 'First sync: both sides have a product of one code, and a group that only Accounting had: the pair waits for the group that is there, is woken, and waits again without end',
    explainsNoEnd: (links) =>
      links.some(({ linked, trail }) => !linked && trail.some(({ why }) => why === 'DUPLICATE_VALUE')),
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
