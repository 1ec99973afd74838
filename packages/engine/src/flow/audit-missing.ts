import {
  type Link,
  type Message,
  type SystemId,
  type Tombstone,
  type WireRecord,
  canReadByIds,
  canReadDeletions,
} from '@amis-sync/core'
import { fuseHolds } from '../pure/deletion-fuse.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'
import { isRestored } from './tombstones.ts'

/** A complete listing of one table, and what the registry knows of it. */
export interface Listing {
  readonly side: SystemId
  readonly resource: string
  readonly seen: ReadonlySet<string>
  /** How many the system says there are. */
  readonly total?: number
}

/** Records that a listing lacks, and how many the registry has there. */
export interface Lacking {
  readonly known: number
  readonly missing: readonly Link[]
}

export interface Conclusion {
  /** Deleted for certain. */
  readonly gone: readonly string[]
  /** They are there: the listing did not show them. */
  readonly alive: readonly WireRecord[]
  /** Neither. */
  readonly held: readonly string[]
  readonly why?: Message
}

/** What the registry has in a table and its listing does not. What was touched since the audit began is left to the next one. */
export async function lacking(
  context: TenantContext,
  { plugin }: PluginView,
  { side, resource, seen }: Listing,
  since: number,
): Promise<Lacking> {
  const missing: Link[] = []
  let known = 0
  let after: string | undefined
  for (;;) {
    const links = await context.store.links.page(plugin.id, { limit: 500, ...(after === undefined ? {} : { after }) })
    for (const link of links) {
      const at = link.sides[side]
      if (!at || at.resource !== resource || at.gone) continue
      known += 1
      const touched = context.inFlight.has(link.id) || Math.max(at.writtenAt ?? 0, link.trail.at(-1)?.at ?? 0) >= since
      if (!seen.has(at.id) && !touched) missing.push(link)
    }
    after = links.at(-1)?.id
    if (links.length < 500) return { known, missing }
  }
}

/**
 * Are they deleted (D9)? What the delete feed names is. Else only a complete listing tells, under a fuse, and only where a read by id, which
 * shows others that were just listed, does not show them either. Nothing follows from an empty or a short listing.
 * `confirmed`: ids that a person confirmed; the fuse does not hold them back.
 */
export async function conclude(
  context: TenantContext,
  listing: Listing,
  { known, missing }: Lacking,
  confirmed: ReadonlySet<string>,
): Promise<Conclusion> {
  const { side, resource, seen, total } = listing
  const connection = connectionTo(context, side)
  const idOf = (link: Link) => link.sides[side]!.id
  const tombstones = canReadDeletions(connection) ? await connection.deletions(resource) : undefined
  const buried = new Map((tombstones ?? []).map((one): [string, Tombstone] => [one.id, one]))
  const isBuried = (link: Link) => {
    const tombstone = buried.get(idOf(link))
    return tombstone !== undefined && !isRestored(link, side, tombstone)
  }
  const gone = missing.filter(isBuried).map(idOf)
  const rest = missing.filter((link) => !isBuried(link)).map(idOf)
  const hold = (why: Message): Conclusion => ({ gone, alive: [], held: rest, why })
  if (rest.length === 0) return { gone, alive: [], held: [] }
  if (seen.size === 0) return hold(reasons.empty)
  if (total !== undefined && seen.size < total) return hold(reasons.short)
  const asked = rest.filter((id) => confirmed.has(id))
  const open = fuseHolds(rest.length, known) ? rest : asked
  if (open.length === 0) return hold(reasons.fuse)
  if (!canReadByIds(connection) || !connection.readable.has(resource)) {
    // Its delete feed should have named them; only a person can say more.
    return { gone: [...gone, ...asked], alive: [], held: without(rest, asked), why: reasons.notTold }
  }
  const witnesses = witnessesOf([...seen])
  const rows = await connection.readByIds(resource, [...open, ...witnesses])
  const shown = new Set(rows.map(({ id }) => id))
  const alive = rows.filter(({ id }) => open.includes(id))
  const absent = open.filter((id) => !shown.has(id))
  const proven = connection.absenceIsProof?.has(resource) === true || witnesses.every((id) => shown.has(id))
  if (!proven) return { gone, alive, held: rest.filter((id) => !shown.has(id)), why: reasons.unproven }
  const held = without(rest, open)
  return { gone: [...gone, ...absent], alive, held, ...(held.length > 0 ? { why: reasons.fuse } : {}) }
}

/** Some that were just listed, from both ends: an answer without them proves nothing about others. */
function witnessesOf(seen: readonly string[]): string[] {
  return [...new Set([seen[0]!, seen[seen.length >> 1]!, seen.at(-1)!])]
}

function without(ids: readonly string[], some: readonly string[]): string[] {
  const left = new Set(some)
  return ids.filter((id) => !left.has(id))
}

const reasons = {
  empty: {
    vi: 'Danh sách trả về rỗng: không kết luận là đã xóa. Hãy kiểm tra quyền và dữ liệu ở hệ thống đó.',
    en: 'The listing came empty: no deletion follows from it. Check the rights and the data at that system.',
  },
  short: {
    vi: 'Danh sách ngắn hơn tổng số mà hệ thống báo: không kết luận là đã xóa. Lần đối chiếu sau sẽ xem lại.',
    en: 'The listing is shorter than the total that the system tells: no deletion follows. The next audit looks again.',
  },
  fuse: {
    vi: 'Thiếu quá nhiều bản ghi nên không tự kết luận là đã xóa. Nếu đúng là đã xóa, hãy xác nhận bằng --confirm-deletions.',
    en: 'Too many records are missing to conclude by itself that they were deleted. If they were, confirm with --confirm-deletions.',
  },
  notTold: {
    vi: 'Danh sách không còn bản ghi, nhưng hệ thống không báo đã xóa. Nếu đúng là đã xóa, hãy xác nhận bằng --confirm-deletions.',
    en: 'The listing lacks the records, but the system does not tell that they were deleted. If they were, confirm with --confirm-deletions.',
  },
  unproven: {
    vi: 'Đọc theo mã cũng không thấy cả những bản ghi vừa có trong danh sách: câu trả lời không đáng tin. Lần đối chiếu sau sẽ xem lại.',
    en: 'A read by id did not even show records that were just listed: the answer proves nothing. The next audit looks again.',
  },
} as const
