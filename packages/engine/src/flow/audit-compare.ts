import type { SystemId, WireRecord, WorkHint } from '@amis-sync/core'
import type { PluginView } from '../pure/plugin-view.ts'
import { complete } from './complete.ts'
import { showsNothingNew } from './echo.ts'
import { gather } from './gather.ts'
import { observationOfRow } from './learn.ts'
import type { Group } from './observation.ts'
import { References } from './references.ts'
import type { TenantContext } from './tenant-context.ts'

export interface Compared {
  readonly compared: number
  readonly inStep: number
  /** Records that differ from what is known of them, or are not known. */
  readonly drift: readonly WorkHint[]
}

const none: ReadonlySet<string> = new Set()

function isInStep(view: PluginView, side: SystemId, group: Group): boolean {
  const gone = group.link.sides[side]?.gone === true
  if (group.seen.get(side)?.gone) return gone
  return group.link.revision > 0 && !gone && showsNothingNew(view, group)
}

/** Rows of one side against what is known of their records. Changes nothing; records with a write under way are left out. */
export async function compareRows(
  context: TenantContext,
  view: PluginView,
  side: SystemId,
  records: readonly WireRecord[],
): Promise<Compared> {
  const observations = records.map((record) => observationOfRow(side, record, none))
  const { groups } = await gather(context, view, observations)
  const free = groups.filter(({ link }) => !context.inFlight.has(link.id))
  const { good, bad } = await complete(context, view, free, new References(context, view))
  const unread = bad.flatMap((one) => (one.kind === 'keep' && one.group.link.revision === 0 ? [one.group] : []))
  const differing = [...good.filter((group) => !isInStep(view, side, group)), ...unread]
  return {
    compared: free.length,
    inStep: free.length - differing.length,
    drift: differing.flatMap((group) => hintOf(context, view, side, group)),
  }
}

/** The row goes along for sides that cannot be read by id. */
function hintOf(context: TenantContext, view: PluginView, side: SystemId, group: Group): WorkHint[] {
  const record = group.seen.get(side)?.record
  if (!record) return []
  const readable = context.connections.get(side)?.readable?.has(record.resource) ?? false
  return [
    {
      entity: view.plugin.id,
      side,
      resource: record.resource,
      recordId: record.id,
      deleted: false,
      ...(readable ? {} : { observed: record }),
    },
  ]
}
