import { type EntityPlugin, type SystemId, type WorkHint, canList, canReadByIds } from '@amis-sync/core'
import type { PluginView } from '../pure/plugin-view.ts'
import { type Compared, compareRows } from './audit-compare.ts'
import type { StepHost } from './first-sync.ts'
import { stamped } from './observe.ts'
import { isOn } from './offers.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'

const pageSize = 500

/** One table of one side: listed in full, or (documents at the target) read by the ids of what was sent there. */
export interface Table {
  readonly side: SystemId
  readonly resource: string
  readonly by: 'listing' | 'ids'
}

/** What an audit found on one page. */
export interface Found extends Compared {
  readonly gone?: readonly WorkHint[]
}

/** Documents are listed where they are made; at the other side only those that were sent are ours. */
export function tablesOf({ connections }: TenantContext, plugin: EntityPlugin): Table[] {
  const source = plugin.firstSync.directions[0]?.from
  return plugin.sides.flatMap((side) => {
    const connection = connections.get(side)
    const resources = [...new Set(plugin.wire[side]!.resources.map(({ resource }) => resource))]
    return resources.flatMap((resource): Table[] => {
      if (!connection) return []
      if (plugin.kind === 'document' && side !== source) {
        const proof = canReadByIds(connection) && connection.absenceIsProof?.has(resource)
        return proof ? [{ side, resource, by: 'ids' }] : []
      }
      return canList(connection) ? [{ side, resource, by: 'listing' }] : []
    })
  })
}

/**
 * Documents that were sent, by their ids; no feed tells of those that were deleted silently (contract §2.5). Those are looked at like any
 * that may have changed. `last` absent = there are no more.
 */
export async function sentPage(
  context: TenantContext,
  view: PluginView,
  { side, resource }: Table,
  after: string | undefined,
  ask: <T>(task: () => Promise<T>) => Promise<T>,
): Promise<{ readonly ids: number; readonly last?: string; readonly outcome: Found }> {
  const entity = view.plugin.id
  const connection = connectionTo(context, side)
  const page = { limit: pageSize, ...(after === undefined ? {} : { after }) }
  const links = await context.store.links.page(entity, page)
  const ids = links.flatMap(({ id, linked, sides: { [side]: at } }) =>
    linked && at && !at.gone && !context.inFlight.has(id) ? [at.id] : [],
  )
  const readAt = context.clock.now()
  const readable = ids.length > 0 && canReadByIds(connection)
  const rows = readable ? await ask(() => connection.readByIds(resource, ids)) : []
  const compared = await compareRows(context, view, side, stamped(rows, readAt))
  const there = new Set(rows.map(({ id }) => id))
  const gone = ids.filter((id) => readable && !there.has(id)).map((recordId) => ({ entity, side, resource, recordId }))
  const last = links.length < pageSize ? undefined : links.at(-1)!.id
  return { ids: ids.length, outcome: { ...compared, gone }, ...(last === undefined ? {} : { last }) }
}

/** After a disconnection, during which deliveries were dropped: documents at their target, of which no feed tells everything. */
export async function lookAtSent({ context, stopping }: StepHost): Promise<void> {
  for (const plugin of context.plugins.filter(({ id }) => isOn(context, id))) {
    for (const table of tablesOf(context, plugin).filter(({ by }) => by === 'ids')) {
      let after: string | undefined
      do {
        const { last, outcome } = await sentPage(context, context.views.get(plugin.id)!, table, after, (task) => task())
        const hints = [...outcome.drift, ...(outcome.gone ?? [])]
        if (hints.length > 0) await context.store.work.add(hints, context.clock.now())
        after = last
      } while (after !== undefined && !stopping())
    }
  }
}
