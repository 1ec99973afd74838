import type { SystemId } from '@amis-sync/core'
import { type TenantContext, connectionTo } from './tenant-context.ts'

/** How long an audit waits at most for writes under way before it makes its next request, milliseconds. */
const longestYieldMs = 5_000
const sliceMs = 250

/**
 * Keeps an audit within its share (`schedule.auditShare`): of the connection's requests a minute where those are limited, else of the
 * time. Live work comes first: while writes are under way the audit waits.
 */
export async function paced<T>(
  context: TenantContext,
  system: SystemId,
  requests: number,
  stopping: () => boolean,
  task: () => Promise<T>,
): Promise<T> {
  const { clock, inFlight } = context
  for (let waited = 0; inFlight.size > 0 && waited < longestYieldMs && !stopping(); waited += 50) await clock.sleep(50)
  const began = clock.monotonic()
  const result = await task()
  const took = clock.monotonic() - began
  const limit = connectionTo(context, system).requestsPerMinute
  const { auditShare } = context.settings
  const byTime = (took * (1 - auditShare)) / auditShare
  const byBudget = limit === undefined ? 0 : (requests * 60_000) / (limit * auditShare) - took
  for (let rest = Math.max(byTime, byBudget); rest > 0 && !stopping(); rest -= sliceMs) {
    await clock.sleep(Math.min(sliceMs, rest))
  }
  return result
}
