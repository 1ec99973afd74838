import type { EntityPlugin, WorkHint } from '@amis-sync/core'
import { type TenantContext, settingsOf } from './tenant-context.ts'

/** By what settings the states of an entity were read last: plugin id → JSON text. */
const kind = 'read-settings'

/**
 * At each start, and when the tenant file changed: where a setting by which a side is read is another now (delivered quantities from stock
 * issues instead of sales vouchers, SO17), all that is linked there is looked at again. Only what then differs is written.
 */
export async function reviewReadSettings(context: TenantContext): Promise<void> {
  const reading = context.plugins.filter(({ settings }) => settings?.readBy !== undefined)
  if (reading.length === 0) return
  const { documents } = context.store
  const stored = new Map(
    (
      await documents.get(
        kind,
        reading.map(({ id }) => id),
      )
    ).map(({ id, value }) => [id, value]),
  )
  for (const plugin of reading) {
    const now = printOf(context, plugin)
    const before = stored.get(plugin.id)
    if (before === now) continue
    if (before !== undefined) await lookAgain(context, plugin)
    await documents.put(kind, [{ id: plugin.id, value: now }])
  }
}

function printOf(context: TenantContext, plugin: EntityPlugin): string {
  const settings = settingsOf(context, plugin)
  return JSON.stringify(plugin.settings!.readBy!.names.map((name) => settings[name] ?? null))
}

async function lookAgain({ store, clock }: TenantContext, plugin: EntityPlugin): Promise<void> {
  const { side } = plugin.settings!.readBy!
  let after: string | undefined
  for (;;) {
    const links = await store.links.page(plugin.id, { limit: 500, ...(after === undefined ? {} : { after }) })
    const hints = links.flatMap(({ linked, sides }): WorkHint[] => {
      const at = sides[side]
      return linked && at && !at.gone ? [{ entity: plugin.id, side, resource: at.resource, recordId: at.id }] : []
    })
    if (hints.length > 0) await store.work.add(hints, clock.now())
    after = links.at(-1)?.id
    if (links.length < 500) return
  }
}
