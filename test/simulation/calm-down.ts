import type { Plan } from './plan-types.ts'
import type { World } from './world.ts'

/** Faults stopped: after so many rounds both sides must agree. */
export const mostRounds = 3
/** A round: every feed is asked, and everything that is left may be tried again, milliseconds. */
const roundMs = 600_000
const lookMs = 1_000
/** Who was asked for something has answered by then, or died. */
const answerMs = 60_000
/** Nothing takes longer, once no fault disturbs it. */
const busyMs = 60_000

/** Every fault ends, and a runner works. Rejects with what is wrong when that does not help. */
export async function endFaults(world: World, plan: Plan): Promise<void> {
  const { systems, network, timeline } = world
  world.trace.add('* all faults end')
  network.losses = []
  await systems.operate('PUT', '/faults', { seed: 1, rules: [] })
  if (plan.deliveries) await systems.deliverToRunner()
  world.runner?.process.spare()
  world.runner?.resume()
  await until(world, 'a runner works', async () => {
    if (world.working) return true
    world.startRunner(0)
    return false
  })
  await Promise.race([Promise.all(world.asked), timeline.sleep(answerMs)])
  world.wantsConnection = true
  world.working!.connect()
  await world.working!.engine.resume()
  await until(world, 'the first sync is through', async () => (await world.store.state())?.phase === 'live')
  await timeline.sleep(lookMs)
}

/** Asks every feed, and waits until nothing is left to do or the round is over. */
export async function round(world: World): Promise<void> {
  const { engine } = world.working!
  world.trace.add('* round')
  await engine.poll()
  const end = world.timeline.now + roundMs
  while (world.timeline.now < end) {
    if (!(await engine.quiet(busyMs))) return
    if (world.systems.sandbox.nextDue() !== null) await world.timeline.sleep(lookMs)
    else if ((await world.store.work.nextDue(0)) === undefined) {
      if (await engine.quiet(busyMs)) return
    } else await world.timeline.sleep(10 * lookMs)
  }
}

async function until(world: World, what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = world.timeline.now + 2 * roundMs
  while (!(await holds())) {
    if (world.timeline.now > end) throw new Error(`never: ${what}`)
    await world.timeline.sleep(lookMs)
  }
}
