import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { trapNondeterminism } from './trap.ts'

it('real time and chance throw as long as it is set, and are kept on record', () => {
  const trap = trapNondeterminism()
  const tries = [
    () => Date.now(),
    () => Math.random(),
    () => setTimeout(() => undefined, 0),
    () => performance.now(),
    () => crypto.randomUUID(),
    () => randomUUID(),
  ]
  const thrown = tries.map((one) => {
    try {
      one()
      return 'nothing'
    } catch (error) {
      return (error as Error).message
    }
  })
  trap.release()
  const what = ['now', 'random', 'setTimeout', 'now', 'randomUUID', 'randomUUID']
  expect(thrown).toEqual(what.map((name) => `${name} is not the simulation's`))
  expect(trap.caught).toHaveLength(6)
  expect(Date.now()).toBeGreaterThan(0)
})
