import type { Connection, SystemId, TenantStore } from '@amis-sync/core'
import { canReceive } from '@amis-sync/core'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { RunnerContainer } from '../container.ts'

/** What is needed to take a delivery for a tenant, whoever holds its lease. */
export interface Receivers {
  /** The tenant's connection to that system if it can receive; undefined for unknown tenants and systems. */
  find(tenant: string, system: SystemId): Connection | undefined
  storeOf(tenant: string): TenantStore
  /** Told after a delivery was stored. */
  stored(tenant: string): void
  close(): Promise<void>
}

/**
 * Connections that only receive: checking a proof needs no lease and opens no socket. Opened at a tenant's first delivery, and anew after
 * its file changed.
 */
export function createReceivers(
  container: RunnerContainer,
  tenants: () => ReadonlyMap<string, TenantConfig>,
  stored: (tenant: string) => void,
): Receivers {
  const open = new Map<
    string,
    { readonly config: TenantConfig; readonly connections: ReadonlyMap<SystemId, Connection> }
  >()
  const closeAll = async (connections: ReadonlyMap<SystemId, Connection>) => {
    await Promise.allSettled([...connections.values()].map((connection) => connection.close()))
  }
  return {
    find: (tenant, system) => {
      const config = tenants().get(tenant)
      if (!config) return undefined
      let known = open.get(tenant)
      if (known?.config !== config) {
        if (known) void closeAll(known.connections)
        known = { config, connections: container.open(config) }
        open.set(tenant, known)
      }
      const connection = known.connections.get(system)
      return connection && canReceive(connection) ? connection : undefined
    },
    storeOf: container.storeOf,
    stored,
    close: async () => {
      await Promise.all([...open.values()].map(({ connections }) => closeAll(connections)))
    },
  }
}
