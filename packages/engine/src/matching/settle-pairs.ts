import type { FoundPair } from './find-pairs.ts'

/** A record is shown beside so many others at most; more is no help to anybody. */
const mostPerRecord = 5

const byScore = (x: FoundPair, y: FoundPair): number => y.score - x.score || x.a - y.a || x.b - y.b

/** The best few of each record, best first. */
export function fewest(pairs: readonly FoundPair[]): FoundPair[] {
  const shown = new Map<number, number>()
  return pairs.toSorted(byScore).filter(({ a, b }) => {
    const [ofA, ofB] = [shown.get(a) ?? 0, shown.get(b) ?? 0]
    if (ofA >= mostPerRecord || ofB >= mostPerRecord) return false
    shown.set(a, ofA + 1)
    shown.set(b, ofB + 1)
    return true
  })
}

/**
 * A record has one twin. A pair links by itself only where it is the best of both its records, and no other is as good; records whose
 * twin is found by that are asked about no more.
 */
export function settled(pairs: readonly FoundPair[]): FoundPair[] {
  const sorted = pairs.toSorted(byScore)
  const best = new Map<string, FoundPair[]>()
  for (const pair of sorted) {
    for (const name of [`a${pair.a}`, `b${pair.b}`]) {
      const known = best.get(name)
      if (!known) best.set(name, [pair])
      else if (known[0]!.score === pair.score) known.push(pair)
    }
  }
  const alone = (pair: FoundPair): boolean =>
    [`a${pair.a}`, `b${pair.b}`].every((name) => best.get(name)!.length === 1 && best.get(name)![0] === pair)
  const linked = new Set<string>()
  for (const pair of sorted) {
    if (pair.band !== 'link' || !alone(pair)) continue
    linked.add(`a${pair.a}`)
    linked.add(`b${pair.b}`)
  }
  const taken = (pair: FoundPair): boolean => linked.has(`a${pair.a}`) || linked.has(`b${pair.b}`)
  const left = sorted.flatMap((pair): FoundPair[] => {
    if (pair.band === 'link' && alone(pair)) return [pair]
    return taken(pair) ? [] : [{ ...pair, band: 'ask' }]
  })
  return fewest(left)
}
