import { recoverOverdue } from './outcomes.ts'
import type { Signal } from './signal.ts'
import type { Streams } from './streams.ts'
import type { TenantContext } from './tenant-context.ts'

const leastMs = 100
const mostMs = 2_000

/** Asks for outcomes that are overdue, as often as the most impatient connection wants, until the streams stop. */
export async function overdueLoop(
  context: TenantContext,
  streams: Streams,
  signal: Signal,
  onFailed: (error: unknown) => void,
): Promise<void> {
  const patience = [...context.connections.values()].map((one) => one.outcomeTimeoutMs ?? mostMs)
  const everyMs = Math.max(leastMs, Math.min(mostMs, ...patience))
  while (streams.running) {
    await signal.wait(context.clock, everyMs)
    if (!streams.running || context.inFlight.size === 0) continue
    try {
      for (const system of context.connections.keys()) await recoverOverdue(context, system)
      await streams.wentOn('overdue outcomes')
    } catch (error) {
      onFailed(error)
      await streams.pause('overdue outcomes', error, 1)
    }
  }
}
