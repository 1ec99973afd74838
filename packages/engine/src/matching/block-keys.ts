import type { NameReading } from './read-name.ts'
import type { ReadRecord } from './read-record.ts'

/** More records than this with one tax code or phone: it is filler (0000000000); with one name: a very common one. */
const mostByValue = 100
/** Words are rarer, or they do not tell. */
const mostByWord = 24

/** FNV-1a. Two keys of one hash cost a comparison, no more. The last bit tells words from values. */
function hash(kind: 'value' | 'word', key: string): number {
  let result = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) result = Math.imul(result ^ key.charCodeAt(at), 0x01000193)
  return ((result & ~1) | (kind === 'word' ? 1 : 0)) >>> 0
}

/** How many records may have a key before it tells nobody apart any more. */
export function mostWith(key: number): number {
  return (key & 1) === 1 ? mostByWord : mostByValue
}

function nameKeys({ words }: NameReading): number[] {
  const pairs = words.slice(1).map((word, index) => [words[index]!, word].toSorted().join(' '))
  return [
    hash('value', `name ${words.toSorted().join(' ')}`),
    hash('value', `joined ${words.join('')}`),
    ...[...words, ...pairs].map((key) => hash('word', key)),
  ]
}

/** The keys of a record, 32 bits each, in order: only records with one in common are ever compared. */
export function blockKeys(record: ReadRecord): Uint32Array {
  const keys = new Set<number>()
  for (const reading of record.values()) {
    if ('name' in reading) for (const key of nameKeys(reading.name)) keys.add(key)
    else if ('numbers' in reading) for (const number of reading.numbers) keys.add(hash('value', `phone ${number}`))
    else if (reading.as === 'code' || reading.as === 'taxCode' || reading.as === 'email')
      keys.add(hash('value', `${reading.as} ${reading.key}`))
  }
  return Uint32Array.from(keys).toSorted()
}
