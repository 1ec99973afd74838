import { createHash } from 'node:crypto'

const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')

/** A version 5 UUID of the parts: the same parts always give the same id, in every runner and after every restart. */
export function deterministicId(...parts: readonly (string | number)[]): string {
  const bytes = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
