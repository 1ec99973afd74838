import { randomUUID } from 'node:crypto'

/** A new guid, lower case. */
export function newGuid(): string {
  return randomUUID()
}
