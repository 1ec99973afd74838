import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Looks until the answer is neither `undefined` nor `false`. An error counts as "not yet", so that what is awaited can be written as an
 * assertion; the last one is told with the name of what was awaited when time is up.
 */
export async function until<T>(what: string, look: () => Promise<T>, withinMs = 20_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const answer = await look()
      if (answer !== undefined && answer !== null && answer !== false) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw new Error(`${withinMs} ms passed, still waiting: ${what}`, { cause: last })
    await sleep(60)
  }
}
