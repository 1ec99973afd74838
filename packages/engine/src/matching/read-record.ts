import { type Canonical, type EvidenceKind, type Matching, codeKey, normaliseTaxCode, phoneKey } from '@amis-sync/core'
import { type NameReading, fold, readItemName, readPartyName } from './read-name.ts'

/** One field as the matcher reads it; absent where the record has nothing to say. */
export type Reading =
  | { readonly as: 'partyName' | 'itemName'; readonly text: string; readonly name: NameReading }
  | { readonly as: 'phone'; readonly text: string; readonly numbers: readonly string[] }
  | {
      readonly as: Exclude<EvidenceKind, 'partyName' | 'itemName' | 'phone'>
      readonly text: string
      readonly key: string
    }

/** A record read once, compared many times. By field. */
export type ReadRecord = ReadonlyMap<string, Reading>

/** Shorter runs of digits are extensions or rubbish. */
const shortestPhone = 7

/** Words that say that a place is a province or a city. */
const placeWords = /\b(tinh|thanh pho|tp|t p)\b/g
const sameCity: Readonly<Record<string, string>> = {
  hcm: 'ho chi minh',
  'sai gon': 'ho chi minh',
  hcmc: 'ho chi minh',
  hn: 'ha noi',
}

export function placeKey(text: string): string {
  const plain = fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(placeWords, ' ')
    .replace(/ +/g, ' ')
    .trim()
  return sameCity[plain] ?? plain
}

function readField(as: EvidenceKind, text: string): Reading | undefined {
  switch (as) {
    case 'partyName':
      return { as, text, name: readPartyName(text) }
    case 'itemName':
      return { as, text, name: readItemName(text) }
    case 'phone': {
      const numbers = phoneKey(text)
        .split(';')
        .filter((number) => number.length >= shortestPhone)
      return numbers.length > 0 ? { as, text, numbers } : undefined
    }
    case 'taxCode': {
      const key = normaliseTaxCode(text)?.toLowerCase()
      return key === undefined ? undefined : { as, text, key }
    }
    case 'place':
      return { as, text, key: placeKey(text) }
    case 'address':
      return { as, text, key: text.split(',').map(placeKey).join(',') }
    default:
      return { as, text, key: codeKey(text) }
  }
}

export function readRecord({ fields }: Matching, record: Canonical): ReadRecord {
  const readings = new Map<string, Reading>()
  for (const { field, as } of fields) {
    const value = record[field]
    if (typeof value !== 'string' || value === '') continue
    const reading = readField(as, value)
    if (reading) readings.set(field, reading)
  }
  return readings
}
