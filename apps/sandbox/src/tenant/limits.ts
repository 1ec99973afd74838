import type { Journal } from '../model/journal.ts'
import { DAY, windowStart } from '../model/time.ts'
import type { SystemName } from './clock.ts'

/** Limits of one system (§5.3). */
export interface SystemLimits {
  readonly latencyMs?: number | undefined
  readonly perSecond?: number | undefined
  readonly perMinute?: number | undefined
  readonly perDay?: number | undefined
  readonly retryAfter?: boolean | undefined
}

const WINDOWS = [
  ['perSecond', 1000],
  ['perMinute', 60_000],
  ['perDay', DAY],
] as const

interface Used {
  start: number
  count: number
}

/** Fixed windows, aligned to the wall clock of +07:00. Requests that are turned away do not count. */
export class Limits {
  #limits: Partial<Record<SystemName, SystemLimits>> = {}
  readonly #used = new Map<string, Used>()
  readonly #journal: Journal
  readonly #key: number

  constructor(journal: Journal, key: number) {
    this.#journal = journal
    this.#key = key
  }

  /** The limits of a system. */
  of(system: SystemName): SystemLimits {
    return this.#limits[system] ?? {}
  }

  /** Replaces the limits of one system and opens new windows. */
  replace(system: SystemName, limits: SystemLimits): void {
    this.#limits = { ...this.#limits, [system]: limits }
    for (const [name] of WINDOWS) this.#used.delete(`${system} ${name}`)
    this.#journal.put('meta', this.#key, this.#limits)
  }

  /** Lets a request through (null), or says how many seconds until the window ends. */
  take(system: SystemName, now: number): number | null {
    const limits = this.of(system)
    let wait = 0
    const open: Used[] = []
    for (const [name, length] of WINDOWS) {
      const limit = limits[name]
      if (limit === undefined) continue
      const used = this.#window(`${system} ${name}`, windowStart(now, length))
      if (used.count >= limit) wait = Math.max(wait, Math.ceil((used.start + length - now) / 1000), 1)
      open.push(used)
    }
    if (wait > 0) return wait
    for (const used of open) used.count += 1
    return null
  }

  /** No limits at all. */
  reset(): void {
    this.#limits = {}
    this.#used.clear()
    this.#journal.put('meta', this.#key, null)
  }

  /** Takes over what was saved. */
  load(saved: unknown): void {
    this.#limits = saved as Partial<Record<SystemName, SystemLimits>>
  }

  #window(name: string, start: number): Used {
    const used = this.#used.get(name)
    if (used?.start === start) return used
    const fresh = { start, count: 0 }
    this.#used.set(name, fresh)
    return fresh
  }
}
