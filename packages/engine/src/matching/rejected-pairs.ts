import type { SystemId, TenantStore } from '@amis-sync/core'
import { type PairDecision, decisionPage, nameOf, pairId } from '../flow/decisions.ts'

/** A pair that somebody said is two different things. */
export interface RejectedPair {
  readonly id: string
  readonly by: string
  readonly at: number
  readonly records: readonly { readonly side: SystemId; readonly key: string; readonly name: string }[]
}

const pageSize = 500

/** Rejections stay for ever, so they can be listed, and undone. `next` is where the following page begins. */
export async function rejectedPairs(
  store: TenantStore,
  entity: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<{ readonly pairs: RejectedPair[]; readonly next?: string }> {
  const found: PairDecision[] = []
  let from = after
  for (;;) {
    const page = await decisionPage(store, entity, { limit: pageSize, ...(from === undefined ? {} : { after: from }) })
    found.push(...page.filter(({ state }) => state === 'rejected'))
    from = page.map(({ records }) => pairId(entity, records)).at(-1)
    if (page.length < pageSize || found.length > limit) break
  }
  const pairs = await named(store, entity, found.slice(0, limit))
  const next = found.length > limit ? pairs.at(-1)?.id : undefined
  return { pairs, ...(next === undefined ? {} : { next }) }
}

async function named(store: TenantStore, entity: string, decisions: readonly PairDecision[]): Promise<RejectedPair[]> {
  const shown = new Map<string, { readonly key: string; readonly name: string }>()
  const all = decisions.flatMap(({ records }) => records)
  for (const [side, some] of Map.groupBy(all, (one) => one.side)) {
    for (const { base, sides } of await store.links.findByRecord(entity, side, some)) {
      const { resource, id, key, known } = sides[side]!
      const name = { ...base, ...known }.name
      shown.set(nameOf({ side, resource, id }), { key: key ?? id, name: typeof name === 'string' ? name : '' })
    }
  }
  return decisions.map(({ records, by, at }) => ({
    id: pairId(entity, records),
    by,
    at,
    records: records.map((one) => ({ side: one.side, ...(shown.get(nameOf(one)) ?? { key: one.id, name: '' }) })),
  }))
}
