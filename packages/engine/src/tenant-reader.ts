import type { EntityPlugin, TenantStore, WorkState } from '@amis-sync/core'
import { figureStatus } from './figure-reader.ts'
import type { TenantReader, TenantStatus } from './engine-types.ts'

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
  }
}
