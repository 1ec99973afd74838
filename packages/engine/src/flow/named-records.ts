import { type Link, type SystemId, codeKey } from '@amis-sync/core'
import { lastKnown } from './gather.ts'
import type { Names } from './name-index.ts'
import type { TenantContext } from './tenant-context.ts'

/** Records that a side knows by this name, for sides that refer to them by name only (contract §1.4 rule 3). Deleted ones do not count. */
export function recordsNamed(
  context: TenantContext,
  entity: string,
  side: SystemId,
  name: string,
): Promise<readonly Link[]> {
  return context.names.find(`${entity}|${side}`, name, () => readNames(context, entity, side))
}

async function readNames(context: TenantContext, entity: string, side: SystemId): Promise<Names> {
  const names = new Map<string, Link[]>()
  const view = context.views.get(entity)
  let after: string | undefined
  for (;;) {
    const links = await context.store.links.page(entity, { limit: 500, ...(after === undefined ? {} : { after }) })
    for (const link of links) {
      const at = link.sides[side]
      const { name } = view && at && !at.gone ? lastKnown(view, link, side) : {}
      if (typeof name !== 'string') continue
      const key = codeKey(name)
      const same = names.get(key)
      if (same) same.push(link)
      else names.set(key, [link])
    }
    after = links.at(-1)?.id
    if (links.length < 500) return names
  }
}
