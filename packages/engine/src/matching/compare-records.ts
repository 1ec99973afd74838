import type { Message } from '@amis-sync/core'
import { compareNames } from './compare-names.ts'
import type { ReadRecord, Reading } from './read-record.ts'
import { type Band, type Weight, bandFrom, weights } from './weights.ts'

/** One piece of evidence, in words. */
export interface Evidence {
  readonly field: string
  readonly outcome: string
  readonly points: number
  readonly text: Message
}

export interface Comparison {
  readonly band: Band
  readonly score: number
  readonly evidence: readonly Evidence[]
}

const differ = (a: string, b: string): string => (a === b ? 'same' : 'different')

/** 10 digits are a company, 13 a unit of it (contract §4.0). */
function compareTaxCodes(a: string, b: string): string {
  if (a === b) return 'same'
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length === 10 && long.length === 13 && long.startsWith(short) ? 'unit' : 'different'
}

/** The last part of an address is its province; without one nothing is said. */
function compareAddresses(a: string, b: string): string | undefined {
  if (a === b) return 'same'
  const [partsA, partsB] = [a.split(','), b.split(',')]
  if (partsA.length < 2 || partsB.length < 2) return undefined
  return partsA.at(-1) === partsB.at(-1) ? undefined : 'different'
}

function outcomeOf(a: Reading, b: Reading): string | undefined {
  if ('name' in a) return 'name' in b ? compareNames(a.name, b.name) : undefined
  if ('numbers' in a) {
    if (!('numbers' in b)) return undefined
    return a.numbers.some((number) => b.numbers.includes(number)) ? 'same' : 'different'
  }
  if (!('key' in b)) return undefined
  if (a.as === 'taxCode') return compareTaxCodes(a.key, b.key)
  return a.as === 'address' ? compareAddresses(a.key, b.key) : differ(a.key, b.key)
}

/** Two numbers, one text; two that differ, both. */
function spoken(weight: Weight, a: string, b: string): Message {
  const values = a === b ? a : `${a} / ${b}`
  return { vi: `${weight.text.vi}: ${values}`, en: `${weight.text.en}: ${values}` }
}

/** Are two records the same thing? Pure; what the fields say is added up, and every part of the sum is told. */
export function compareRecords(a: ReadRecord, b: ReadRecord): Comparison {
  const found: { evidence: Evidence; weight: Weight }[] = []
  for (const [field, reading] of a) {
    const other = b.get(field)
    const outcome = other && outcomeOf(reading, other)
    const weight = outcome === undefined ? undefined : weights[reading.as][outcome]
    if (!weight) continue
    const text = spoken(weight, reading.text, other!.text)
    found.push({ weight, evidence: { field, outcome: outcome!, points: weight.points, text } })
  }
  const score = found.reduce((sum, { weight }) => sum + weight.points, 0)
  return {
    band: bandOf(
      score,
      found.map(({ weight }) => weight),
    ),
    score,
    evidence: found.map(({ evidence }) => evidence),
  }
}

function bandOf(score: number, all: readonly Weight[]): Band {
  const capped = all.some(({ atMost }) => atMost === 'ask') && !all.some(({ decisive }) => decisive)
  if (score >= bandFrom.link) return capped ? 'ask' : 'link'
  return score >= bandFrom.ask || all.some(({ atLeast }) => atLeast === 'ask') ? 'ask' : 'separate'
}
