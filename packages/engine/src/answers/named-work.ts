import {
  type EntityPlugin,
  type Link,
  type TenantStore,
  type WorkFilter,
  type WorkItem,
  otherSide,
} from '@amis-sync/core'
import { lastShown } from '../pure/plugin-view.ts'

/** A work item with the record that it is about, as people know it. */
export interface NamedWork {
  readonly item: WorkItem
  readonly link?: Link
  /** The record's code, else its id. */
  readonly key: string
  readonly name?: string
}

/** Brings work items and the registry together: one query for each entity and side. */
export async function named(store: TenantStore, items: readonly WorkItem[]): Promise<NamedWork[]> {
  const links = new Map<string, Link>()
  for (const ones of Map.groupBy(items, ({ entity, side }) => `${entity}|${side}`).values()) {
    const { entity, side } = ones[0]!
    const records = ones.flatMap(({ resource, recordId }) =>
      recordId === undefined ? [] : [{ resource, id: recordId }],
    )
    const keys = ones.flatMap(({ recordKey }) => recordKey ?? [])
    const found = [
      ...(records.length > 0 ? await store.links.findByRecord(entity, side, records) : []),
      ...(keys.length > 0 ? await store.links.findByKey(entity, side, keys) : []),
    ]
    for (const link of found) {
      const at = link.sides[side]!
      links.set(`${entity}|${side}|${at.resource}|${at.id}`, link)
      if (at.key !== undefined) links.set(`${entity}|${side}|key|${at.key}`, link)
    }
  }
  return items.map((item) => {
    const { entity, side, resource, recordId, recordKey } = item
    const by = recordId === undefined ? `key|${recordKey ?? ''}` : `${resource}|${recordId}`
    const link = links.get(`${entity}|${side}|${by}`)
    const name = link ? lastShown(link, side).name : undefined
    return {
      item,
      ...(link ? { link } : {}),
      key: link?.sides[side]?.key ?? recordKey ?? item.observed?.key ?? recordId ?? '?',
      ...(typeof name === 'string' ? { name } : {}),
    }
  })
}

/** All items of a filter, page by page. */
export async function* pagesOf(store: TenantStore, filter: WorkFilter): AsyncGenerator<readonly NamedWork[]> {
  let after: string | undefined
  for (;;) {
    const items = await store.work.page(filter, { limit: 500, ...(after === undefined ? {} : { after }) })
    if (items.length > 0) yield named(store, items)
    after = items.at(-1)?.id
    if (items.length < 500) return
  }
}

/** The system that an item's record would be written to. */
export function targetOf(plugins: readonly EntityPlugin[], { entity, side }: WorkItem): string {
  const plugin = plugins.find(({ id }) => id === entity)
  return plugin ? otherSide(plugin, side) : '?'
}
