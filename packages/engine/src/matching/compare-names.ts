import type { NameReading } from './read-name.ts'

/**
 * What two names say of each other.
 *
 * - `same`: the same words, marks included, or one of them has none at all.
 * - `similar`: a typo, other order, other marks, something common left out or added: may be the same, may be not.
 * - `branch`: a branch and its head office, or another one's.
 * - `different`: a word or a number apart.
 */
export type NameRelation = 'same' | 'similar' | 'branch' | 'different'

/** Shorter words are too often another word, one letter apart. */
const shortestTypo = 4

export function compareNames(a: NameReading, b: NameReading): NameRelation {
  const relation = compareWords(a, b)
  if (relation === 'different') return 'different'
  if (a.branch !== b.branch) return 'branch'
  const lines = compareSets(a.lines, b.lines)
  if (lines === 'apart') return 'different'
  const alike = lines === 'equal' && compareSets(ownForms(a), ownForms(b)) !== 'apart'
  return alike ? relation : 'similar'
}

/** One member or several is a detail of the same form. */
function ownForms({ forms }: NameReading): ReadonlySet<string> {
  return forms.has('mtv') ? new Set([...forms, 'tnhh'].filter((form) => form !== 'mtv')) : forms
}

/** `part`: one of them leaves something out. For forms an empty set is no statement at all. */
function compareSets(a: ReadonlySet<string>, b: ReadonlySet<string>): 'equal' | 'part' | 'apart' {
  const common = [...a].filter((one) => b.has(one)).length
  if (common === a.size && common === b.size) return 'equal'
  return common === Math.min(a.size, b.size) ? 'part' : 'apart'
}

const digits = (words: readonly string[]): string =>
  words
    .filter((word) => /\d/.test(word))
    .toSorted()
    .join(' ')

function compareWords(a: NameReading, b: NameReading): 'same' | 'similar' | 'different' {
  if (a.words.length === 0 || b.words.length === 0 || digits(a.words) !== digits(b.words)) return 'different'
  if (a.words.join(' ') === b.words.join(' ')) {
    const marksDiffer = a.hasMarks && b.hasMarks && a.marked.join(' ') !== b.marked.join(' ')
    return marksDiffer ? 'similar' : 'same'
  }
  const turned = a.words.toSorted().join(' ') === b.words.toSorted().join(' ')
  if (turned || a.words.join('') === b.words.join('')) return 'similar'
  return isTypo(a.words, b.words) ? 'similar' : 'different'
}

function isTypo(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length || a.length < 2) return false
  const apart = a.flatMap((word, index) => (word === b[index] ? [] : [[word, b[index]!] as const]))
  if (apart.length !== 1) return false
  const [one, other] = apart[0]!
  return Math.max(one.length, other.length) >= shortestTypo && oneEditApart(one, other)
}

/** One letter more, less, other, or two neighbours turned. */
export function oneEditApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let from = 0
  while (from < short.length && short[from] === long[from]) from += 1
  const restOf = (text: string, skip: number) => text.slice(from + skip)
  if (short.length < long.length) return restOf(short, 0) === restOf(long, 1)
  if (restOf(short, 1) === restOf(long, 1)) return true
  return short[from] === long[from + 1] && short[from + 1] === long[from] && restOf(short, 2) === restOf(long, 2)
}
