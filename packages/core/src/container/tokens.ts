import type { ServiceIdentifier } from 'inversify'
import type { Connector, Connection } from '../contracts/connector.ts'
import type { EntityPlugin } from '../contracts/entity-plugin.ts'
import type { Clock, Ids, Logger, Metrics, Random, Scheduler } from '../ports/runtime.ts'
import type { Store, TenantStore } from '../ports/store.ts'

function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`@amis-sync/${name}`)
}

/** What the container holds. Plugins and connectors are multi-bound. */
export const tokens = {
  clock: token<Clock>('clock'),
  random: token<Random>('random'),
  ids: token<Ids>('ids'),
  logger: token<Logger>('logger'),
  metrics: token<Metrics>('metrics'),
  store: token<Store>('store'),
  scheduler: token<Scheduler>('scheduler'),
  plugin: token<EntityPlugin>('plugin'),
  connector: token<Connector>('connector'),
  /** In a tenant's child container only. */
  tenantId: token<string>('tenant-id'),
  tenantStore: token<TenantStore>('tenant-store'),
  connection: token<Connection>('connection'),
} as const
