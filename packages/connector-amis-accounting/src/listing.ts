import { createHash } from 'node:crypto'
import type { Row, WireRecord } from '@amis-sync/core'
import type { Place } from './cursor.ts'
import { limits } from './resources.ts'

/** One answer of a list function. */
export interface Batch {
  readonly rows: readonly Row[]
  /** `CustomData.LastSyncTime`, as given. */
  readonly asOf: string | null
}

/** What a reading brought, and where it goes on. Without `next` the end was reached. */
export interface Stretch {
  readonly records: readonly WireRecord[]
  readonly asOf: string | null
  readonly next?: Place
}

export interface StretchOptions {
  readonly fetch: (skip: number) => Promise<Batch>
  /** `undefined`: a row of another table. */
  readonly toRecord: (row: Row, asOf: string | null) => WireRecord | undefined
  /** Take an empty first answer for the end, without a second look. */
  readonly trustEmpty: boolean
}

interface Entry {
  readonly record: WireRecord | undefined
  readonly print: string
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 10)

function toEntry(row: Row, record: WireRecord | undefined): Entry {
  return { record, print: hash(record ? `${record.id}|${record.version ?? ''}` : JSON.stringify(row)) }
}

/** Distances from the end of what was read at which rows are remembered. */
const anchorDistances = [49, 19, 9, 4, 2, 1, 0]
/** So often a list that will not hold still is asked for its end; what moves is in the next changes. */
const mostEndings = 5

/** The entries behind the last known one; all, if none is known. */
function behindKnown(
  entries: readonly Entry[],
  anchors: readonly string[],
): { joined: boolean; fresh: readonly Entry[] } {
  const known = new Set(anchors)
  const last = entries.findLastIndex((entry) => known.has(entry.print))
  return { joined: last >= 0, fresh: entries.slice(last + 1) }
}

const anchorsOf = (entries: readonly Entry[]): string[] =>
  anchorDistances.flatMap((distance) => entries.at(-1 - distance)?.print ?? [])

/**
 * Reads on from `place`: one full page, or the rest of the list.
 *
 * Paging by `skip` is no snapshot (contract §2.2.1): a row touched while reading moves to the end and pulls the others forward. So each
 * page begins with a row that is known; where none turns up, the reader goes back until one does, and overlaps more for a while. Rows
 * behind an untouched row are those that were behind it before: none is missed. And a short or empty page alone does not prove the end
 * (contract §5.1 `short`, `empty`): the end is where a second look brings nothing new.
 */
export async function readStretch(place: Place, options: StretchOptions): Promise<Stretch> {
  const collected: Entry[] = []
  let { skip, asOf, anchors } = place
  let overlap = Math.max(1, place.overlap >> 1)
  let back = place.overlap
  let endings = 0
  let tail = 0
  const done = (next?: Place): Stretch => ({
    records: collected.flatMap((entry) => entry.record ?? []),
    asOf,
    ...(next === undefined ? {} : { next }),
  })

  for (;;) {
    const batch = await options.fetch(skip)
    const from = (asOf ??= batch.asOf)
    const entries = batch.rows.map((row) => toEntry(row, options.toRecord(row, from)))
    const { joined, fresh } = behindKnown(entries, anchors)
    if (!joined && skip > 0) {
      back = Math.min(limits.page - 1, Math.max(10, back * 5))
      overlap = Math.min(50, back)
      skip = Math.max(0, skip - back)
      continue
    }
    collected.push(...fresh)
    if (entries.length > 0) {
      anchors = anchorsOf(entries)
      skip = Math.max(0, skip + entries.length - overlap)
    }
    if (entries.length >= limits.page) return done({ skip, anchors, overlap, asOf })
    endings++
    tail += fresh.length
    const nothing = entries.length === 0 && anchors.length === 0
    if (nothing && options.trustEmpty) return done()
    // A short answer behind a full page that brought nothing at all is the rarest end and the likeliest fault: one more look.
    const looks = nothing || tail > 0 ? 2 : 3
    if ((fresh.length === 0 && endings >= looks) || endings >= mostEndings) return done()
  }
}

/**
 * Every row of a list that only grows at its end (deletions, lost callbacks), each once. A short answer may only claim to be all: nothing
 * new behind it is the proof.
 */
export async function readGrowing(fetch: (skip: number) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const found = new Map<string, Row>()
  let skip = 0
  for (;;) {
    const rows = await fetch(skip)
    const before = found.size
    for (const row of rows) found.set(JSON.stringify(row), row)
    if (found.size === before) return [...found.values()]
    skip += rows.length
  }
}
