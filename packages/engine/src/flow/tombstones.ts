import { type Link, type SystemId, type Tombstone, type WireRecord, toInstant } from '@amis-sync/core'
import type { Feed } from './observe.ts'
import type { TenantContext } from './tenant-context.ts'

/** The name under which a tombstone is remembered from poll to poll, beside the row of its id. */
export const tombstoneName = (id: string) => `gone:${id}`

/** Was this stored after the record was deleted? Then it was restored, or made anew with the same id. `undefined` = nobody can tell. */
function isYounger(version: string | undefined, { version: deleted }: Tombstone): boolean | undefined {
  const [stored, gone] = [toInstant(version ?? ''), toInstant(deleted ?? '')]
  return stored === undefined || gone === undefined || stored === gone ? undefined : stored > gone
}

/** The link knows a version of the record that is younger than its deletion. */
export function isRestored(link: Link, side: SystemId, tombstone: Tombstone): boolean {
  return isYounger(link.sides[side]?.version, tombstone) === true
}

/**
 * Tombstones that tell of a record as it is now. Feeds overlap, so that a tombstone may be older than what is known: a row that the same
 * poll shows counts more, unless the deletion came later for certain, and so does a younger version that is known already.
 */
export async function believable(
  context: TenantContext,
  feed: Feed,
  tombstones: readonly Tombstone[],
  shown: ReadonlyMap<string, WireRecord>,
): Promise<Tombstone[]> {
  const open = tombstones.filter((one) => {
    const row = shown.get(one.id)
    return !row || isYounger(row.version, one) === false
  })
  if (open.length === 0) return []
  const records = open.map(({ id }) => ({ resource: feed.resource, id }))
  const restored = new Set<string>()
  for (const { id: entity } of feed.plugins) {
    for (const link of await context.store.links.findByRecord(entity, feed.system, records)) {
      const { id } = link.sides[feed.system]!
      const tombstone = open.find((one) => one.id === id)
      if (tombstone && isRestored(link, feed.system, tombstone)) restored.add(id)
    }
  }
  return open.filter(({ id }) => !restored.has(id))
}
