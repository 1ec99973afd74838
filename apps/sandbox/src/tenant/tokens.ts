import type { Journal } from '../model/journal.ts'
import { randomHex } from '../model/surroundings.ts'
import type { SystemName } from './clock.ts'

interface Token {
  readonly seq: number
  readonly system: SystemName
  readonly expires: number
  dead?: boolean
}

/** Whether a token is worth anything. */
export type TokenState = 'good' | 'expired' | 'unknown'

/** Life of a token in ms: CRM 24 h, ACT 12 h, System 1 h. */
export const TOKEN_LIFE: Readonly<Record<SystemName, number>> = {
  crm: 24 * 3_600_000,
  accounting: 12 * 3_600_000,
  system: 3_600_000,
}

/** A tenant's tokens. New ones do not end older ones; expired ones are remembered. */
export class Tokens {
  readonly #tokens = new Map<string, Token>()
  readonly #journal: Journal
  #count = 0

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Makes a token that lives from `now` on. */
  issue(system: SystemName, now: number): { token: string; expires: number } {
    const token = randomHex(24)
    const expires = now + TOKEN_LIFE[system]
    this.#keep(token, { seq: (this.#count += 1), system, expires })
    return { token, expires }
  }

  /** True if this tenant ever issued that token for that system. */
  knows(system: SystemName, token: string): boolean {
    return this.#tokens.get(token)?.system === system
  }

  /** State of a token at a moment. */
  state(system: SystemName, token: string, now: number): TokenState {
    const known = this.#tokens.get(token)
    if (known?.system !== system) return 'unknown'
    return known.dead || now >= known.expires ? 'expired' : 'good'
  }

  /** Ends a token at once. */
  kill(token: string): void {
    const known = this.#tokens.get(token)
    if (known) this.#keep(token, { ...known, dead: true })
  }

  /** Forgets all. */
  clear(): void {
    this.#tokens.clear()
  }

  /** Takes over one token that was saved. */
  load(saved: unknown): void {
    const { token, ...rest } = saved as Token & { token: string }
    this.#tokens.set(token, rest)
    this.#count = Math.max(this.#count, rest.seq)
  }

  #keep(token: string, state: Token): void {
    this.#tokens.set(token, state)
    this.#journal.put('tokens', state.seq, { token, ...state })
  }
}
