import type { Page, Row } from '@amis-sync/core'
import { faultError } from '@amis-sync/http-client'
import { hasCode } from './api.ts'
import type { CrmApi, RowsAnswer } from './api.ts'
import type { Capabilities } from './capabilities.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { readDeletions } from './deleted-feed.ts'
import { listingVanished, orderNotKept } from './errors.ts'
import { completeLines, needResource, toRecords } from './lookup.ts'
import { readWhole } from './read-whole.ts'
import type { Query } from './read-whole.ts'
import type { Resource } from './resources.ts'
import { isInOrder, maxPageSize, walkStart, walkStep, windowOf } from './walk.ts'
import type { Order, Position, WalkState } from './walk.ts'
import { advance, formatWatermark } from './watermark.ts'
import { modifiedAt, toPosition } from './wire-record.ts'

/** Looks that one call takes before it gives up on a list that keeps moving. */
const mostLooks = 60

export interface ReadContext {
  readonly api: CrmApi
  readonly capabilities: Capabilities
  readonly overlapMs: number
}

export const newestFirst: Query = { orderBy: 'modified_date', isDescending: true }
const byId: Query = { orderBy: 'id', isDescending: false }

export interface Stretch {
  readonly rows: readonly Row[]
  /** All rows of the page, also those seen before. */
  readonly page: readonly Row[]
  readonly total?: number
  readonly serverDate?: number
  readonly next?: WalkState
}

function positions(api: CrmApi, resource: Resource, order: Order, rows: readonly Row[]): Position[] {
  return rows.map((row, index) => {
    const position = order === 'fixed' ? ([0, index] as const) : toPosition(order, row)
    if (position !== undefined) return position
    const place = { name: api.name, route: `GET ${resource.path}`, repeatable: true }
    throw faultError('MALFORMED_ANSWER', place, { detail: { why: 'row without id or modified_date' } })
  })
}

/** Reads on from a place until there are new rows, or the end. Throws `LISTING_VANISHED`. */
export async function readStretch(
  api: CrmApi,
  resource: Resource,
  order: Order,
  query: Query,
  from: WalkState,
): Promise<Stretch> {
  let state = from
  for (let look = 0; look < mostLooks; look++) {
    const window = windowOf(state)
    const answer = await api.rows(resource.path, { ...window, ...query })
    const places = positions(api, resource, order, answer.rows)
    if (order === 'id' && !isInOrder(order, places)) throw orderNotKept(api.name, resource.name)
    const step = walkStep(order, state, window, places, answer)
    if ('vanished' in step) break
    if ('again' in step) {
      state = step.again
      continue
    }
    const rows = answer.rows.slice(step.from)
    if (rows.length === 0 && step.next !== undefined) {
      state = step.next
      continue
    }
    return {
      rows,
      page: answer.rows,
      ...(answer.total === undefined ? {} : { total: answer.total }),
      ...(answer.serverDate === undefined ? {} : { serverDate: answer.serverDate }),
      ...(step.next === undefined ? {} : { next: step.next }),
    }
  }
  throw listingVanished(api.name, resource.name)
}

/** The newest change on a first page, and whether the overlap before it is fuller than the page. */
export function frontOf(
  rows: readonly Row[],
  overlapMs: number,
): { readonly newest?: number; readonly crowded: boolean } {
  const times = rows.map(modifiedAt).filter((time) => time !== undefined)
  if (times.length === 0) return { crowded: false }
  const newest = Math.max(...times)
  return { newest, crowded: rows.length >= maxPageSize && Math.min(...times) >= newest - overlapMs }
}

function startWatermark(answer: RowsAnswer, overlapMs: number): { text: string; modified: number } {
  const { serverDate } = answer
  const modified = advance({
    previous: 0,
    overlapMs,
    ...frontOf(answer.rows, overlapMs),
    ...(serverDate === undefined ? {} : { serverDate }),
  })
  return { text: formatWatermark({ modified, deleted: modified }), modified }
}

const withTotal = (total: number | undefined): { total?: number } => (total === undefined ? {} : { total })

export function createListing(context: ReadContext): (request: { resource: string; cursor?: string }) => Promise<Page> {
  const { api, capabilities, overlapMs } = context

  const toPage = async (resource: Resource, rows: readonly Row[], rest: Omit<Page, 'records'>): Promise<Page> => ({
    records: toRecords(api, resource, await completeLines(api, resource, rows)),
    ...rest,
  })

  /** A plain walk cannot see that deleted rows pulled others past it; the feed can tell. */
  const mayHaveSlid = async (resource: Resource, cursor: Cursor, last: Position | undefined): Promise<boolean> => {
    if (cursor.walk.careful || cursor.deletedSince === undefined || last === undefined) return false
    const deletions = await readDeletions(api, resource, cursor.deletedSince, overlapMs)
    return deletions === undefined || deletions.tombstones.some((tombstone) => Number(tombstone.id) <= last[1])
  }

  /** Only the default order is documented (contract §1.2): a server that does not know `orderBy=id` is read newest first. */
  const stretchOf = async (resource: Resource, cursor: Cursor): Promise<{ stretch: Stretch; cursor: Cursor }> => {
    if (cursor.order !== 'modified') {
      try {
        return { stretch: await readStretch(api, resource, 'id', byId, cursor.walk), cursor }
      } catch (error) {
        if (!hasCode(error, 'ORDER_NOT_KEPT') && !hasCode(error, 'CALL_REFUSED')) throw error
      }
    }
    const other: Cursor = cursor.order === 'modified' ? cursor : { walk: walkStart(true), order: 'modified' }
    return { stretch: await readStretch(api, resource, 'modified', newestFirst, other.walk), cursor: other }
  }

  const walkOn = async (resource: Resource, from: Cursor): Promise<Page> => {
    const { stretch, cursor } = await stretchOf(resource, from)
    const { rows, next } = stretch
    const total = withTotal(stretch.total)
    if (next !== undefined) return toPage(resource, rows, { next: formatCursor({ ...cursor, walk: next }), ...total })
    const lastRow = rows.at(-1)
    const last = lastRow === undefined ? cursor.walk.last : toPosition('id', lastRow)
    const onePage = cursor.walk.rank === 0
    if (onePage || !(await mayHaveSlid(resource, cursor, last))) return toPage(resource, rows, total)
    return toPage(resource, rows, { next: formatCursor({ walk: walkStart(true) }), ...total })
  }

  /**
   * The first request looks at the newest changes, for the watermark. If it brought everything there is, the listing is done; else the
   * walk goes by id, which touched rows do not leave.
   */
  const firstPage = async (resource: Resource): Promise<Page> => {
    const front = await readWhole(api, resource, { page: 0, pageSize: maxPageSize, ...newestFirst })
    const { text: watermark, modified } = startWatermark(front, overlapMs)
    const { rows, total } = front
    if (rows.length === 0 || (rows.length < maxPageSize && total === rows.length)) {
      return toPage(resource, rows.toReversed(), { watermark, ...withTotal(total) })
    }
    const plain = await capabilities.has('deletedFeed')
    const cursor: Cursor = plain ? { walk: walkStart(false), deletedSince: modified } : { walk: walkStart(true) }
    return { ...(await walkOn(resource, cursor)), watermark }
  }

  const wholeList = async (resource: Resource): Promise<Page> => {
    const answer = await readWhole(api, resource)
    return toPage(resource, answer.rows, { watermark: startWatermark(answer, overlapMs).text })
  }

  const fixedOrder = async (resource: Resource, cursor: Cursor): Promise<Page> => {
    const { rows, next, total } = await readStretch(api, resource, 'fixed', {}, cursor.walk)
    return toPage(resource, rows, {
      ...(next === undefined ? {} : { next: formatCursor({ walk: next }) }),
      ...withTotal(total),
    })
  }

  return async (request) => {
    const resource = needResource(api, request.resource, () => true)
    if (resource.listing === 'whole') return wholeList(resource)
    const cursor = request.cursor === undefined ? undefined : parseCursor(request.cursor)
    if (resource.listing === 'plain') return fixedOrder(resource, cursor ?? { walk: walkStart(false) })
    return cursor === undefined ? firstPage(resource) : walkOn(resource, cursor)
  }
}
