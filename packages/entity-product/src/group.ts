import { type Canonical, type HandlerContext, codeKey } from '@amis-sync/core'

const groupsOf = (record: Canonical | undefined): readonly string[] | undefined =>
  (record?.group ?? undefined) as readonly string[] | undefined

/**
 * The CRM knows one group, Accounting a list whose first entry is that one (contract §4.6). What the CRM says is completed with
 * Accounting's further groups, so that another group in the CRM replaces that entry and keeps the others:
 *
 * - same group as agreed last: the agreed list, no news;
 * - another group: Accounting's list, the old group replaced;
 * - no group any more: no groups (D8).
 */
export function completeGroup(record: Canonical, { base, other }: Pick<HandlerContext, 'base' | 'other'>): Canonical {
  const first = groupsOf(record)?.[0]
  if (first === undefined) return record
  const same = (code: string | undefined, as: string | undefined) => codeKey(code ?? '') === codeKey(as ?? '')
  const agreed = groupsOf(base)
  if (agreed && same(agreed[0], first)) return { ...record, group: agreed }
  const there = groupsOf(other) ?? agreed ?? []
  const old = agreed ? agreed[0] : there.find((code) => same(code, first))
  const place = Math.max(
    0,
    there.findIndex((code) => same(code, old)),
  )
  const rest = there.filter((code, index) => index !== place && !same(code, first))
  return { ...record, group: [first, ...rest] }
}
