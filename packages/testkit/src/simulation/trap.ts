import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'

/** What a trap caught, and how to take it away. */
export interface Trap {
  readonly caught: readonly string[]
  release(): void
}

/** Somebody else's code (the test runner, Node) may go on using real time. */
const ours = /\/(packages|apps|test)\/[^\n]*\.ts/

/** Who called the trapped function, though stacks may be switched off. */
function callerOf(name: string): string {
  const depth = Error.stackTraceLimit
  Error.stackTraceLimit = 5
  const [, , , caller = ''] = (new Error(name).stack ?? '').split('\n')
  Error.stackTraceLimit = depth
  return caller
}

/**
 * Until it is released, sources of time and chance other than the simulation's throw when our code reaches for them: real clock, real
 * timers, `Math.random`, random identities. What they caught is also kept, should somebody swallow the error.
 */
export function trapNondeterminism(): Trap {
  const caught: string[] = []
  const undo: (() => void)[] = []
  const replace = (host: object, name: string): void => {
    const real = Reflect.get(host, name) as (...parameters: unknown[]) => unknown
    const trapped = (...parameters: unknown[]): unknown => {
      const caller = callerOf(name)
      if (!ours.test(caller) || caller.includes('node_modules')) return Reflect.apply(real, host, parameters)
      caught.push(`${name}${caller.trimEnd()}`)
      throw new Error(`${name} is not the simulation's`)
    }
    Reflect.set(host, name, Object.assign(trapped, real))
    undo.push(() => Reflect.set(host, name, real))
  }
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) replace(globalThis, name)
  replace(Date, 'now')
  replace(Math, 'random')
  replace(performance, 'now')
  replace(globalThis.crypto, 'randomUUID')
  replace(crypto, 'randomUUID')
  replace(crypto, 'randomBytes')
  syncBuiltinESMExports()
  return {
    caught,
    release: () => {
      for (const one of undo.splice(0)) one()
      syncBuiltinESMExports()
    },
  }
}
