import { settleUnderWay } from './outcomes.ts'
import { releaseLinks } from './settle.ts'
import type { TenantContext } from './tenant-context.ts'
import { begin } from './under-way.ts'

/**
 * After a failure in the middle of an entity's round: what is believed to be under way is brought in line with the journal, and what
 * became of writes is found out whose answer was never written down. So our own store may be away for a while, and the process need not
 * be started again. Runs behind the entity's lock. Writes that were accepted are left alone, their outcome still comes.
 */
export async function repair(context: TenantContext, entity: string): Promise<void> {
  const open = (await context.store.journal.open()).filter((entry) => entry.entity === entity)
  const known = new Set(open.map(({ link }) => link.id))
  const strays = [...context.inFlight].filter(([link, one]) => one.entity === entity && !known.has(link))
  await releaseLinks(
    context,
    strays.map(([link]) => link),
  )
  begin(context, open)
  await settleUnderWay(
    context,
    open.filter(({ state }) => state !== 'accepted'),
  )
}
