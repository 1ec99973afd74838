import type { Journal } from '../model/journal.ts'
import type { SystemName } from './clock.ts'

/** Every flag of §6.1. */
export const FLAGS: Readonly<Record<SystemName, readonly string[]>> = {
  crm: [
    'modifiedFrom',
    'deletedFeed',
    'webhooks',
    'customerGroups',
    'productCategories',
    'quotes',
    'invoiceRequests',
    'pricePolicies',
    'customerDebts',
    'referenceCodes',
    'lineIds',
    'receiptList',
    'revenueWithdrawal',
    'rowErrorCodes',
    'productWrite',
    'stockWrite',
  ],
  accounting: [
    'voucherState',
    'pushes',
    'hints',
    'groups',
    'categories',
    'pricePolicies',
    'writeOrganizationUnits',
    'contracts',
    'quotes',
    'invoiceRequests',
  ],
  system: ['webhooks', 'modifiedFrom'],
}

/** What is switched off, by system. */
export type Switched = Readonly<Partial<Record<SystemName, Readonly<Record<string, boolean>>>>>

/** A tenant's capabilities; what is not named is on. */
export class Capabilities {
  #switched: Switched = {}
  readonly #journal: Journal
  readonly #key: number

  constructor(journal: Journal, key: number) {
    this.#journal = journal
    this.#key = key
  }

  /** A test for the flags of one system, one object per set of flags. */
  of(system: SystemName): (flag: string) => boolean {
    const flags = this.#switched[system] ?? {}
    return (flag) => flags[flag] !== false
  }

  /** Names the set of flags that is off, for caching what depends on it. */
  signature(system: SystemName): string {
    const flags = this.#switched[system] ?? {}
    return FLAGS[system].filter((flag) => flags[flag] === false).join(' ')
  }

  /** Replaces all. */
  replace(switched: Switched): void {
    this.#switched = switched
    this.#journal.put('meta', this.#key, switched)
  }

  /** As `GET /capabilities` gives them. */
  describe(): Record<SystemName, Record<string, boolean>> {
    const list = (system: SystemName): Record<string, boolean> => {
      const on = this.of(system)
      return Object.fromEntries(FLAGS[system].map((flag) => [flag, on(flag)]))
    }
    return { crm: list('crm'), accounting: list('accounting'), system: list('system') }
  }

  /** Takes over what was saved. */
  load(saved: unknown): void {
    this.#switched = saved as Switched
  }
}
