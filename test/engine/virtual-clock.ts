import type { Clock } from '@amis-sync/core'

interface Sleeper {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

/** A clock that jumps to the next sleeper as soon as nothing else can run: minutes of waiting pass in no time, in a fixed order. */
export function createVirtualClock(start = 1_700_000_000_000): Clock {
  let now = start
  let order = 0
  let pumping = false
  const sleepers = new Set<Sleeper>()
  const pump = (): void => {
    const [next] = [...sleepers].sort((a, b) => a.at - b.at || a.order - b.order)
    pumping = next !== undefined
    if (!next) return
    now = Math.max(now, next.at)
    sleepers.delete(next)
    next.wake()
    setImmediate(pump)
  }
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper = { at: now + ms, order: (order += 1), wake: () => resolve() }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          resolve()
        })
        if (pumping) return
        pumping = true
        setImmediate(pump)
      }),
  }
}
