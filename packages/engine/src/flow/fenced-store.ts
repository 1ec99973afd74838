import type { TenantStore } from '@amis-sync/core'

/** The methods that change something. */
const changing: ReadonlySet<PropertyKey> = new Set([
  'accept',
  'add',
  'clear',
  'done',
  'mark',
  'put',
  'record',
  'remove',
  'save',
  'saveState',
  'set',
  'settle',
  'update',
  'wake',
])

/**
 * The store as long as the lease holds: whoever lost it changes nothing any more, even if it stood still in the middle of a round and goes
 * on when another runner has long taken over. `check` throws then.
 */
export function fencedStore(store: TenantStore, check: () => void): TenantStore {
  const parts = new Map<PropertyKey, unknown>()
  return fenced(store, check, (name, value) => {
    if (typeof value !== 'object' || value === null) return value
    if (!parts.has(name)) parts.set(name, fenced(value, check))
    return parts.get(name)
  })
}

function fenced<T extends object>(
  target: T,
  check: () => void,
  part: (name: PropertyKey, value: unknown) => unknown = (_name, value) => value,
): T {
  return new Proxy(target, {
    get(_target, name): unknown {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return part(name, value)
      return async (...parameters: unknown[]): Promise<unknown> => {
        if (changing.has(name)) check()
        return Reflect.apply(value, target, parameters)
      }
    },
  })
}
