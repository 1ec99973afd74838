import type { ConnectionContext } from '@amis-sync/core'
import { createTestLogger, noJitter } from '@amis-sync/http-client/testing'

export interface TestContext extends ConnectionContext {
  /** Pauses of half a second and more, as they were asked for. */
  readonly pauses: number[]
  /** Moves `now`. */
  shiftMs: number
  /** Pauses really last so long at the most. */
  longestPauseMs: number
}

/** A context on the real clock with short pauses, without jitter. */
export function testContext(): TestContext {
  const pauses: number[] = []
  const context = {
    tenant: 'demo',
    pauses,
    shiftMs: 0,
    longestPauseMs: 5,
    random: noJitter,
    logger: createTestLogger(),
    clock: {
      now: () => Date.now() + context.shiftMs,
      monotonic: () => performance.now(),
      sleep(ms: number) {
        if (ms >= 500) pauses.push(ms)
        return new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, context.longestPauseMs)))
      },
    },
  }
  return context
}
