import type { WorkItem } from '@amis-sync/core'
import type { DeskHost } from './desk-host.ts'

/** How long an operation waits for what became of its records, milliseconds. */
const patienceMs = 10_000

/** Does the engine work on records of the tenant now? While it rests, what is asked for stays in the queue. */
export function isWorking(host: DeskHost): boolean {
  const { phase } = host.state()
  return phase === 'live' || phase === 'connecting'
}

/** Waits until these items are settled and nothing of the links is under way, or patience ends. Gives the items that are left. */
export async function settledWork(
  host: DeskHost,
  wanted: { readonly work: readonly string[]; readonly links: readonly string[] },
): Promise<WorkItem[]> {
  const { store, clock, inFlight } = host.context
  const until = clock.now() + patienceMs
  for (;;) {
    const items = await store.work.find(wanted.work)
    const open = items.some(({ state }) => state === 'ready' || state === 'accepted')
    const busy = wanted.links.some((id) => inFlight.has(id))
    if ((!open && !busy) || !isWorking(host) || host.stopping() || clock.now() >= until) return items
    host.wake()
    await clock.sleep(25)
  }
}
