import { type EntityPlugin, type SystemId, type WireRecord, SyncError, canList, canReadChanges } from '@amis-sync/core'
import type { StepHost } from './first-sync.ts'
import type { Observation } from './observation.ts'
import { feedKey, stamped } from './observe.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'

const none: ReadonlySet<string> = new Set()

/** Sides (default: both) are learnt again before a gate is judged or all is asked for: what the registry knows may be old. */
export async function learn(host: StepHost, plugin: EntityPlugin, sides = plugin.sides.toReversed()): Promise<void> {
  for (const side of sides) {
    const connection = connectionTo(host.context, side)
    if (!canList(connection)) throw cannotList(plugin, side)
    for (const resource of new Set(plugin.wire[side]!.resources.map((one) => one.resource))) {
      let cursor: string | undefined
      do {
        const readAt = host.context.clock.now()
        const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
        const observations = stamped(page.records, readAt).map((record) => observationOfRow(side, record, none))
        await host.round(plugin, observations, { step: 0, learn: true })
        cursor = page.next
      } while (cursor !== undefined)
    }
  }
}

/** Documents of the target are not learnt, since none of them has a twin; what happens to ours from now on is. */
export async function beginFeeds({ context }: StepHost, plugin: EntityPlugin, side: SystemId): Promise<void> {
  const connection = connectionTo(context, side)
  if (!canList(connection) || !canReadChanges(connection)) return
  for (const resource of new Set(plugin.wire[side]!.resources.map((one) => one.resource))) {
    const known = await context.store.cursors.get(feedKey(side, resource))
    if (known !== undefined || !connection.changeFeeds.has(resource)) continue
    const { watermark } = await connection.listPage({ resource })
    if (watermark !== undefined) await rememberWatermark(context, side, resource, watermark)
  }
}

/** Only the first watermark counts: what changes while the listing runs is asked for again (contract §1.2, §2.2.1). */
export async function rememberWatermark(
  context: TenantContext,
  side: SystemId,
  resource: string,
  watermark: string,
): Promise<void> {
  const stream = feedKey(side, resource)
  if ((await context.store.cursors.get(stream)) === undefined) await context.store.cursors.set(stream, watermark)
}

export function observationOfRow(side: SystemId, record: WireRecord, why: ReadonlySet<string>): Observation {
  return { side, resource: record.resource, id: record.id, record, triggers: why, pulledBy: none }
}

export function cannotList(plugin: EntityPlugin, side: SystemId): SyncError {
  return new SyncError({
    code: 'NOT_LISTABLE',
    kind: 'config',
    message: {
      vi: `Connector của "${side}" không liệt kê được dữ liệu cho ${plugin.labels.vi}.`,
      en: `The connector of "${side}" cannot list ${plugin.labels.en}.`,
    },
  })
}
