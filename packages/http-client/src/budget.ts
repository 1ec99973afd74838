import type { Clock } from '@amis-sync/core'

const windowMs = 60_000

export interface Budget {
  /** Resolves when one more attempt may start; call the result when it ended. `undefined` = the signal aborted. */
  enter(signal: AbortSignal): Promise<(() => void) | undefined>
  /** Nobody starts before `ms` from now: the server said 429. */
  pause(ms: number): void
}

/** First come, first served: at most `concurrency` at once, and `perMinute` starts within any 60 seconds. */
export function createBudget(clock: Clock, concurrency: number, perMinute = Number.POSITIVE_INFINITY): Budget {
  const starts: number[] = []
  const waiting: (() => void)[] = []
  let running = 0
  let pausedUntil = Number.NEGATIVE_INFINITY
  let gate: Promise<void> = Promise.resolve()

  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }

  /** The place of one who leaves goes to the one who has waited longest. */
  const place = async (signal: AbortSignal): Promise<void> => {
    if (running < concurrency) {
      running++
      return
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      waiting.push(wake)
      signal.addEventListener('abort', wake)
    })
  }

  /** One at a time, in order of arrival. */
  const start = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      if (signal.aborted) return
      const now = clock.monotonic()
      while (starts.length > 0 && starts[0]! <= now - windowMs) starts.shift()
      const windowOpens = starts.length < perMinute ? now : starts[0]! + windowMs
      const opensAt = Math.max(windowOpens, pausedUntil)
      if (opensAt <= now) break
      await clock.sleep(opensAt - now, signal)
    }
    if (Number.isFinite(perMinute)) starts.push(clock.monotonic())
  }

  return {
    async enter(signal) {
      await place(signal)
      const turn = gate.then(() => start(signal))
      gate = turn
      await turn
      if (!signal.aborted) return leave
      leave()
      return undefined
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.monotonic() + ms)
    },
  }
}
