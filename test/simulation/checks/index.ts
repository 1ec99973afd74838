import type { World } from '../world.ts'
import { disagreements } from './agreement.ts'
import { documentFaults, unsentDocuments } from './documents.ts'
import { lostEdits } from './edits.ts'
import { type Facts, gatherFacts } from './facts.ts'
import { doubleLinks, doubles, orphans } from './one-to-one.ts'
import { unequalFigures } from './raw-figures.ts'
import { restless, waitsInVain } from './resting.ts'
import { falselyRetired } from './retirement.ts'
import { unasked, unsent } from './travel.ts'

/** Every invariant over what is left when faults have ended and nothing moves any more, by its name. */
const invariants: Readonly<Record<string, (facts: Facts) => string[]>> = {
  'no work left': restless,
  'nobody waits in vain': waitsInVain,
  'links are a bijection': doubleLinks,
  'what we made is linked': orphans,
  'no doubles': doubles,
  'both sides agree': disagreements,
  'screens show the same': unequalFigures,
  'edits are kept': lostEdits,
  'no false retirement': falselyRetired,
  'what must travel has travelled': unsent,
  'nothing travels unasked': unasked,
  'documents are sent': unsentDocuments,
  'documents agree': documentFaults,
}

export async function checkAll(world: World): Promise<string[]> {
  const facts = await gatherFacts(world)
  return Object.entries(invariants).flatMap(([name, check]) => check(facts).map((what) => `${name}: ${what}`))
}
