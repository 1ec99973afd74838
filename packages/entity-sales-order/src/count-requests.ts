import type { Canonical, HandlerContext } from '@amis-sync/core'
import { decisionOf, revenueOf } from './statuses.ts'

/** The request that an answer names: `refused:2`. */
const answered = (decision: unknown): number =>
  typeof decision === 'string' ? Number(/:(\d+)$/.exec(decision)?.[1] ?? 0) : 0

/**
 * Where the CRM does not count requests (contract §6.1, `revenueWithdrawal` off) they are counted here: a request that stands although the
 * last one was answered is one more. So Accounting tells a new request from an edit that crosses its refusal (§2.3.4).
 */
export function countRequests(record: Canonical, { base }: Pick<HandlerContext, 'base'>): Canonical {
  const revenue = revenueOf(record.revenueStatus)
  if (record.requestSeq !== undefined || revenue === undefined) return record
  const before = typeof base?.requestSeq === 'number' ? base.requestSeq : 0
  const isNew = revenue === 'requested' && answered(base?.revenueStatus) >= before
  const requestSeq = isNew ? before + 1 : Math.max(before, revenue === 'recorded' ? 1 : 0)
  return requestSeq === 0 ? record : { ...record, requestSeq, revenueStatus: decisionOf(revenue, requestSeq) }
}
