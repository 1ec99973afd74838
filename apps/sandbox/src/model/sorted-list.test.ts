import { describe, expect, it } from 'vitest'
import { Prng } from './prng.ts'
import { SortedList } from './sorted-list.ts'

describe('SortedList', () => {
  it('keeps order and ranks through random adds and removes, as a sorted array does', () => {
    const random = new Prng(42)
    const weights = Array.from({ length: 6000 }, () => Math.floor(random.next() * 500))
    const compare = (a: number, b: number): number => (weights[a] ?? 0) - (weights[b] ?? 0) || a - b
    const list = new SortedList(compare)
    const model = new Set<number>()
    for (let step = 0; step < 12_000; step += 1) {
      const item = Math.floor(random.next() * weights.length)
      if (model.delete(item)) expect(list.remove(item)).toBe(true)
      else {
        model.add(item)
        list.add(item)
      }
    }
    const sorted = [...model].toSorted(compare)
    expect([list.size, [...list]]).toEqual([sorted.length, sorted])
    expect(list.slice(100, 50)).toEqual(sorted.slice(100, 150))
    expect(list.rank((item) => ((weights[item] ?? 0) < 250 ? -1 : 0))).toBe(
      sorted.filter((item) => (weights[item] ?? 0) < 250).length,
    )
    expect(list.remove(-1)).toBe(false)
    for (const item of sorted) list.remove(item)
    expect([list.size, list.slice(0, 10)]).toEqual([0, []])
  })
})
