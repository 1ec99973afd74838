import type { TrailEvent } from '@amis-sync/core'

/** Window of the write budget, milliseconds. */
export const budgetWindowMs = 60_000
/** So many changes of direction within the window are no work of people. */
const mostTurns = 6

/**
 * Is a record being written to and fro (design §4.6)? Counts how often the direction of our own writes turned lately: two sides that
 * disagree about a value for ever turn with each write, a person who edits one side all day never does.
 */
export function isPingPong(trail: readonly TrailEvent[], now: number): boolean {
  const targets = trail
    .filter(({ at, what }) => now - at < budgetWindowMs && (what === 'update' || what === 'writeBack'))
    .map(({ to }) => to)
  const turns = targets.filter((to, index) => index > 0 && to !== targets[index - 1]).length
  return turns >= mostTurns
}
