import { expect, it } from 'vitest'
import { fuseHolds } from './deletion-fuse.ts'

it.each([
  [0, 0, true],
  [1, 1, true],
  [3, 10, true],
  [4, 10, false],
  [5, 100, true],
  [6, 100, false],
  [50, 100_000, true],
  [51, 100_000, false],
  [100_000, 100_000, false],
])('D9 %i missing of %i: concluded = %s', (missing, known, holds) => expect(fuseHolds(missing, known)).toBe(holds))
