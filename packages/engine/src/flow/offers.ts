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
export async function learnOffers(context: TenantContext): Promise<Offers> {
  const found = new Map<SystemId, readonly Capability[]>()
  const off: Record<string, Failure> = {}
  const readOnly: Record<string, Failure> = {}
  for (const plugin of [...context.plugins, ...context.figures]) {
    for (const system of plugin.sides) {
      const { requires = [], writeRequires = [] } = plugin.wire[system]!
      if (requires.length + writeRequires.length === 0) continue
      const capabilities = found.get(system) ?? (await connectionTo(context, system).capabilities())
      found.set(system, capabilities)
      const lacks = (flag: string) => capabilities.some((one) => one.flag === flag && !one.on)
      const missing = requires.find(lacks)
      if (missing !== undefined) off[plugin.id] ??= notOffered(plugin, system, missing)
      const unwritable = writeRequires.find(lacks)
      if (unwritable !== undefined) readOnly[sideName(plugin.id, system)] = notWritable(plugin, system, unwritable)
    }
  }
  takeOffers(context, { off, readOnly })
  return { off, readOnly }
}

/** What the tenant does without. */
export interface Offers {
  readonly off: Readonly<Record<string, Failure>>
  readonly readOnly: Readonly<Record<string, Failure>>
}

/** What was learnt, now or before a restart, holds from here on. */
export function takeOffers(context: TenantContext, { off = {}, readOnly = {} }: Partial<Offers>): void {
  context.off.clear()
  context.readOnly.clear()
  for (const [entity, failure] of Object.entries(off)) context.off.set(entity, failure)
  for (const name of Object.keys(readOnly)) context.readOnly.add(name)
}

const sideName = (entity: string, system: SystemId) => `${entity}|${system}`

/** Does the side take writes of the entity? */
export function isWritable(context: TenantContext, entity: string, system: SystemId): boolean {
  return !context.readOnly.has(sideName(entity, system))
}

function notWritable(plugin: EntityPlugin, system: SystemId, flag: string): Failure {
  return {
    code: 'READ_ONLY',
    kind: 'config',
    vi: `${plugin.labels.vi} chỉ được đọc từ "${system}", không ghi sang đó: công ty không có khả năng "${flag}". Khi có, hãy kết nối lại.`,
    en: `${plugin.labels.en} are only read from "${system}", not written there: the company lacks the capability "${flag}". Connect again once it is there.`,
  }
}

function notOffered(plugin: EntityPlugin, system: SystemId, flag: string): Failure {
  return {
    code: 'NOT_OFFERED',
    kind: 'config',
    vi: `${plugin.labels.vi} không được đồng bộ: "${system}" của công ty không có khả năng "${flag}". Khi có, hãy kết nối lại.`,
    en: `${plugin.labels.en} are not synced: the company's "${system}" lacks the capability "${flag}". Connect again once it is there.`,
  }
}
