import { type Connection, type RowWrite, type TenantStore, SyncError } from '@amis-sync/core'

/** Where a call fails: before it did anything, or after, so that only its answer is lost. */
export type Moment = 'before' | 'after'

export interface Trip {
  /** The n-th call of all that the engine makes to its store and its connections; 0 = none. */
  readonly n: number
  readonly moment: Moment
  /** From then on nothing is answered any more, as if the process had died there. */
  readonly forGood: boolean
}

/** What loops ask when there is nothing to do: reads without consequences, hundreds of them. */
const idle = new Set(['store.work.due', 'store.work.nextDue', 'store.work.counts', 'store.inbox.pending'])

/** Lets one call fail, counted over the store and all connections. */
export class Tripwire {
  calls = 0
  /** What failed. */
  tripped: string | undefined
  #trip: Trip
  #dead = false
  #die: () => void = () => undefined
  /** Resolves when a trip for good happened. */
  died = new Promise<void>((resolve) => {
    this.#die = resolve
  })

  constructor(trip: Trip) {
    this.#trip = trip
  }

  /** Counts anew, towards another trip. */
  arm(trip: Trip): void {
    this.calls = 0
    this.tripped = undefined
    this.#dead = false
    this.#trip = trip
    this.died = new Promise((resolve) => {
      this.#die = resolve
    })
  }

  disarm(): void {
    this.#dead = false
    this.#trip = { n: 0, moment: 'before', forGood: false }
  }

  async #call<T>(name: string, effect: () => Promise<T>, lost: () => T): Promise<T> {
    if (this.#dead) throw new Error(`${name} after the end`)
    if (idle.has(name)) return effect()
    this.calls += 1
    if (this.calls !== this.#trip.n) return effect()
    this.tripped = name
    this.#dead = this.#trip.forGood
    if (this.#trip.moment === 'after') {
      await effect()
      if (!this.#dead) return lost()
    }
    if (this.#dead) this.#die()
    throw name.startsWith('store') ? new Error(`${name} failed`) : unreachable(name)
  }

  store(store: TenantStore): TenantStore {
    return new Proxy(store, {
      get: (target, part) => {
        const value: unknown = Reflect.get(target, part, target)
        if (typeof value === 'function') return this.#wrapped(`store.${String(part)}`, value, target)
        if (typeof value !== 'object' || value === null) return value
        return new Proxy(value, {
          get: (inner, name) => {
            const member: unknown = Reflect.get(inner, name, inner)
            if (typeof member !== 'function') return member
            return this.#wrapped(`store.${String(part)}.${String(name)}`, member, inner)
          },
        })
      },
    })
  }

  #wrapped(name: string, method: unknown, target: object) {
    return (...parameters: unknown[]) => {
      const effect = () => Reflect.apply(method as () => Promise<unknown>, target, parameters)
      return this.#call(name, effect, () => {
        throw new Error(`the answer of ${name} was lost`)
      })
    }
  }

  connection(connection: Connection): Connection {
    const methods = ['listPage', 'changesPage', 'readByIds', 'readByKeys', 'outcomesSince', 'writeRows'] as const
    const wrapped = methods.flatMap((name) => {
      const method = connection[name] as ((...parameters: unknown[]) => Promise<unknown>) | undefined
      if (!method) return []
      const label = `${connection.system}.${name}`
      return [
        [
          name,
          (...parameters: unknown[]) =>
            this.#call(
              label,
              () => method(...parameters),
              () => {
                if (name !== 'writeRows') throw unreachable(label)
                return (parameters[0] as readonly RowWrite[]).map(({ opId }) => ({ opId, status: 'inDoubt' as const }))
              },
            ),
        ],
      ]
    })
    return { ...connection, ...Object.fromEntries(wrapped) } as Connection
  }
}

function unreachable(name: string): SyncError {
  return new SyncError({
    code: 'UNREACHABLE',
    kind: 'retriable',
    message: { vi: `${name} không trả lời`, en: `${name} does not answer` },
  })
}
