import {
  type EntityPlugin,
  type Link,
  type Message,
  type TenantStore,
  type WorkItem,
  type WorkState,
  reasons,
  workId,
} from '@amis-sync/core'
import { explainFigures, figureStatus } from './figure-reader.ts'
import type { Explanation, TenantReader, TenantStatus } from './engine-types.ts'

/** Answers questions from the store alone: who asks needs no lease and reaches no other system. */
export function createTenantReader(store: TenantStore, plugins: readonly EntityPlugin[]): TenantReader {
  return {
    async status(): Promise<TenantStatus> {
      const records = plugins.filter((plugin) => plugin.kind !== 'figure')
      const [state, work, runs, open, figures] = await Promise.all([
        store.state(),
        store.work.counts(),
        store.runs.all(),
        store.journal.count(),
        figureStatus(store, plugins),
      ])
      const entities = await Promise.all(
        records.map(async (plugin) => ({
          entity: plugin.id,
          links: await store.links.counts(plugin.id),
          work: Object.fromEntries(
            work.filter((one) => one.entity === plugin.id).map((one) => [one.state, one.count]),
          ) as Partial<Record<WorkState, number>>,
        })),
      )
      return { tenant: store.tenant, state: state ?? { phase: 'new', updatedAt: 0 }, entities, figures, runs, open }
    },

    async explain(entity: string, key: string): Promise<Explanation> {
      const plugin = plugins.find((one) => one.id === entity)
      if (!plugin) return { reasons: [] }
      if (plugin.figure) return { reasons: await explainFigures(store, plugin, key) }
      const found = (await Promise.all(plugin.sides.map((side) => store.links.findByKey(entity, side, [key])))).flat()
      const link = found.find((one) => one.linked) ?? found[0]
      if (!link) return { reasons: [unknown] }
      const work = await workOf(store, link)
      return { link, ...(work.length > 0 ? { work } : {}), reasons: reasonsOf(link, work) }
    },
  }
}

const unknown: Message = {
  vi: 'Chưa từng thấy bản ghi này ở bên nào. Hãy kiểm tra mã, hoặc chờ lần quét tiếp theo.',
  en: 'The record was never seen on any side. Check the code, or wait for the next poll.',
}

async function workOf(store: TenantStore, link: Link): Promise<WorkItem[]> {
  const ids = Object.entries(link.sides).flatMap(([side, at]) =>
    at ? [workId({ entity: link.entity, side, resource: at.resource, recordId: at.id })] : [],
  )
  return store.work.find(ids)
}

function reasonsOf(link: Link, work: readonly WorkItem[]): Message[] {
  const failures = work.flatMap(({ failure }): Message[] => (failure ? [{ vi: failure.vi, en: failure.en }] : []))
  const events = link.trail.toReversed().flatMap(({ why, text }): Message[] => {
    const known = text ?? (why in reasons ? reasons[why as keyof typeof reasons] : undefined)
    return known ? [known] : []
  })
  return [...failures, ...events]
}
