import type { JsonObject } from '../model/json.ts'
import type { Journal } from '../model/journal.ts'
import { Prng } from '../model/prng.ts'
import type { SystemName } from './clock.ts'

/** Kinds of §5.5 by the phase in which they work. */
const FAULT_PHASES = {
  before: ['status', 'html', 'errorBody', 'code401', 'expireToken', 'resetBefore'],
  inside: ['empty', 'short', 'staleRead', 'partialBatch', 'reorderResults'],
  after: ['slow', 'truncate', 'resetAfter', 'pageShift'],
  delivery: ['drop', 'double', 'delay', 'permute', 'badSignature'],
} as const

/** Every kind. */
export const FAULT_KINDS: readonly string[] = Object.values(FAULT_PHASES).flat()

/** A rule as given to `PUT /faults`. */
export interface FaultRule {
  readonly system: SystemName
  readonly route: string
  readonly kind: string
  readonly probability: number
  readonly times?: number | undefined
  readonly after: number
  readonly params: JsonObject
}

/** A rule that fired: what to do, and the rule's own stream of draws. */
export interface Fired {
  readonly rule: number
  readonly kind: string
  readonly params: JsonObject
  readonly draw: () => number
}

interface RuleState {
  seen: number
  fired: number
  prng: Prng
}

/** A tenant's fault rules. */
export class Faults {
  #seed = 1
  #rules: readonly FaultRule[] = []
  #states: RuleState[] = []
  readonly #journal: Journal
  readonly #key: number

  constructor(journal: Journal, key: number) {
    this.#journal = journal
    this.#key = key
  }

  /** Replaces all rules and restarts their streams. */
  replace(seed: number, rules: readonly FaultRule[]): void {
    this.#seed = seed
    this.#rules = rules
    this.#states = rules.map((_, i) => ({ seen: 0, fired: 0, prng: new Prng(seed + i) }))
    this.#save()
  }

  /** The first rule that fires for a request (`METHOD /path`) or a delivery (`WEBHOOK`, `CALLBACK`). */
  fire(system: SystemName, route: string, delivery = false): Fired | null {
    for (const [i, rule] of this.#rules.entries()) {
      const matches = delivery ? rule.route === route : rule.route === '*' || route.startsWith(rule.route)
      if (rule.system !== system || !matches) continue
      const state = this.#states[i] as RuleState
      state.seen += 1
      const fires = state.seen > rule.after && state.fired !== rule.times && state.prng.next() < rule.probability
      if (fires) state.fired += 1
      this.#save()
      if (!fires) continue
      const draw = (): number => {
        const value = state.prng.next()
        this.#save()
        return value
      }
      return { rule: i, kind: rule.kind, params: rule.params, draw }
    }
    return null
  }

  /** As `GET /faults` gives them. */
  describe(): { seed: number; rules: unknown[] } {
    const rules = this.#rules.map((rule, i) => ({
      ...rule,
      seen: this.#states[i]?.seen,
      fired: this.#states[i]?.fired,
    }))
    return { seed: this.#seed, rules }
  }

  /** Takes over what was saved. */
  load(saved: unknown): void {
    const { seed, rules, states } = saved as {
      seed: number
      rules: FaultRule[]
      states: { seen: number; fired: number; prng: number }[]
    }
    this.#seed = seed
    this.#rules = rules
    this.#states = states.map((state) => ({ ...state, prng: new Prng(state.prng) }))
  }

  #save(): void {
    if (this.#rules.length === 0 && this.#states.length === 0) {
      this.#journal.put('meta', this.#key, null)
      return
    }
    const states = this.#states.map(({ seen, fired, prng }) => ({ seen, fired, prng: prng.state }))
    this.#journal.put('meta', this.#key, { seed: this.#seed, rules: this.#rules, states })
  }
}
