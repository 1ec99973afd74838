import { normaliseText } from '@amis-sync/core'
import { knownPhrases, longestPhrase } from './name-words.ts'

/** A name as the matcher sees it. */
export interface NameReading {
  /** The party's own words, folded, in order. */
  readonly words: readonly string[]
  /** The same words with their marks; the tone stands behind the letters, since it is written on either vowel (hòa, hoà). */
  readonly marked: readonly string[]
  /** Written with marks at all: without, nothing can be said of them. */
  readonly hasMarks: boolean
  readonly forms: ReadonlySet<string>
  readonly lines: ReadonlySet<string>
  readonly branch: boolean
}

const tones = /[\u0300\u0301\u0303\u0309\u0323]/g
const noWords: ReadonlySet<string> = new Set()

/** Lower case, đ as d, no marks. */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('đ', 'd').normalize('NFD').replace(/\p{M}/gu, '')
}

/** `hoà` and `hòa` give the same text, `hoa` another one. */
function toneLast(word: string): string {
  const apart = word.toLowerCase().normalize('NFD')
  const tone = apart.match(tones)?.join('') ?? ''
  return apart.replace(tones, '').normalize('NFC') + tone
}

/** `T.N.H.H` and `C.ty` in one word; `&` as a word; words and numbers otherwise. */
function wordsOf(name: string): string[] {
  const text = (normaliseText(name) ?? '')
    .replace(/(?<![\p{L}\p{N}])(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}])/gu, (initials) => initials.replaceAll('.', ''))
    .replace(/(?<![\p{L}\p{N}])c\.\s?ty(?![\p{L}\p{N}])/giu, 'cty')
    .replaceAll('&', ' và ')
  return text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^\d+$/.test(word)
}

/** A company's or a person's name: its own words apart from those that any name may have. */
export function readPartyName(name: string): NameReading {
  const raw = wordsOf(name)
  const folded = raw.map(fold)
  const [words, marked, forms, lines] = [[] as string[], [] as string[], new Set<string>(), new Set<string>()]
  let branch = false
  const keep = (at: number) => {
    words.push(folded[at]!)
    marked.push(toneLast(raw[at]!))
  }
  for (let at = 0; at < raw.length;) {
    const length = phraseLength(folded, at)
    const known = length > 0 ? knownPhrases.get(folded.slice(at, at + length).join(' '))! : undefined
    // `CN` in front is a branch; elsewhere it may be anything.
    if (at === 0 && folded[0] === 'cn') branch = true
    else if (known?.role === 'branch') branch = true
    else if (known?.role === 'form') forms.add(known.value)
    else if (known?.role === 'line') for (const value of known.value.split(' ')) lines.add(value)
    else if (!known && !(folded[at] === 'so' && isNumber(folded[at + 1]))) keep(at)
    at += Math.max(1, length)
  }
  // A name of nothing but common words is told by them.
  if (words.length === 0) for (let at = 0; at < raw.length; at += 1) keep(at)
  return { words, marked, hasMarks: hasMarks(raw), forms, lines, branch }
}

function phraseLength(folded: readonly string[], at: number): number {
  for (let length = Math.min(longestPhrase, folded.length - at); length > 0; length -= 1) {
    if (knownPhrases.has(folded.slice(at, at + length).join(' '))) return length
  }
  return 0
}

function hasMarks(words: readonly string[]): boolean {
  return words.some((word) => fold(word) !== word.toLowerCase().normalize('NFD'))
}

/** A product's or a group's name: every word counts. */
export function readItemName(name: string): NameReading {
  const raw = wordsOf(name)
  return {
    words: raw.map(fold),
    marked: raw.map(toneLast),
    hasMarks: hasMarks(raw),
    forms: noWords,
    lines: noWords,
    branch: false,
  }
}
