import type { Flow } from '@amis-sync/core'
import type { ConflictRule, TenantSettings } from '../engine-types.ts'

/** Who wins where both sides changed a field: the tenant's rule for the field, for the entity, else the field's owner; shared ones ask. */
export function conflictRule(
  settings: Pick<TenantSettings, 'conflicts'>,
  entity: string,
  field: string,
  flow: Flow,
): ConflictRule {
  const rules = settings.conflicts[entity]
  return rules?.fields?.[field] ?? rules?.default ?? (flow.owner === 'shared' ? 'ask' : flow.owner)
}
