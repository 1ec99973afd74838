import type { Journal } from '../model/journal.ts'

/** Credentials of a tenant (§5.3). */
export interface Credentials {
  readonly crm: { readonly client_id: string; readonly client_secret: string }
  readonly accounting: { readonly app_id: string; readonly access_code: string; readonly org_company_code: string }
  readonly system: { readonly client_id: string; readonly client_secret: string }
}

/** The tenant that is always there (§5.2). */
export const DEMO_CREDENTIALS: Credentials = {
  crm: { client_id: 'demo', client_secret: 'demo-crm-secret' },
  accounting: { app_id: 'demo-app', access_code: 'demo-access', org_company_code: 'demo' },
  system: { client_id: 'demo', client_secret: 'demo-system-secret' },
}

/** Where a tenant's deliveries go, and how long ACT takes to apply a call. */
export interface DeliverySettings {
  readonly crmWebhook?: { readonly url: string; readonly secret: string } | undefined
  readonly systemWebhook?: { readonly url: string; readonly secret: string } | undefined
  readonly accountingCallback?: { readonly url: string } | undefined
  readonly applyDelayMs: number
}

/** State of the connection between ACT's data set and the application. */
export type ConnectionState = 'connected' | 'no_database' | 'disconnected'

/** One saved value of a tenant. */
export class Setting<T> {
  #value: T
  readonly #initial: T
  readonly #journal: Journal
  readonly #key: number

  constructor(journal: Journal, key: number, initial: T) {
    this.#journal = journal
    this.#key = key
    this.#initial = initial
    this.#value = initial
  }

  get value(): T {
    return this.#value
  }

  /** Takes a new value and saves it. */
  set(value: T): void {
    this.#value = value
    this.#journal.put('meta', this.#key, value)
  }

  /** Back to the first value. */
  reset(): void {
    this.set(this.#initial)
  }

  /** Takes over what was saved. */
  load(saved: unknown): void {
    this.#value = saved as T
  }
}
