import type { Clock, TenantStore } from '@amis-sync/core'
import type { Chance } from './chance.ts'
import type { Timeline } from './timeline.ts'

/** Most time that an answer of the store takes, milliseconds. */
const storeMs = 3

/**
 * What a process is to the simulation: everything that it waits for reaches it through here. It may die (nothing reaches it any more, what
 * it sent still arrives, or not) or stand still (what it waits for reaches it when it goes on).
 */
export class ProcessTwin {
  readonly #timeline: Timeline
  readonly #chance: Chance
  #alive = true
  #arrives = true
  #held: (() => void)[] | undefined
  /** Calls until it dies, and what is done then. */
  #doom: { left: number; readonly name: string | undefined; readonly die: () => void } | undefined
  readonly clock: Clock

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline
    this.#chance = chance
    this.clock = timeline.clock((ms, wake) => timeline.after(ms, () => this.#reach(wake)))
  }

  get alive(): boolean {
    return this.#alive
  }

  get paused(): boolean {
    return this.#held !== undefined
  }

  /** `kill -9`. `arrives`: what is on its way out still arrives. */
  kill(arrives: boolean): void {
    this.#alive = false
    this.#arrives = arrives
  }

  /** Dies when it makes its n-th call from now on, of this name if one is given: at any await, however short. */
  killAtCall(count: number, arrives: boolean, onDeath: () => void, name?: string): void {
    const die = (): void => {
      this.kill(arrives)
      onDeath()
    }
    this.#doom = { left: count, name, die }
  }

  /** It does not die at a call any more. */
  spare(): void {
    this.#doom = undefined
  }

  /** SIGSTOP. */
  pause(): void {
    this.#held ??= []
  }

  /** SIGCONT. */
  resume(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const go of held) go()
  }

  #reach(go: () => void): void {
    if (!this.#alive) return
    if (this.#held) this.#held.push(go)
    else go()
  }

  /** Something outside that takes so long to be reached; its answer comes at once. Calls of the store are named `links.save`. */
  call<T>(ms: number, effect: () => Promise<T>, name = ''): Promise<T> {
    const doom = this.#doom
    if (doom && (doom.name ?? name) === name && (doom.left -= 1) === 0) doom.die()
    return new Promise((resolve, reject) => {
      this.#timeline.after(ms, () => {
        if (!this.#alive && !this.#arrives) return
        effect().then(
          (value) => this.#reach(() => resolve(value)),
          (error: unknown) => this.#reach(() => reject(error)),
        )
      })
    })
  }

  /** The store as this process reaches it: each call takes its time, so that other streams come in between. */
  store(store: TenantStore): TenantStore {
    const parts = new Map<PropertyKey, unknown>()
    const wrap = <T extends object>(target: T, part?: string): T =>
      new Proxy(target, {
        get: (_target, name): unknown => {
          const value: unknown = Reflect.get(target, name, target)
          if (typeof value === 'function') {
            const label = part === undefined ? String(name) : `${part}.${String(name)}`
            return (...parameters: unknown[]) => {
              const effect = () => Reflect.apply(value, target, parameters) as Promise<unknown>
              return this.call(this.#chance.below(storeMs), effect, label)
            }
          }
          if (part !== undefined || typeof value !== 'object' || value === null) return value
          if (!parts.has(name)) parts.set(name, wrap(value, String(name)))
          return parts.get(name)
        },
      })
    return wrap(store)
  }
}
