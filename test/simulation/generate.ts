import { type Chance, createChance } from '@amis-sync/testkit/simulation'
import { faultStep } from './generate-faults.ts'
import { interleaved, orderLife, requestLife } from './generate-lives.ts'
import { foundations, operation } from './generate-operations.ts'
import type { Action, Plan, Step } from './plan-types.ts'

/** A run of this seed. */
export function generate(seed: number): Plan {
  const chance = createChance(seed)
  const faulty = chance.maybe(0.75)
  const skew = () => (faulty && chance.maybe(0.2) ? chance.between(-120_000, 120_000) : 0)
  return {
    seed,
    salesAs: chance.pick(['order', 'contract']),
    deliveredFrom: chance.pick(['sales', 'stock']),
    conflict: chance.pick(['ask', 'ask', 'crm', 'accounting', 'newest']),
    pollMs: chance.pick([5_000, 60_000]),
    deliveries: chance.maybe(0.85),
    skewMs: { crm: skew(), accounting: skew(), system: skew() },
    steps: steps(chance, faulty),
  }
}

function steps(chance: Chance, faulty: boolean): Step[] {
  const early = [...foundations(chance), ...Array.from({ length: chance.below(6) }, () => operation(chance, true))]
  const live = Array.from({ length: chance.between(8, 40) }, () => happening(chance, faulty))
  const orders = Array.from({ length: chance.between(1, 3) }, (_, index) => orderLife(chance, `DH${index + 1}`))
  const requests = Array.from({ length: chance.below(3) }, (_, index) =>
    requestLife(chance, `YC${index + 1}`, `DH${chance.between(1, 3)}`),
  )
  // Some companies have documents before they connect.
  const before = chance.maybe(0.3) ? orders.splice(0, 1) : []
  const all = [
    ...early,
    ...before.flat(),
    { do: 'connect' } as const,
    ...interleaved(chance, [live, ...orders, ...requests]),
  ]
  return all.map((action) => ({ wait: pause(chance), ...action }))
}

/** Persons come in bursts, and go away for minutes. */
function pause(chance: Chance): number {
  if (chance.maybe(0.4)) return 0
  return chance.maybe(0.7) ? chance.below(500) : chance.below(30_000)
}

function happening(chance: Chance, faulty: boolean): Action {
  return faulty && chance.maybe(0.3) ? faultStep(chance) : operation(chance, false)
}
