import type { Lease, LeaseStore } from '@amis-sync/core'
import { byText } from './copy.ts'

/** Leases in memory. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, Lease>()
  readonly #serverTime: () => number

  constructor(serverTime: () => number) {
    this.#serverTime = serverTime
  }

  async acquire(tenant: string, holder: string, ttlMs: number, now: number): Promise<Lease | undefined> {
    const known = this.#leases.get(tenant)
    if (known && known.holder !== holder && known.expiresAt > now) return undefined
    const epoch = known?.holder === holder ? known.epoch : (known?.epoch ?? 0) + 1
    const lease = { tenant, holder, epoch, expiresAt: now + ttlMs }
    this.#leases.set(tenant, lease)
    return lease
  }

  async renew(
    tenants: readonly { readonly tenant: string; readonly epoch: number }[],
    holder: string,
    ttlMs: number,
    now: number,
  ): Promise<string[]> {
    return tenants.flatMap(({ tenant, epoch }) => {
      const known = this.#leases.get(tenant)
      if (known?.holder !== holder || known.epoch !== epoch) return []
      this.#leases.set(tenant, { ...known, expiresAt: now + ttlMs })
      return [tenant]
    })
  }

  async release(tenant: string, holder: string): Promise<void> {
    const known = this.#leases.get(tenant)
    if (known?.holder === holder) this.#leases.set(tenant, { ...known, holder: '', expiresAt: 0 })
  }

  async all(): Promise<Lease[]> {
    const held = [...this.#leases.values()].filter(({ holder }) => holder !== '')
    return held.sort((a, b) => byText(a.tenant, b.tenant))
  }

  async serverTime(): Promise<number> {
    return this.#serverTime()
  }
}
