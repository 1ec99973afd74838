import type { ConnectionContext, Logger } from '@amis-sync/core'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

/** A context on the real clock whose pauses are cut to a few milliseconds and noted; `shiftMs` moves `now`. */
export function testContext(): ConnectionContext & { readonly pauses: number[]; shiftMs: number } {
  const pauses: number[] = []
  const context = {
    tenant: 'demo',
    pauses,
    shiftMs: 0,
    random: { next: () => 0 },
    logger: silent,
    clock: {
      now: () => Date.now() + context.shiftMs,
      monotonic: () => performance.now(),
      sleep(ms: number) {
        if (ms >= 1_000) pauses.push(ms)
        return new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 5)))
      },
    },
  }
  return context
}
