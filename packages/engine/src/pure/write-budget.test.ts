import { expect, it } from 'vitest'
import { isPingPong } from './write-budget.ts'

const writes = (targets: string[], at = 0) =>
  targets.map((to, index) => ({ at: at + index, what: 'update', why: 'LINKED', to }))

it('sees a record that is written to and fro', () => {
  expect(isPingPong(writes(['a', 'b', 'a', 'b', 'a', 'b', 'a']), 100)).toBe(true)
})

it('lets people edit one side as often as they like, and both sides now and then', () => {
  expect(isPingPong(writes(Array.from({ length: 12 }, () => 'a')), 100)).toBe(false)
  expect(isPingPong(writes(['a', 'a', 'b', 'a', 'b']), 100)).toBe(false)
})

it('forgets what is older than the window', () => {
  expect(isPingPong(writes(['a', 'b', 'a', 'b', 'a', 'b', 'a']), 61_000)).toBe(false)
})
