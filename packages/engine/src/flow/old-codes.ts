import { type Link, type WorkHint, workId } from '@amis-sync/core'
import type { TenantContext } from './tenant-context.ts'

interface Change {
  readonly before: Link
  readonly after: Link
}

/** Records got another code: what stood in conflict with the old one at the other side may be free now, and is looked at again (D5). */
export async function lookAtOldCodes(context: TenantContext, changes: readonly Change[]): Promise<void> {
  if (context.troubled.size === 0) return
  const hints: WorkHint[] = []
  for (const { before, after } of changes) {
    for (const side of Object.keys(after.sides)) {
      const old = before.sides[side]?.key
      if (old === undefined || old === after.sides[side]?.key) continue
      for (const other of context.views.get(after.entity)?.plugin.sides ?? []) {
        if (other === side) continue
        const found = await context.store.links.findByKey(after.entity, other, [old])
        for (const { sides } of found) {
          const at = sides[other]!
          hints.push({ entity: after.entity, side: other, resource: at.resource, recordId: at.id })
        }
      }
    }
  }
  const held = hints.filter((hint) => context.troubled.has(workId(hint)))
  if (held.length > 0) await context.store.work.add(held, context.clock.now())
}
