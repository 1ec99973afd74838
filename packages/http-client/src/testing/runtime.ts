import type { Clock, LogFields, Logger, Random } from '@amis-sync/core'

export interface TestClock extends Clock {
  /** Every sleep that was asked for, in order. */
  readonly slept: readonly number[]
  advance(ms: number): void
}

/** Starts at the real time. Sleeping takes no time: it moves the clock. */
export function createTestClock(start = Date.now()): TestClock {
  let time = start
  const slept: number[] = []
  return {
    slept,
    now: () => time,
    monotonic: () => time - start,
    async sleep(ms) {
      slept.push(ms)
      time += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
    advance(ms) {
      time += ms
    },
  }
}

/** No jitter. */
export const noJitter: Random = { next: () => 0 }

export interface TestLogger extends Logger {
  readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: LogFields }[]
}

export function createTestLogger(): TestLogger {
  const lines: { level: string; message: string; fields: LogFields }[] = []
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields })
  const logger: TestLogger = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  return logger
}
