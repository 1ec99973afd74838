import { toTimeStamp } from '@amis-sync/core'
import type { ChangePage, Row } from '@amis-sync/core'
import { formatCursor, parseCursor } from './cursor.ts'
import { readDeletions } from './deleted-feed.ts'
import { frontOf, newestFirst, readStretch } from './listing.ts'
import type { ReadContext, Stretch } from './listing.ts'
import { completeLines, needResource, toRecords } from './lookup.ts'
import { readWhole } from './read-whole.ts'
import type { Resource } from './resources.ts'
import { isInOrder, walkStart } from './walk.ts'
import type { WalkState } from './walk.ts'
import { advance, formatWatermark, parseWatermark } from './watermark.ts'
import type { Watermark } from './watermark.ts'
import { modifiedAt, toPosition } from './wire-record.ts'

/** Newest first, as asked for? Only then does an old row mean that all behind it are older still. */
function isSorted(rows: readonly Row[]): boolean {
  const places = rows.map((row) => toPosition('modified', row)).filter((place) => place !== undefined)
  return places.length === rows.length && isInOrder('modified', places)
}

const isOld = (row: Row, since: number): boolean => (modifiedAt(row) ?? Number.POSITIVE_INFINITY) < since

/** Is everything that changed since then read? */
function isPast(page: readonly Row[], since: number): boolean {
  const last = page.at(-1)
  if (last === undefined) return false
  return isSorted(page) ? isOld(last, since) : page.every((row) => isOld(row, since))
}

export function createChanges(
  context: ReadContext,
): (request: { resource: string; since: string; cursor?: string }) => Promise<ChangePage> {
  const { api, capabilities, overlapMs } = context

  const deletions = async (resource: Resource, since: Watermark) =>
    (await capabilities.has('deletedFeed')) ? readDeletions(api, resource, since.deleted, overlapMs) : undefined

  const firstPageOnly = async (resource: Resource, since: Watermark, stretch: Stretch) => {
    const gone = await deletions(resource, since)
    const { serverDate } = stretch
    const modified = advance({
      previous: since.modified,
      overlapMs,
      ...frontOf(stretch.page, overlapMs),
      ...(serverDate === undefined ? {} : { serverDate }),
    })
    return {
      deleted: gone?.tombstones ?? [],
      watermark: formatWatermark({ modified, deleted: gone?.watermark ?? since.deleted }),
    }
  }

  const newestPages = async (resource: Resource, since: Watermark, cursor: string | undefined): Promise<ChangePage> => {
    const filter: { modifiedFrom?: string } =
      since.modified > 0 && (await capabilities.has('modifiedFrom'))
        ? { modifiedFrom: toTimeStamp(since.modified) }
        : {}
    const walk: WalkState = cursor === undefined ? walkStart(true) : parseCursor(cursor).walk
    const stretch = await readStretch(api, resource, 'modified', { ...newestFirst, ...filter }, walk)
    const changed = stretch.rows.filter((row) => !isOld(row, since.modified))
    const next = stretch.next !== undefined && !isPast(stretch.page, since.modified) ? stretch.next : undefined
    return {
      records: toRecords(api, resource, await completeLines(api, resource, changed)),
      ...(next === undefined ? {} : { next: formatCursor({ walk: next }) }),
      ...(cursor === undefined ? await firstPageOnly(resource, since, stretch) : { deleted: [] }),
    }
  }

  const wholeList = async (resource: Resource, since: Watermark): Promise<ChangePage> => {
    const { rows, serverDate } = await readWhole(api, resource)
    const stretch = { rows, page: rows, ...(serverDate === undefined ? {} : { serverDate }) }
    return {
      records: toRecords(
        api,
        resource,
        rows.filter((row) => !isOld(row, since.modified)),
      ),
      ...(await firstPageOnly(resource, since, stretch)),
    }
  }

  return async (request) => {
    const resource = needResource(api, request.resource, (found) => found.listing !== 'plain')
    const since = parseWatermark(request.since)
    return resource.listing === 'whole' ? wholeList(resource, since) : newestPages(resource, since, request.cursor)
  }
}
