import { interrupted } from './first-sync.ts'
import type { TenantContext } from './tenant-context.ts'

/** How long the end of an entity's first sync waits for records that are tried again, milliseconds. */
const patienceMs = 30_000

/** Resolves when nothing of the entity is ready or under way any more; throws `INTERRUPTED` when the engine stops. */
export async function drained(
  context: TenantContext,
  entity: string,
  engine: { readonly running: () => boolean; readonly wake: () => void },
): Promise<void> {
  const { store, clock, inFlight } = context
  const patience = clock.now() + patienceMs
  while (engine.running()) {
    engine.wake()
    await clock.sleep(25)
    if ([...inFlight.values()].some((one) => one.entity === entity)) continue
    const counts = (await store.work.counts()).filter((one) => one.entity === entity)
    const open = counts.filter(({ state }) => state === 'ready' || state === 'accepted')
    const failing = counts.some(({ state }) => state === 'failed') && clock.now() < patience
    if (open.length === 0 && !failing) return
  }
  throw interrupted(context)
}

/** True as soon as nothing is ready, accepted, undelivered or under way, three looks in a row; false at the time-out. */
export async function calm(context: TenantContext, timeoutMs: number, resting: () => boolean): Promise<boolean> {
  const { clock, store, inFlight } = context
  const until = clock.now() + timeoutMs
  let looks = 0
  while (clock.now() < until) {
    // Counting is dear where much is open: while something is at work there is no need to.
    const idle = inFlight.size === 0 && resting()
    const counts = idle ? await store.work.counts() : []
    const open = counts.some(({ state }) => state === 'ready' || state === 'accepted')
    const still = idle && !open && inFlight.size === 0 && resting()
    looks = still && (await store.inbox.pending(1)).length === 0 ? looks + 1 : 0
    if (looks >= 3) return true
    await clock.sleep(30)
  }
  return false
}
