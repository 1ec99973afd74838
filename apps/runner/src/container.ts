import type { Container } from 'inversify'
import { createContainer, createTenantContainer, tokens } from '@amis-sync/core'
import type {
  Clock,
  Connection,
  Connector,
  EntityPlugin,
  Logger,
  Services,
  SystemId,
  TenantStore,
} from '@amis-sync/core'
import type { EngineDependencies, TenantSettings } from '@amis-sync/engine'
import type { TenantConfig } from './config/tenant-config.ts'

/** The runner's services, and what they become for one tenant. Inversify stays behind it. */
export interface RunnerContainer {
  readonly clock: Clock
  readonly logger: Logger
  readonly plugins: readonly EntityPlugin[]
  readonly connectors: readonly Connector[]
  storeOf(tenant: string): TenantStore
  /** Opens a tenant's connections; no call is made by it. */
  open(config: TenantConfig): ReadonlyMap<SystemId, Connection>
  /** What the tenant's engine needs, from the tenant's own child container. */
  engineDependencies(
    settings: TenantSettings,
    connections: ReadonlyMap<SystemId, Connection>,
    leased: () => boolean,
  ): EngineDependencies
}

export function createRunnerContainer(services: Services): RunnerContainer {
  const root: Container = createContainer(services)
  const clock = root.get(tokens.clock)
  const random = root.get(tokens.random)
  return {
    clock,
    logger: root.get(tokens.logger),
    plugins: root.getAll(tokens.plugin),
    connectors: root.getAll(tokens.connector),
    storeOf: (tenant) => root.get(tokens.store).forTenant(tenant),
    open: ({ tenant, connections }) => {
      const logger = root.get(tokens.logger).child({ tenant })
      const context = (system: SystemId) => ({ tenant, clock, random, logger: logger.child({ system }) })
      return new Map(
        [...connections].map(([system, { connector, config }]) => [system, connector.open(config, context(system))]),
      )
    },
    engineDependencies: (settings, connections, leased) => {
      const child = createTenantContainer(root, settings.tenant, [...connections.values()])
      return {
        settings,
        plugins: child.getAll(tokens.plugin),
        connections: new Map(child.getAll(tokens.connection).map((connection) => [connection.system, connection])),
        store: child.get(tokens.tenantStore),
        clock: child.get(tokens.clock),
        random: child.get(tokens.random),
        logger: child.get(tokens.logger),
        metrics: child.get(tokens.metrics),
        leased,
      }
    },
  }
}
