import { randomHex } from './surroundings.ts'

/** A new guid (version 4), lower case. */
export function newGuid(): string {
  const hex = randomHex(16)
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
