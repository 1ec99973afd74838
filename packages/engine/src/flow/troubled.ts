import { type Link, type WorkHint, type WorkItem, type WorkSettlement, workId } from '@amis-sync/core'
import { conflictRule } from './conflict-rule.ts'
import type { TenantContext } from './tenant-context.ts'

/** Work that stands still until a person acts. */
export const needPerson = ['conflict', 'parked', 'blocked'] as const

/** Settles work, and keeps account of the items that need a person. */
export async function settleWork(
  context: TenantContext,
  settlements: readonly (WorkSettlement & { readonly key?: WorkHint })[],
): Promise<void> {
  await context.store.work.settle(settlements, context.clock.now())
  for (const { id, to } of settlements) {
    if (needPerson.some((state) => state === to.state)) context.troubled.add(id)
    else context.troubled.delete(id)
  }
}

/** The two sides of these agree now: what is still held of one of them is looked at again, so that a settled conflict closes. */
export async function lookAgain(context: TenantContext, links: readonly Link[]): Promise<void> {
  if (context.troubled.size === 0) return
  const hints = links.flatMap(({ entity, sides }) =>
    Object.entries(sides).flatMap(([side, at]) =>
      at ? [{ entity, side, resource: at.resource, recordId: at.id }] : [],
    ),
  )
  const held = hints.filter((hint) => context.troubled.delete(workId(hint)))
  if (held.length > 0) await context.store.work.add(held, context.clock.now())
}

/** After a start, or with new rules: remembers anew what needs a person, and looks again at conflicts that a rule settles by now. */
export async function reviewTrouble(context: TenantContext): Promise<void> {
  let after: string | undefined
  for (;;) {
    const page = { limit: 500, ...(after === undefined ? {} : { after }) }
    const items = await context.store.work.page({ states: needPerson }, page)
    for (const { id } of items) context.troubled.add(id)
    const settled = items.filter((item) => isSettledByRule(context, item))
    const keys = settled.map(({ entity, side, resource, recordId }) => ({
      entity,
      side,
      resource,
      ...(recordId === undefined ? {} : { recordId }),
    }))
    if (keys.length > 0) await context.store.work.add(keys, context.clock.now())
    after = items.at(-1)?.id
    if (items.length < 500) return
  }
}

function isSettledByRule({ settings, views }: TenantContext, { entity, recordId, conflict = [] }: WorkItem): boolean {
  const plugin = views.get(entity)?.plugin
  if (!plugin || recordId === undefined) return false
  return conflict.some(({ field }) => {
    const name = field.split('[].')[0]!
    const flow = plugin.fields[name]?.flow
    return flow !== undefined && conflictRule(settings, plugin.id, name, flow) !== 'ask'
  })
}
