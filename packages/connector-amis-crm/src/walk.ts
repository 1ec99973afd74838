/**
 * Walking a list that is served in pages and changes meanwhile (contract §1.2), as pure steps.
 *
 * Pages can only start at multiples of their size. A *careful* walk picks size and page so that each one starts at or before the last
 * row that was read: if its first row comes after that one, rows before it were deleted, others slid forward unseen, and the walk goes
 * back. That costs about one request in seven; where the deleted feed can tell afterwards whether anything slid, the walk is plain.
 *
 * A short or empty page is believed to be the end only if the system's total agrees or a second look brings nothing new: answers that
 * claim success and are not whole do occur.
 */

/** Where a row stands in the order: `[milliseconds of the last change, id]`. Ordered by id, the first is 0. */
export type Position = readonly [sort: number, id: number]

/** `id`: ascending id. `modified`: newest change first. `fixed`: some fixed order without ids. */
export type Order = 'id' | 'modified' | 'fixed'

export interface WalkState {
  /** Rows before this rank were read. */
  readonly rank: number
  /** The last row read. */
  readonly last?: Position
  readonly careful: boolean
  /** Answers that proved nothing, one after the other. */
  readonly doubts?: number
}

/** What a page tells besides its rows. */
export interface PageFacts {
  readonly total?: number
  /** It lacks the total that others had: rather a bad answer than the end. */
  readonly doubtful: boolean
}

export interface Window {
  readonly page: number
  readonly pageSize: number
}

export type Step =
  /** The rows from `from` on (by index) are new. No `next`: the end. */
  | { readonly from: number; readonly next?: WalkState }
  /** Nothing to be had from this page; look at another. */
  | { readonly again: WalkState }
  /** The list became empty while it was read. */
  | { readonly vanished: true }

export const maxPageSize = 100

/** How far back a walk goes at a time when it finds a gap. */
const stepBack = 50

/** Looks before an answer that brings nothing is believed: two, and more where answers have shown that they can tell more. */
export const looksNeeded = (doubtful: boolean): number => (doubtful ? 5 : 2)

export const walkStart = (careful: boolean): WalkState => ({ rank: 0, careful })

/** The page to ask for: the one that brings most new rows, starting not behind `rank` (careful: before it). */
export function windowOf(state: WalkState): Window {
  const latest = state.careful ? Math.max(0, state.rank - 1) : state.rank
  if (!state.careful) return { page: Math.floor(latest / maxPageSize), pageSize: maxPageSize }
  let best: Window = { page: 0, pageSize: maxPageSize }
  let end = 0
  for (let pageSize = maxPageSize; pageSize > 0; pageSize--) {
    const page = Math.floor(latest / pageSize)
    if (pageSize * (page + 1) > end) {
      best = { page, pageSize }
      end = pageSize * (page + 1)
    }
  }
  return best
}

function comesAfter(order: Order, left: Position, right: Position): boolean {
  if (order === 'id') return left[1] > right[1]
  return left[0] < right[0] || (left[0] === right[0] && left[1] < right[1])
}

/** Does a page keep to the order that was asked for? */
export function isInOrder(order: Order, positions: readonly Position[]): boolean {
  if (order === 'fixed') return true
  return positions.every((position, index) => index === 0 || comesAfter(order, position, positions[index - 1]!))
}

function emptyStep(state: WalkState, start: number, { total, doubtful }: PageFacts): Step {
  const doubts = (state.doubts ?? 0) + 1
  if (total === 0 || (start >= state.rank && total === state.rank)) return { from: 0 }
  if (state.rank === 0 && state.last === undefined) {
    return doubts >= looksNeeded(doubtful) ? { from: 0 } : { again: { ...state, doubts } }
  }
  if (start === 0) {
    return doubts > looksNeeded(doubtful) ? { vanished: true } : { again: { ...state, rank: 0, doubts } }
  }
  if (doubtful && doubts < looksNeeded(true)) return { again: { ...state, careful: true, doubts } }
  if (start >= state.rank) return { again: { ...state, careful: true, doubts } }
  return { again: { ...state, rank: Math.floor(start / 2), careful: true, doubts } }
}

/** What follows from one page. `positions`: its rows in the order given. */
export function walkStep(
  order: Order,
  state: WalkState,
  window: Window,
  positions: readonly Position[],
  facts: PageFacts,
): Step {
  const start = window.page * window.pageSize
  if (positions.length === 0) return emptyStep(state, start, facts)

  const { last } = state
  if (
    last !== undefined &&
    order !== 'fixed' &&
    start > 0 &&
    start < state.rank &&
    comesAfter(order, positions[0]!, last)
  ) {
    return { again: { rank: Math.max(0, start - stepBack), last, careful: true } }
  }

  const found = last === undefined ? 0 : positions.findIndex((position) => comesAfter(order, position, last))
  const fixedFrom = Math.min(positions.length, Math.max(0, state.rank - start))
  const from = order === 'fixed' ? fixedFrom : found < 0 ? positions.length : found
  const fresh = positions.length - from
  const rank = start + positions.length
  const short = positions.length < window.pageSize
  if (short && facts.total === rank) return { from }
  if (short && fresh === 0 && state.rank > 0) {
    // A second look that brought nothing new: the end, unless this answer is itself of the doubtful kind.
    const doubts = (state.doubts ?? 0) + 1
    return facts.doubtful && doubts < looksNeeded(true) ? { again: { ...state, careful: true, doubts } } : { from }
  }

  const newest = fresh > 0 ? positions.at(-1) : last
  return {
    from,
    next: { rank, careful: state.careful || short, ...(newest === undefined ? {} : { last: newest }) },
  }
}
