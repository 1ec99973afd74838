import { type TenantStore, SyncError } from '@amis-sync/core'
import type { MovedItem, PlanHeader, PlanItem } from './plan-types.ts'

/** Headers of plans, by id. A plan without one was not finished. */
export const planKind = 'plan'
/** Records of plans, ids are `plan|link`. */
export const planItemKind = 'plan-item'
/** What applying plans found to have moved, ids are `plan|link`. */
export const planMovedKind = 'plan-moved'

const page = 500
const mostPlans = 5

export async function storedPlan(store: TenantStore, plan: string): Promise<PlanHeader | undefined> {
  const [found] = await store.documents.get(planKind, [plan])
  return found?.value as PlanHeader | undefined
}

/** Plans of a tenant, newest first. */
export async function storedPlans(store: TenantStore): Promise<PlanHeader[]> {
  const all = await store.documents.page(planKind, { limit: 1000 })
  return all.map(({ value }) => value as PlanHeader).sort((a, b) => b.computedAt - a.computedAt)
}

/** The records of a plan in the order of their ids, a page at a time. */
export function planItems(store: TenantStore, plan: string): AsyncGenerator<readonly PlanItem[]> {
  return pagesOf<PlanItem>(store, planItemKind, plan)
}

/** What the latest application of a plan found to have moved, a page at a time. */
export function movedItems(store: TenantStore, plan: string): AsyncGenerator<readonly MovedItem[]> {
  return pagesOf<MovedItem>(store, planMovedKind, plan)
}

async function* pagesOf<T>(store: TenantStore, kind: string, plan: string): AsyncGenerator<readonly T[]> {
  let after: string | undefined
  for (;;) {
    const found = await store.documents.page(kind, {
      prefix: `${plan}|`,
      limit: page,
      ...(after === undefined ? {} : { after }),
    })
    if (found.length > 0) yield found.map(({ value }) => value as T)
    after = found.at(-1)?.id
    if (found.length < page) return
  }
}

/** Takes over a plan from a file, whose form was checked. Refuses another plan under a known id. */
export async function takePlan(
  store: TenantStore,
  header: PlanHeader,
  items: () => AsyncIterable<readonly PlanItem[]>,
): Promise<void> {
  const known = await storedPlan(store, header.plan)
  if (known?.sum === header.sum) return
  if (known) {
    throw new SyncError({
      code: 'PLAN_OTHER',
      kind: 'config',
      message: {
        vi: `Tệp không phải là kế hoạch "${header.plan}" đã lưu: nội dung khác nhau. Hãy lập lại kế hoạch.`,
        en: `The file is not the plan "${header.plan}" that is stored: they differ. Make the plan again.`,
      },
    })
  }
  await store.documents.clear(planItemKind, `${header.plan}|`)
  for await (const some of items()) {
    await store.documents.put(
      planItemKind,
      some.map((item) => ({ id: `${header.plan}|${item.id}`, value: item })),
    )
  }
  await store.documents.put(planKind, [{ id: header.plan, value: header }])
}

/** Old plans make room for new ones. */
export async function keepNewest(store: TenantStore): Promise<void> {
  for (const { plan } of (await storedPlans(store)).slice(mostPlans)) {
    await store.documents.remove(planKind, [plan])
    await store.documents.clear(planItemKind, `${plan}|`)
    await store.documents.clear(planMovedKind, `${plan}|`)
  }
}
