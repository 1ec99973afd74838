import type { Journal } from '../model/journal.ts'
import { realTime } from '../model/surroundings.ts'
import { isoTime } from '../model/time.ts'

/** The three systems of a tenant. */
export const SYSTEMS = ['crm', 'accounting', 'system'] as const
/** Name of one of them. */
export type SystemName = (typeof SYSTEMS)[number]

/** True for the name of a system. */
export function isSystemName(value: unknown): value is SystemName {
  return SYSTEMS.some((name) => name === value)
}

interface ClockState {
  offset: number
  frozenAt: number | null
  skew: Record<SystemName, number>
}

const REAL_TIME = (): ClockState => ({ offset: 0, frozenAt: null, skew: { crm: 0, accounting: 0, system: 0 } })

/** A tenant's clock (§5.3): real time, moved, or frozen; each system may see it skewed. */
export class TenantClock {
  #state = REAL_TIME()
  readonly #save: () => void

  constructor(journal: Journal, key: number) {
    this.#save = () => journal.put('meta', key, this.#state)
  }

  /** The tenant's time in ms. */
  now(): number {
    return this.#state.frozenAt ?? realTime() + this.#state.offset
  }

  /** The time that a system sees, in ms. */
  at(system: SystemName): number {
    return this.now() + this.#state.skew[system]
  }

  /** True while time stands still. */
  get frozen(): boolean {
    return this.#state.frozenAt !== null
  }

  /** Stops time at a moment, which may lie in the past. */
  freeze(at: number): void {
    this.#state.frozenAt = at
    this.#save()
  }

  /** Moves time forward, frozen or running. */
  advance(ms: number): void {
    if (this.#state.frozenAt !== null) this.#state.frozenAt += ms
    else this.#state.offset += ms
    this.#save()
  }

  /** Sets what some systems see besides the tenant's time. */
  skew(skew: Partial<Record<SystemName, number>>): void {
    this.#state.skew = { ...this.#state.skew, ...skew }
    this.#save()
  }

  /** Back to real time without skew. */
  reset(): void {
    this.#state = REAL_TIME()
    this.#save()
  }

  /** Takes over what was saved. */
  load(saved: unknown): void {
    this.#state = saved as ClockState
  }

  /** As `GET /clock` gives it. */
  describe(): { now: string; frozen: boolean } {
    return { now: isoTime(this.now()), frozen: this.frozen }
  }
}
