import type { Random } from '@amis-sync/core'

/** All chance of a simulation: mulberry32 (contract §5.5), so that a seed says everything. */
export interface Chance extends Random {
  /** A whole number from 0 to `below` - 1. */
  readonly below: (below: number) => number
  /** A whole number from `from` to `to`, both included. */
  readonly between: (from: number, to: number) => number
  readonly pick: <T>(among: readonly T[]) => T
  /** True with this probability. */
  readonly maybe: (probability: number) => boolean
  readonly bytes: (count: number) => Buffer
}

export function createChance(seed: number): Chance {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    between: (from, to) => from + below(to - from + 1),
    pick: (among) => {
      if (among.length === 0) throw new RangeError('nothing to pick from')
      return among[below(among.length)]!
    },
    maybe: (probability) => next() < probability,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  }
}
