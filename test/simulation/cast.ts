import type { Connector, EntityPlugin } from '@amis-sync/core'
import { defaultConnectors, defaultPlugins } from '@amis-sync/runner/defaults'

/** Everything that a runner loads unless it is told otherwise: the real plugins and the real connectors. */
export interface Cast {
  readonly plugins: readonly EntityPlugin[]
  readonly connectors: readonly Connector[]
}

export async function loadCast(): Promise<Cast> {
  const load = async (name: string): Promise<Readonly<Record<string, unknown>>> =>
    (await import(name)) as Readonly<Record<string, unknown>>
  const plugins = await Promise.all(defaultPlugins.map(load))
  const connectors = await Promise.all(defaultConnectors.map(load))
  return {
    plugins: plugins.map(({ plugin }) => plugin as EntityPlugin),
    connectors: connectors.map(({ connector }) => connector as Connector),
  }
}
