import { blockKeys, mostWith } from './block-keys.ts'
import { type Comparison, compareRecords } from './compare-records.ts'
import type { ReadRecord } from './read-record.ts'
import { fewest, settled } from './settle-pairs.ts'

/** A record among those that are matched. */
export interface Entrant {
  /** `0` or `1`, as in the plugin's `sides`. */
  readonly side: 0 | 1
  /** Linked records have their twin: only their duplicates are looked for. */
  readonly linked: boolean
  readonly read: ReadRecord
}

/** Two records by their position in the list, and what their comparison says. */
export interface FoundPair extends Comparison {
  readonly a: number
  readonly b: number
}

export interface Found {
  /** Of both sides: `a` at side 0. */
  readonly pairs: readonly FoundPair[]
  /** Inside one side. */
  readonly duplicates: readonly FoundPair[]
  readonly compared: number
}

/** Key and position in one number, so that they sort at once: 32 and 21 bits. */
const mostEntrants = 2 ** 21
const comparisonsBetweenPauses = 2_000

interface Block {
  readonly key: number
  readonly members: readonly number[]
}

/**
 * Compares what may be the same thing, never everything with everything: records meet only in blocks of a common key, each pair once.
 * `rejected` pairs never meet again. A generator, so that who runs it may breathe: it yields now and then, and returns what it found.
 */
export function* findPairs(
  entrants: readonly Entrant[],
  rejected: (a: number, b: number) => boolean = () => false,
): Generator<undefined, Found> {
  if (entrants.length > mostEntrants) throw new RangeError(`more than ${mostEntrants} records`)
  const keys = entrants.map(({ read }) => blockKeys(read))
  const { blocks, dropped } = blocksOf(keys)
  const [pairs, duplicates]: [FoundPair[], FoundPair[]] = [[], []]
  let compared = 0
  for (const { key, members } of blocks) {
    for (const [at, one] of members.entries()) {
      for (let next = at + 1; next < members.length; next += 1) {
        const other = members[next]!
        const [a, b] = entrants[one]!.side <= entrants[other]!.side ? [one, other] : [other, one]
        const among = meeting(entrants[a]!, entrants[b]!)
        if (!among || firstCommon(keys[a]!, keys[b]!, dropped) !== key || rejected(a, b)) continue
        compared += 1
        if (compared % comparisonsBetweenPauses === 0) yield
        const comparison = compareRecords(entrants[a]!.read, entrants[b]!.read)
        if (comparison.band !== 'separate') (among === 'sides' ? pairs : duplicates).push({ a, b, ...comparison })
      }
    }
  }
  return { pairs: settled(pairs), duplicates: fewest(duplicates), compared }
}

function meeting(a: Entrant, b: Entrant): 'sides' | 'one side' | undefined {
  if (a.side === b.side) return 'one side'
  return a.linked || b.linked ? undefined : 'sides'
}

/** Blocks of at least two records; keys that too many have are dropped. */
function blocksOf(keys: readonly Uint32Array[]): { readonly blocks: readonly Block[]; readonly dropped: Set<number> } {
  const all = new Float64Array(keys.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const [owner, own] of keys.entries()) for (const key of own) all[filled++] = key * mostEntrants + owner
  all.sort()
  const blocks: Block[] = []
  const dropped = new Set<number>()
  for (let from = 0; from < all.length;) {
    const key = Math.floor(all[from]! / mostEntrants)
    let to = from + 1
    while (to < all.length && Math.floor(all[to]! / mostEntrants) === key) to += 1
    if (to - from > mostWith(key)) dropped.add(key)
    else if (to - from > 1)
      blocks.push({ key, members: Array.from(all.subarray(from, to), (one) => one % mostEntrants) })
    from = to
  }
  return { blocks, dropped }
}

/** The block in which two records meet; in the others they have met already. */
function firstCommon(a: Uint32Array, b: Uint32Array, dropped: ReadonlySet<number>): number | undefined {
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]!, b[j]!]
    if (x === y && !dropped.has(x)) return x
    if (x <= y) i += 1
    if (y <= x) j += 1
  }
  return undefined
}
