import type { Link, SystemId, WorkHint } from '@amis-sync/core'
import { wake } from './settle.ts'
import { parseWaitKey } from '../pure/wait-key.ts'
import type { TenantContext } from './tenant-context.ts'

type Need = Pick<WorkHint, 'entity' | 'side' | 'resource' | 'recordId' | 'recordKey'>

/** Wakes what waits for these records if they are linked, or known, by now: it may have happened between looking and waiting. */
export async function wakeLinkedMeanwhile(context: TenantContext, needs: readonly Need[]): Promise<void> {
  for (const ones of Map.groupBy(needs, ({ entity, side }) => `${entity}|${side}`).values()) {
    const { entity, side } = ones[0]!
    const keys = ones.flatMap(({ recordKey }) => recordKey ?? [])
    const ids = ones.flatMap(({ resource, recordId }) => (recordId === undefined ? [] : [{ resource, id: recordId }]))
    const [byKey, byId] = [
      keys.length > 0 ? await context.store.links.findByKey(entity, side, keys) : [],
      ids.length > 0 ? await context.store.links.findByRecord(entity, side, ids) : [],
    ]
    // What was deleted at a side is not there for those that need it, linked or not: a change of it wakes them.
    const ready = (link: Link): boolean => link.linked && !outdated(link, side) && !isGoneSomewhere(link)
    // Known at all is enough for those that have only a code: they ask for it by its id then.
    await wake(context, [...byKey.filter((link) => !link.linked || ready(link)), ...byId.filter(ready)])
  }
}

function isGoneSomewhere({ sides }: Link): boolean {
  return Object.values(sides).some((at) => at?.gone)
}

function outdated(link: Link, side: SystemId): boolean {
  return Object.keys(link.sides[side]?.known ?? {}).length > 0
}

/**
 * After a crash, or a failure of our store: remembers anew what is waited for, and wakes what waits for something that came meanwhile,
 * since the wake-up may have been lost.
 */
export async function reviveWaiting(context: TenantContext): Promise<void> {
  let after: string | undefined
  for (;;) {
    const page = { limit: 500, ...(after === undefined ? {} : { after }) }
    const items = await context.store.work.page({ states: ['waiting'] }, page)
    const keys = [...new Set(items.flatMap(({ waitingFor }) => waitingFor))]
    for (const key of keys) context.awaited.add(key)
    const free = keys.filter((key) => key.startsWith(linkPrefix) && !context.inFlight.has(key.slice(linkPrefix.length)))
    for (const key of free) context.awaited.delete(key)
    await context.store.work.wake(free, context.clock.now())
    await wakeLinkedMeanwhile(context, keys.flatMap(needOf))
    after = items.at(-1)?.id
    if (items.length < 500) return
  }
}

const linkPrefix = 'link|'

/** The record that a key of the waiting room names. */
export function needOf(text: string): Need[] {
  const { entity, side, resource = '', ...by } = parseWaitKey(text)
  return entity === undefined || side === undefined ? [] : [{ entity, side, resource, ...by }]
}
