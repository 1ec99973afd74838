import { describe, expect, it } from 'vitest'
import { maxPageSize, walkStart, walkStep, windowOf } from './walk.ts'
import type { Order, Position, WalkState } from './walk.ts'

interface Found {
  readonly ids: number[]
  readonly requests: number
  readonly vanished: boolean
}

interface Server {
  rows: Position[]
  /** What happens between two requests, and to the answer of the n-th one (from 1). */
  readonly between?: (rows: Position[], request: number) => Position[]
  readonly answer?: (page: Position[], request: number) => Position[]
  readonly total?: (rows: Position[], request: number) => number | undefined
}

/** Walks a list in memory. */
function walk(order: Order, careful: boolean, server: Server): Found {
  const ids: number[] = []
  let state: WalkState = walkStart(careful)
  let givesTotals = false
  for (let requests = 1; requests < 3_000; requests++) {
    const window = windowOf(state)
    const start = window.page * window.pageSize
    const whole = server.rows.slice(start, start + window.pageSize)
    const page = server.answer?.(whole, requests) ?? whole
    const total = server.total === undefined ? server.rows.length : server.total(server.rows, requests)
    givesTotals ||= total !== undefined
    const facts = { doubtful: total === undefined && givesTotals, ...(total === undefined ? {} : { total }) }
    const step = walkStep(order, state, window, page, facts)
    server.rows = server.between?.(server.rows, requests) ?? server.rows
    if ('vanished' in step) return { ids, requests, vanished: true }
    if ('again' in step) {
      state = step.again
      continue
    }
    ids.push(...page.slice(step.from).map(([, id]) => id))
    if (step.next === undefined) return { ids, requests, vanished: false }
    state = step.next
  }
  throw new Error('the walk does not end')
}

const list = (count: number): Position[] => Array.from({ length: count }, (_, index) => [0, index + 1] as const)
const upTo = (count: number): number[] => list(count).map(([, id]) => id)

describe('windowOf', () => {
  it('starts a careful page at or before the last row read, and takes the most new rows', () => {
    for (let rank = 1; rank < 5_000; rank++) {
      const { page, pageSize } = windowOf({ rank, careful: true })
      expect(page * pageSize).toBeLessThan(rank)
      expect(page * pageSize + pageSize).toBeGreaterThan(rank)
      expect(pageSize).toBeLessThanOrEqual(maxPageSize)
    }
  })
})

describe('a plain walk', () => {
  it.each([
    [0, 1],
    [1, 1],
    [99, 1],
    [100, 2],
    [250, 3],
    [1_000, 11],
    [10_000, 101],
  ])('reads %i rows with %i requests', (count, requests) => {
    expect(walk('id', false, { rows: list(count) })).toEqual({ ids: upTo(count), requests, vanished: false })
  })

  it.each([0, 1, 99, 100, 101, 250, 300])('needs at most two more when no total is given (%i rows)', (count) => {
    const found = walk('id', false, { rows: list(count), total: () => undefined })
    expect(found.ids).toEqual(upTo(count))
    expect(found.requests).toBeLessThanOrEqual(Math.floor(count / 100) + 3)
  })

  it('does not believe totals that are wrong', () => {
    for (const total of [0, 1, 100, 7_000]) {
      const found = walk('id', false, { rows: list(250), total: () => total })
      expect(found.ids).toEqual(upTo(250))
    }
  })
})

describe('a short or empty answer that claims success', () => {
  it.each([1, 2, 3, 4])('does not end a plain walk (request %i)', (bad) => {
    for (const keep of [0, 1, 60]) {
      const found = walk('id', false, {
        rows: list(350),
        answer: (page, request) => (request === bad ? page.slice(0, keep) : page),
        total: (rows, request) => (request === bad ? undefined : rows.length),
      })
      expect(found.ids).toEqual(upTo(350))
    }
  })

  it.each([1, 2, 3, 4])('does not end a careful walk (request %i)', (bad) => {
    const found = walk('id', true, {
      rows: list(350),
      answer: (page, request) => (request === bad ? [] : page),
      total: (rows, request) => (request === bad ? undefined : rows.length),
    })
    expect(found.ids).toEqual(upTo(350))
  })

  it('is told as such when nothing else comes any more', () => {
    const found = walk('id', true, {
      rows: list(350),
      answer: (page, request) => (request > 1 ? [] : page),
      total: (_rows, request) => (request > 1 ? undefined : 350),
    })
    expect(found.vanished).toBe(true)
  })
})

describe('a careful walk', () => {
  it('loses no row to deletions', () => {
    let seed = 7
    const draw = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    for (let round = 0; round < 60; round++) {
      const most = Math.floor(draw() * 40) + 1
      const server: Server = {
        rows: list(900),
        between: (rows) => rows.filter(() => draw() > most / rows.length),
      }
      const found = walk('id', true, server)
      const seen = new Set(found.ids)
      expect(found.ids.length).toBe(seen.size)
      expect(server.rows.filter(([, id]) => !seen.has(id))).toEqual([])
    }
  })

  it('goes back over a gap of any width', () => {
    for (const gone of [1, 5, 90, 100, 250]) {
      const found = walk('id', true, {
        rows: list(700),
        between: (rows, request) => (request === 4 ? rows.slice(gone) : rows),
      })
      expect(found.ids).toEqual(upTo(700))
    }
  })

  it('reads newest first in spite of touches and deletions', () => {
    const rows: Position[] = Array.from({ length: 500 }, (_, index) => [10_000 - (index >> 2), 500 - index] as const)
    const found = walk('modified', true, {
      rows,
      between: (now, request) => {
        const touched = now[(request * 37) % now.length]!
        const rest = now.filter((row) => row !== touched && row[1] !== request * 3)
        return [[20_000 + request, touched[1]], ...rest]
      },
    })
    const seen = new Set(found.ids)
    const deleted = new Set(Array.from({ length: found.requests }, (_, index) => (index + 1) * 3))
    for (const [, id] of rows) expect(seen.has(id) || deleted.has(id)).toBe(true)
  })

  it('costs about one request in seven more', () => {
    expect(walk('id', true, { rows: list(10_000) }).requests).toBeLessThanOrEqual(116)
  })
})

describe('a walk in a fixed order', () => {
  it('gives each row once', () => {
    for (const count of [0, 1, 100, 250]) {
      const rows: Position[] = Array.from({ length: count }, (_, index) => [0, index] as const)
      const found = walk('fixed', false, { rows, total: () => undefined })
      expect(found.ids).toEqual(rows.map(([, id]) => id))
    }
  })
})
