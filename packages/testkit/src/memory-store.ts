import type { Store } from '@amis-sync/core'
import { MemoryLeaseStore } from './memory/memory-lease-store.ts'
import { MemoryTenantStore } from './memory/memory-tenant-store.ts'

export interface MemoryStoreOptions {
  /** The database server's clock, milliseconds. Default: stands at 0. */
  readonly serverTime?: () => number
}

/** A store that keeps everything in memory, for simulations. It has the semantics of the real ones: the same suite runs against all. */
export function createMemoryStore({ serverTime = () => 0 }: MemoryStoreOptions = {}): Store {
  const tenants = new Map<string, MemoryTenantStore>()
  const forTenant = (tenant: string): MemoryTenantStore => {
    const known = tenants.get(tenant) ?? new MemoryTenantStore(tenant)
    tenants.set(tenant, known)
    return known
  }
  const hasNews = async (tenant: string): Promise<boolean> => {
    const { inbox, commands } = forTenant(tenant)
    return (await inbox.pending(1)).length > 0 || (await commands.pending()).length > 0
  }
  const tenantsWithNews = async (names: readonly string[]): Promise<string[]> => {
    const news = await Promise.all(names.map(hasNews))
    return [...new Set(names.filter((_, index) => news[index]))].sort()
  }
  return { forTenant, leases: new MemoryLeaseStore(serverTime), attention: { tenantsWithNews } }
}
