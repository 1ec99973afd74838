import { emitter, type Emitter } from './emit.ts'
import type { Resource } from './resource.ts'

const known = new WeakMap<Resource, Map<string, Emitter>>()

/** The writer of a resource's rows for a set of capabilities; built once for each set. */
export function emitterOf(
  resource: Resource,
  signature: string,
  on: (flag: string) => boolean,
  time: (ms: number) => string,
): Emitter {
  const bySignature = known.get(resource) ?? new Map<string, Emitter>()
  known.set(resource, bySignature)
  const found = bySignature.get(signature) ?? emitter(resource.columns, on, time)
  bySignature.set(signature, found)
  return found
}

/** A capability test that says yes to everything: persons and the admin interface see all. */
export const ALL_ON = (): boolean => true
