import { type Message, type SystemId, codeKey } from '@amis-sync/core'
import type { TenantContext } from '../flow/tenant-context.ts'
import {
  type PlanCount,
  type PlanDuplicate,
  type PlanHeader,
  type PlanItem,
  type PlanRequests,
  isActive,
} from './plan-types.ts'
import { chainSum } from './prints.ts'
import type { Demand } from './rehearsed-connection.ts'

const samplesEach = 3
const mostDuplicates = 100

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Where the reason names the record: what can be said of several. */
const general: Readonly<Record<string, Message>> = {
  WAITING_FOR_REFERENCE: {
    vi: 'Chờ bản ghi khác có ở bên kia trước.',
    en: 'They wait for other records to be there first.',
  },
  FIELD_CONFLICT: {
    vi: 'Hai bên khác nhau; một người cần chọn giá trị đúng.',
    en: 'The sides differ; a person chooses.',
  },
}
const perRecord: Message = { vi: 'Lý do ghi ở từng bản ghi.', en: 'The reason stands with each record.' }

/** Counts of a plan, grown item by item. */
export class Counts {
  readonly #groups = new Map<string, Writable<PlanCount> & { fields: Record<string, number> }>()
  readonly samples: PlanItem[] = []

  add(item: PlanItem): void {
    const { entity, from, to, action, reason } = item
    const name = [entity, from, action, reason.code].join('|')
    const group = this.#groups.get(name) ?? {
      entity,
      from,
      to,
      action,
      reason,
      count: 0,
      links: 0,
      pulled: 0,
      fields: {},
    }
    this.#groups.set(name, group)
    if (group.reason.vi !== reason.vi) group.reason = { code: reason.code, ...(general[reason.code] ?? perRecord) }
    group.count += 1
    if (item.links) group.links += 1
    if (item.pulledBy && isActive(item)) group.pulled += 1
    for (const field of [...(item.fields ?? []), ...(item.conflict ?? []).map((one) => one.field)]) {
      group.fields[field] = (group.fields[field] ?? 0) + 1
    }
    if (group.count <= samplesEach) this.samples.push(item)
  }

  /** In the order of the entities given, then by direction, action and reason. */
  inOrder(entities: readonly string[]): PlanCount[] {
    const actions = ['create', 'link', 'update', 'remove', 'conflict', 'wait', 'fail', 'skip']
    const rank = ({ entity, from, action, reason }: PlanCount) =>
      [entities.indexOf(entity), from, actions.indexOf(action), reason.code] as const
    return [...this.#groups.values()].sort((x, y) => {
      const [a, b] = [rank(x), rank(y)]
      const at = a.findIndex((one, index) => one !== b[index])
      return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
    })
  }
}

type Summary = Pick<PlanHeader, 'items' | 'counts' | 'duplicates' | 'requests' | 'seconds' | 'samples' | 'sum'>

/** What a finished plan comes to: one pass over its items. */
export async function summarise(
  context: TenantContext,
  pages: AsyncIterable<readonly PlanItem[]>,
  demands: ReadonlyMap<SystemId, Demand>,
): Promise<Summary> {
  const counts = new Counts()
  const duplicates: PlanDuplicate[] = []
  let items = 0
  let sum = ''
  for await (const page of pages) {
    items += page.length
    for (const item of page) {
      counts.add(item)
      sum = chainSum(sum, item)
    }
    for (const one of await duplicatesAmong(context, page)) {
      const isKnown = duplicates.some(
        ({ entity, side, key }) => entity === one.entity && side === one.side && codeKey(key) === codeKey(one.key),
      )
      if (!isKnown && duplicates.length < mostDuplicates) duplicates.push(one)
    }
  }
  const requests = requestsOf(context, demands)
  const order = context.plugins.map(({ id }) => id)
  return {
    items,
    counts: counts.inOrder(order),
    duplicates,
    requests,
    seconds: secondsOf(requests, demands),
    samples: counts.samples,
    sum,
  }
}

/** Records of one side that share their code with another one there, by one question for each entity and side of a page. */
async function duplicatesAmong(context: TenantContext, page: readonly PlanItem[]): Promise<PlanDuplicate[]> {
  const result: PlanDuplicate[] = []
  const keyed = page.filter(({ key }) => key !== undefined)
  for (const ones of Map.groupBy(keyed, ({ entity, from }) => `${entity}|${from}`).values()) {
    const { entity, from } = ones[0]!
    const keys = [...new Set(ones.map(({ key }) => key!))]
    const links = await context.store.links.findByKey(entity, from, keys)
    const there = links.filter(
      ({ sides }) => sides[from] && !sides[from].gone && !sides[from].id.startsWith('planned:'),
    )
    const byKey = Map.groupBy(there, ({ sides }) => codeKey(sides[from]!.key ?? ''))
    for (const same of byKey.values()) {
      const records = [...new Set(same.map(({ sides }) => `${sides[from]!.resource}/${sides[from]!.id}`))].sort()
      if (records.length > 1) result.push({ entity, side: from, key: same[0]!.sides[from]!.key!, records })
    }
  }
  return result
}

function requestsOf(context: TenantContext, demands: ReadonlyMap<SystemId, Demand>): PlanRequests[] {
  return [...demands].map(([system, { reads, writes }]) => {
    const perMinute = context.connections.get(system)?.requestsPerMinute
    return { system, reads, writes, ...(perMinute === undefined ? {} : { perMinute }) }
  })
}

/**
 * At least: the systems side by side, each answering as fast as it did while the plan was made, within its budget. At most: one after the
 * other, each three times as slow.
 */
export function secondsOf(
  requests: readonly PlanRequests[],
  demands: ReadonlyMap<SystemId, Demand>,
): PlanHeader['seconds'] {
  const all = requests.map(({ system, reads, writes, perMinute }) => {
    const { reads: measured, waitedMs } = demands.get(system)!
    const eachMs = measured === 0 ? 0 : waitedMs / measured
    const budgetMs = perMinute === undefined ? 0 : 60_000 / perMinute
    const number = reads + writes
    return { least: number * Math.max(eachMs, budgetMs), most: number * Math.max(3 * eachMs, budgetMs) }
  })
  const least = Math.max(0, ...all.map((one) => one.least))
  const most = all.reduce((total, one) => total + one.most, 0)
  return { least: Math.floor(least / 1000), most: Math.max(1, Math.ceil(most / 1000)) }
}
