import 'reflect-metadata'
import { Container } from 'inversify'
import type { Connection, Connector } from '../contracts/connector.ts'
import type { EntityPlugin } from '../contracts/entity-plugin.ts'
import type { Clock, Ids, Logger, Metrics, Random, Scheduler } from '../ports/runtime.ts'
import type { Store } from '../ports/store.ts'
import { tokens } from './tokens.ts'

export interface Services {
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly logger: Logger
  readonly metrics: Metrics
  readonly store: Store
  readonly scheduler: Scheduler
  readonly plugins: readonly EntityPlugin[]
  readonly connectors: readonly Connector[]
}

/** The runner's root container: one instance of every port, all plugins, all connectors. */
export function createContainer(services: Services): Container {
  const container = new Container({ defaultScope: 'Singleton' })
  container.bind(tokens.clock).toConstantValue(services.clock)
  container.bind(tokens.random).toConstantValue(services.random)
  container.bind(tokens.ids).toConstantValue(services.ids)
  container.bind(tokens.logger).toConstantValue(services.logger)
  container.bind(tokens.metrics).toConstantValue(services.metrics)
  container.bind(tokens.store).toConstantValue(services.store)
  container.bind(tokens.scheduler).toConstantValue(services.scheduler)
  for (const plugin of services.plugins) container.bind(tokens.plugin).toConstantValue(plugin)
  for (const connector of services.connectors) container.bind(tokens.connector).toConstantValue(connector)
  return container
}

/** A tenant's own container: it sees the root's services, its own store and its own connections; no other tenant's. */
export function createTenantContainer(root: Container, tenant: string, connections: readonly Connection[]): Container {
  const container = new Container({ parent: root, defaultScope: 'Singleton' })
  container.bind(tokens.tenantId).toConstantValue(tenant)
  container.bind(tokens.tenantStore).toResolvedValue((store: Store) => store.forTenant(tenant), [tokens.store])
  container.bind(tokens.logger).toConstantValue(root.get(tokens.logger).child({ tenant }))
  for (const connection of connections) container.bind(tokens.connection).toConstantValue(connection)
  return container
}
