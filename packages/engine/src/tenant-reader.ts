import type { EntityPlugin, TenantStore, WorkState } from '@amis-sync/core'
import { figureStatus } from './figure-reader.ts'
import { needPerson } from './flow/troubled.ts'
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
      const needsPerson = entities.reduce(
        (sum, one) => sum + needPerson.reduce((count, name) => count + (one.work[name] ?? 0), 0),
        0,
      )
      const now = state ?? { phase: 'new', updatedAt: 0 }
      return { tenant: store.tenant, state: now, entities, figures, runs, open, needsPerson }
    },
  }
}
