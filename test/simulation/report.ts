import { shrink } from '@amis-sync/testkit/simulation'
import type { Cast } from './cast.ts'
import type { Plan } from './plan-types.ts'
import { type Verdict, runPlan } from './run-plan.ts'

const mostShrinkMs = 60_000

/** `both sides agree` of `both sides agree: customer …`. */
export function nameOfInvariant(broken: string): string {
  return broken.split(': ')[0]!
}

/** The shortest plan found that still breaks the invariant. */
export async function shrunk(plan: Plan, invariant: string, cast: Cast): Promise<Plan> {
  const end = performance.now() + mostShrinkMs
  const enough = (): boolean => performance.now() > end
  const fails = async (steps: Plan['steps']): Promise<boolean> => {
    const { broken } = await runPlan({ ...plan, steps }, cast)
    return broken.some((one) => nameOfInvariant(one) === invariant)
  }
  return { ...plan, steps: await shrink(plan.steps, fails, { enough }) }
}

/** What a failing seed tells a person: what broke, the command that replays it, and as few steps as still break it. */
export async function reportOf(plan: Plan, verdict: Verdict, cast: Cast, short: boolean): Promise<string> {
  const invariant = nameOfInvariant(verdict.broken[0]!)
  const least = short ? await shrunk(plan, invariant, cast) : plan
  const { steps, ...world } = least
  const { broken } = short ? await runPlan(least, cast) : verdict
  return [
    `✗ seed ${plan.seed} (${verdict.fingerprint})`,
    ...verdict.broken.map((one) => `    ${one}`),
    `  replay: npm run sim -- --seed ${plan.seed} --replay`,
    ...(short
      ? [
          `  the shortest that still breaks "${invariant}" (${steps.length} of ${plan.steps.length} steps):`,
          `    ${JSON.stringify(world)}`,
          ...steps.map((step) => `    ${JSON.stringify(step)}`),
          ...broken.map((one) => `    → ${one}`),
        ]
      : []),
  ].join('\n')
}
