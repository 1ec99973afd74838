import type { Link } from '@amis-sync/core'
import { Stalled, type Trap, trapNondeterminism } from '@amis-sync/testkit/simulation'
import { endFaults, mostRounds, round } from './calm-down.ts'
import type { Cast } from './cast.ts'
import { checkAll } from './checks/index.ts'
import { isKnownNoEnd } from './known-findings.ts'
import type { Plan } from './plan-types.ts'
import { play } from './play.ts'
import { World } from './world.ts'

/** More events than any run needs. */
const mostEvents = 150_000

export interface Verdict {
  /** Broken invariants, `name: what`; none = the run is good. */
  readonly broken: readonly string[]
  readonly fingerprint: string
  readonly lines: readonly string[]
  readonly events: number
  readonly virtualMs: number
}

/** Plays a plan, ends all faults, and judges what is left. Nothing but the plan decides what happens. */
export async function runPlan(plan: Plan, cast: Cast): Promise<Verdict> {
  const trap = trapNondeterminism()
  const deepest = Error.stackTraceLimit
  // Each wake-up of a sleeper makes an error object: long stacks are half of a run's cost.
  Error.stackTraceLimit = 0
  try {
    const world = new World(plan, cast)
    const began = world.timeline.now
    const broken = await verdictOf(world, plan, trap)
    const { trace, timeline } = world
    return {
      broken,
      fingerprint: trace.fingerprint,
      lines: trace.lines,
      events: timeline.count,
      virtualMs: timeline.now - began,
    }
  } finally {
    Error.stackTraceLimit = deepest
    trap.release()
  }
}

async function verdictOf(world: World, plan: Plan, trap: Trap): Promise<string[]> {
  const broken: string[] = []
  try {
    await world.timeline.drive(story(world, plan, broken), mostEvents)
  } catch (error) {
    const known = error instanceof Stalled && isKnownNoEnd(await allLinks(world))
    if (!known) broken.push(`ends: ${String((error as Error).stack)}`)
  }
  broken.push(...world.faults.map((fault) => `no internal fault: ${fault}`))
  broken.push(...trap.caught.map((what) => `deterministic: ${what}`))
  return broken
}

async function story(world: World, plan: Plan, broken: string[]): Promise<void> {
  await play(world, plan)
  await endFaults(world, plan)
  for (let count = 0; count < mostRounds; count += 1) await round(world)
  const before = world.writes
  await round(world)
  if (world.writes !== before) broken.push(`writes stop: ${world.writes - before} more after ${mostRounds} rounds`)
  broken.push(...(await checkAll(world)))
  await world.working?.abandon()
}

async function allLinks({ cast, store }: World): Promise<readonly Link[]> {
  const pages = await Promise.all(cast.plugins.map(({ id }) => store.links.page(id, { limit: 10_000 })))
  return pages.flat()
}
