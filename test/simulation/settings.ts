import type { EntityPlugin } from '@amis-sync/core'
import type { TenantSettings } from '@amis-sync/engine'

export type ConflictSetting = 'crm' | 'accounting' | 'newest' | 'ask'
export type SalesMode = 'order' | 'contract'

export interface Choices {
  readonly conflict: ConflictSetting
  readonly salesAs: SalesMode
  readonly deliveredFrom: 'sales' | 'stock'
  readonly pollMs: number
}

/** A tenant's settings as the runner would make them from its file. */
export function settingsOf(plugins: readonly EntityPlugin[], choices: Choices): TenantSettings {
  const sections: Readonly<Record<string, object>> = {
    salesOrders: { recordAs: choices.salesAs, deliveredFrom: choices.deliveredFrom },
  }
  const rules = choices.conflict === 'ask' ? {} : { default: choices.conflict }
  const conflicts = plugins.filter(({ sides }) => sides.includes('crm') && sides.includes('accounting'))
  return {
    tenant: 'demo',
    convertedFrom: 'none',
    enabled: new Set(plugins.map(({ id }) => id)),
    conflicts: Object.fromEntries(conflicts.map(({ id }) => [id, rules])),
    plugins: Object.fromEntries(
      plugins.map(({ id, settings }) => [
        id,
        settings ? (settings.schema.parse(sections[settings.section] ?? {}) as Record<string, unknown>) : {},
      ]),
    ),
    pollMs: choices.pollMs,
    auditShare: 1,
  }
}
