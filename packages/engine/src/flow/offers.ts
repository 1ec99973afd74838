import type { Capability, EntityPlugin, Failure, SystemId } from '@amis-sync/core'
import { type TenantContext, connectionTo } from './tenant-context.ts'

/** Is the entity synced: enabled by the tenant, and offered by both systems? */
export function isOn(context: TenantContext, entity: string): boolean {
  return context.views.has(entity) && !context.off.has(entity)
}

/**
 * Asks the connected systems what they offer (contract §6.1). An entity that needs a capability which is not there is off, with the
 * reason; nothing else stops for it.
 */
export async function learnOffers(context: TenantContext): Promise<Readonly<Record<string, Failure>>> {
  const found = new Map<SystemId, readonly Capability[]>()
  const off: Record<string, Failure> = {}
  for (const plugin of [...context.plugins, ...context.figures]) {
    for (const system of plugin.sides) {
      const { requires = [] } = plugin.wire[system]!
      if (requires.length === 0) continue
      const capabilities = found.get(system) ?? (await connectionTo(context, system).capabilities())
      found.set(system, capabilities)
      const missing = requires.find((flag) => capabilities.some((one) => one.flag === flag && !one.on))
      if (missing !== undefined) off[plugin.id] ??= notOffered(plugin, system, missing)
    }
  }
  context.off.clear()
  for (const [entity, failure] of Object.entries(off)) context.off.set(entity, failure)
  return off
}

function notOffered(plugin: EntityPlugin, system: SystemId, flag: string): Failure {
  return {
    code: 'NOT_OFFERED',
    kind: 'config',
    vi: `${plugin.labels.vi} không được đồng bộ: "${system}" của công ty không có khả năng "${flag}". Khi có, hãy kết nối lại.`,
    en: `${plugin.labels.en} are not synced: the company's "${system}" lacks the capability "${flag}". Connect again once it is there.`,
  }
}
