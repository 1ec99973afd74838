import type { Connection, SystemId } from '@amis-sync/core'

const origin = new WeakMap<object, SystemId>()

/** Which system an error came from, if it came out of a connection. */
export function systemOf(error: unknown): SystemId | undefined {
  return typeof error === 'object' && error !== null ? origin.get(error) : undefined
}

/** The connection, whose errors remember where they came from. */
export function tagged(connection: Connection): Connection {
  return new Proxy(connection, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...parameters: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, parameters)
        if (!(result instanceof Promise)) return result
        return result.catch((error: unknown) => {
          if (typeof error === 'object' && error !== null) origin.set(error, target.system)
          throw error
        })
      }
    },
  })
}
