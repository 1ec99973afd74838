import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { isoTime } from '../model/time.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { PAIRS, RESOURCE_FLAGS } from './resources.ts'

/** Makes the webhook for a changed row (§1.7), if webhooks are on and someone listens. */
export function crmChanged(
  tenant: Tenant,
  resource: Resource,
  row: Row,
  change: 'created' | 'updated' | 'deleted',
): void {
  const target = tenant.delivery.value.crmWebhook
  const on = tenant.capabilities.of('crm')
  const flag = RESOURCE_FLAGS[resource.name]
  if (!target || !on('webhooks') || (flag && !on(flag)) || PAIRS.includes(resource.name)) return
  const data = {
    entity: resource.name,
    id: row.id,
    code: row[resource.key ?? ''],
    modified_date: isoTime(row.deleted_at ?? row.modified_date),
    change,
  }
  const timestamp = isoTime(tenant.clock.at('crm'))
  tenant.outbox.webhook('crm', target, JSON.stringify({ type: 'record.changed', timestamp, data }))
}
