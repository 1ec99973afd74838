import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { isoTime } from '../model/time.ts'
import type { Tenant } from '../tenant/tenant.ts'

/** Makes the webhook for a changed unit or employee (§3), if webhooks are on and someone listens. */
export function systemChanged(
  tenant: Tenant,
  resource: Resource,
  row: Row,
  change: 'created' | 'updated' | 'deleted',
): void {
  const target = tenant.delivery.value.systemWebhook
  if (!target || !tenant.capabilities.of('system')('webhooks')) return
  const modified = isoTime(row.deleted_at ?? row.modified_date)
  const data = { entity: resource.name, id: row.id, code: row['code'], modified_date: modified, change }
  const timestamp = isoTime(tenant.clock.at('system'))
  tenant.outbox.webhook('system', target, JSON.stringify({ type: 'record.changed', timestamp, data }))
}
