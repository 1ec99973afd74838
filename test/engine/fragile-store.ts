import { type TenantStore, SyncError } from '@amis-sync/core'

/** How it breaks: the database is away for one change, before it was done or after it; or the process dies right after the change. */
export type Breakage = 'before' | 'after' | 'crash'

const changing = /^(add|done|mark|record|remove|save|saveState|set|settle|wake)$/

const away = new SyncError({
  code: 'DATABASE_UNREACHABLE',
  kind: 'retriable',
  message: { vi: 'Không kết nối được cơ sở dữ liệu.', en: 'The database cannot be reached.' },
})

/** Ends an engine as a lost lease does: the nearest to death that a process can watch. */
const dead = new SyncError({
  code: 'LEASE_LOST',
  kind: 'retriable',
  message: { vi: 'Tiến trình đã chết.', en: 'The process is dead.' },
})

/** Stands between one engine and its store and connections, counts the changes, and breaks at one of them. */
export class FragileStore {
  changes = 0
  crashed = false
  readonly #breakAt: number
  readonly #breakage: Breakage

  constructor(breakAt: number, breakage: Breakage) {
    this.#breakAt = breakAt
    this.#breakage = breakage
  }

  /** Once it crashed the next engine gets the store as it is. */
  readonly wrapStore = (store: TenantStore): TenantStore => (this.crashed ? store : this.#guard(store))

  /** The dead send nothing. */
  readonly wrapConnection = <T extends object>(connection: T): T =>
    this.crashed ? connection : this.#guard(connection)

  #guard<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_target, name): unknown => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value === 'object' && value !== null && !(value instanceof Set)) return this.#guard(value)
        if (typeof value !== 'function') return value
        return (...parameters: unknown[]) => this.#call(String(name), () => Reflect.apply(value, target, parameters))
      },
    })
  }

  async #call(name: string, task: () => unknown): Promise<unknown> {
    if (this.crashed) throw dead
    if (!changing.test(name)) return task()
    this.changes += 1
    const breaks = this.changes === this.#breakAt
    if (breaks && this.#breakage === 'before') throw away
    const answer = await task()
    if (breaks && this.#breakage === 'crash') this.crashed = true
    if (breaks) throw this.crashed ? dead : away
    return answer
  }
}
