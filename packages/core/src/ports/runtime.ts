/** The only source of time in core and engine. */
export interface Clock {
  /** Milliseconds since 1970 UTC. For our own records and deadlines; business times come from the servers. */
  now(): number
  /** Milliseconds that only grow, for measuring. */
  monotonic(): number
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Random {
  /** In [0, 1). For jitter only, never for identities. */
  next(): number
}

/** Random identities, where determinism is not wanted (runner ids, plan ids). */
export interface Ids {
  next(): string
}

export type LogFields = Readonly<Record<string, unknown>>

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Logger
}

export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void
}

/** Recurring and one-off triggers; tens of jobs a runner, never one per record (FW4). */
export interface Scheduler {
  /** Defines a job. Handlers of one name never run twice at once, over all runners; `timeLimitMs` frees a job whose runner died. */
  define(name: string, handler: (data: unknown) => Promise<void>, options: { readonly timeLimitMs: number }): void
  /** `interval` is milliseconds or a cron expression; the same (name, key) replaces the schedule that was there. */
  every(
    name: string,
    interval: number | string,
    options?: { readonly key?: string; readonly data?: unknown; readonly timezone?: string },
  ): Promise<void>
  once(name: string, data: unknown): Promise<void>
  /** Removes the recurring schedule of (name, key). */
  cancel(name: string, key?: string): Promise<void>
  start(): Promise<void>
  /** Waits for running handlers. */
  stop(): Promise<void>
}
