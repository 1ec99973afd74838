import { expect, it } from 'vitest'
import { createChance } from './chance.ts'
import { shrink } from './shrink.ts'

const many = Array.from({ length: 100 }, (_, index) => index)

it('leaves what is needed and nothing else', async () => {
  const needed = [3, 42, 97]
  const fails = async (steps: readonly number[]) => needed.every((one) => steps.includes(one))
  expect(await shrink(many, fails)).toEqual(needed)
})

it('ends after so many tries, or when somebody has enough', async () => {
  let tries = 0
  const fails = async (steps: readonly number[]) => {
    tries += 1
    return steps.includes(5)
  }
  await shrink(many, fails, { mostTries: 3 })
  expect(tries).toBe(3)
  expect(await shrink(many, fails, { enough: () => true })).toEqual(many)
})

it('chance is the one of contract §5.5', () => {
  const { next } = createChance(1)
  expect([next(), next(), next()].map((one) => one.toFixed(8))).toEqual(['0.62707394', '0.00273572', '0.52744704'])
})
