import type { Lease } from '@amis-sync/core'

/** Names of leases by which runners see each other; no tenant is named so. */
export const presencePrefix = '@'

export interface ShareQuestion {
  /** The tenants that this runner is configured for. */
  readonly tenants: readonly string[]
  /** Tenants whose lease it holds. */
  readonly held: ReadonlySet<string>
  /** Those of them that are in the middle of something long; given away last. */
  readonly busy: ReadonlySet<string>
  /** All leases of the database. */
  readonly leases: readonly Lease[]
  /** Presence leases start so; only runners with the same tenants count as peers. */
  readonly peers: string
  readonly holder: string
  /** The server's time. */
  readonly now: number
  /** Free for so long that it is taken whatever the share says. */
  readonly overdue: ReadonlySet<string>
}

export interface SharePlan {
  readonly acquire: readonly string[]
  readonly release: readonly string[]
  /** Not held by anybody alive. */
  readonly free: readonly string[]
  /** When the next lease of somebody else runs out, if one of ours to take. */
  readonly nextExpiry?: number
}

/**
 * Which leases to take and to give back, so that live runners with the same tenants hold about the same number: at most
 * ceil(tenants / runners) each. One lease at most is given back at a time. Pure.
 */
export function planShare(question: ShareQuestion): SharePlan {
  const { tenants, held, holder, now } = question
  const wanted = new Set(tenants)
  const live = question.leases.filter((lease) => lease.expiresAt > now)
  const runners = new Set([
    holder,
    ...live.filter((lease) => lease.tenant.startsWith(question.peers)).map((lease) => lease.holder),
  ])
  const elsewhere = new Map(live.filter((lease) => lease.holder !== holder).map((lease) => [lease.tenant, lease]))
  const free = tenants.filter((tenant) => !held.has(tenant) && !elsewhere.has(tenant))
  const share = Math.ceil(tenants.length / runners.size)

  const mine = [...held].filter((tenant) => wanted.has(tenant))
  const overdue = free.filter((tenant) => question.overdue.has(tenant))
  const room = free
    .filter((tenant) => !question.overdue.has(tenant))
    .slice(0, Math.max(0, share - mine.length - overdue.length))
  const gone = [...held].filter((tenant) => !wanted.has(tenant))
  const expiries = [...elsewhere.values()].filter((lease) => wanted.has(lease.tenant)).map((lease) => lease.expiresAt)
  return {
    acquire: [...overdue, ...room],
    release: [...gone, ...excess(question, mine, runners, live, share)],
    free,
    ...(expiries.length > 0 ? { nextExpiry: Math.min(...expiries) } : {}),
  }
}

function excess(
  question: ShareQuestion,
  mine: readonly string[],
  runners: ReadonlySet<string>,
  live: readonly Lease[],
  share: number,
) {
  if (mine.length <= share) return []
  const wanted = new Set(question.tenants)
  const load = (runner: string) => live.filter((lease) => lease.holder === runner && wanted.has(lease.tenant)).length
  const hungry = [...runners].some((runner) => runner !== question.holder && load(runner) < share)
  if (!hungry) return []
  const candidate = mine.findLast((tenant) => !question.busy.has(tenant)) ?? mine.at(-1)
  return candidate === undefined ? [] : [candidate]
}
