import { describe, expect, it } from 'vitest'
import { firstPlace, fromCursor, toCursor } from './cursor.ts'
import { readStretch } from './listing.ts'
import { resourceNamed } from './resources.ts'
import { toRecord } from './rows.ts'

const resource = resourceNamed('AccountObjects')!

/** A list of ACT in the order (modified_date, id): touched rows move to the end. */
class List {
  requests = 0
  #rows: { id: string; at: number }[]
  #now = 1_000
  /** Runs after each answer: what others do meanwhile. */
  afterAnswer: (list: List) => void = () => {}
  /** Makes the next answers come short. */
  faults: number[] = []

  constructor(size: number) {
    this.#rows = Array.from({ length: size }, (_, index) => ({ id: `r${String(index).padStart(5, '0')}`, at: 0 }))
  }

  get size(): number {
    return this.#rows.length
  }

  touch(index: number): void {
    const [row] = this.#rows.splice(index, 1)
    if (row) this.#rows.push({ id: row.id, at: ++this.#now })
  }

  remove(index: number): void {
    this.#rows.splice(index, 1)
  }

  async read(): Promise<{ ids: string[]; pages: number[] }> {
    const ids: string[] = []
    const pages: number[] = []
    let cursor: string | undefined
    do {
      const stretch = await readStretch(cursor === undefined ? firstPlace : fromCursor(cursor), {
        fetch: async (skip) => {
          this.requests++
          const page = this.#rows.slice(skip, skip + 100)
          const rows = page.map((row) => ({ account_object_id: row.id, modified_date: String(row.at) }))
          this.afterAnswer(this)
          return { rows: rows.slice(0, this.faults.shift() ?? 100), asOf: 'now' }
        },
        toRecord: (row, asOf) => toRecord(row, resource, undefined, asOf),
        trustEmpty: false,
      })
      ids.push(...stretch.records.map((record) => record.id))
      pages.push(stretch.records.length)
      cursor = stretch.next && toCursor(stretch.next)
    } while (cursor !== undefined)
    return { ids, pages }
  }
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `r${String(index).padStart(5, '0')}`)

describe('readStretch', () => {
  it.each([
    [0, 2],
    [1, 2],
    [99, 2],
    [100, 4],
    [1_000, 12],
    [10_000, 104],
    [100_000, 1_012],
  ])('reads %i quiet rows, each once, in order, with %i requests', async (size, requests) => {
    const list = new List(size)
    expect((await list.read()).ids).toEqual(names(size))
    expect(list.requests).toBe(requests)
  })

  it('misses no untouched row when rows that were read are touched between two pages', async () => {
    const list = new List(350)
    let answers = 0
    list.afterAnswer = () => {
      if (++answers === 1) for (const index of [80, 50, 20]) list.touch(index)
    }
    const { ids } = await list.read()
    expect(new Set(ids)).toEqual(new Set(names(350)))
    expect(list.requests).toBeLessThanOrEqual(8)
  })

  it('misses none when the very last row read is touched, or many are deleted', async () => {
    const list = new List(1_000)
    let answers = 0
    list.afterAnswer = () => {
      if (++answers === 2) for (const index of [198, 197, 196, 195, 190, 180, 150, 10, 9, 8]) list.touch(index)
      if (answers === 5) for (let index = 0; index < 130; index++) list.remove(0)
    }
    const seen = new Set((await list.read()).ids)
    expect(names(1_000).filter((id) => !seen.has(id))).toEqual([])
  })

  it('keeps up with a list that moves at every answer', async () => {
    const list = new List(2_000)
    let draw = 7
    list.afterAnswer = () => {
      for (let touched = 0; touched < 3; touched++) {
        draw = (draw * 48_271) % 2_147_483_647
        list.touch(draw % list.size)
      }
    }
    const seen = new Set((await list.read()).ids)
    expect(names(2_000).filter((id) => !seen.has(id))).toEqual([])
    expect(list.requests).toBeLessThan(60)
  })

  it.each([[[1]], [[0]], [[100, 1]], [[100, 0]], [[100, 1, 1]], [[100, 100, 37, 100]]])(
    'does not take short answers %j for the end',
    async (faults) => {
      const list = new List(500)
      list.faults = faults
      expect(new Set((await list.read()).ids)).toEqual(new Set(names(500)))
    },
  )

  it('trusts an empty first answer where told to', async () => {
    let requests = 0
    const stretch = await readStretch(firstPlace, {
      fetch: async () => {
        requests++
        return { rows: [], asOf: 'now' }
      },
      toRecord: () => undefined,
      trustEmpty: true,
    })
    expect(stretch).toEqual({ records: [], asOf: 'now' })
    expect(requests).toBe(1)
  })
})

it('refuses a cursor that is none of its own', () => {
  expect(() => fromCursor('abc')).toThrow(expect.objectContaining({ code: 'CURSOR_NOT_UNDERSTOOD' }))
})
