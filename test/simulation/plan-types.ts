import type { ConflictSetting, SalesMode } from './settings.ts'
import type { AnyRow, SystemName } from './systems.ts'

/** A rule of contract §5.5. */
export interface FaultRule {
  readonly system: SystemName
  readonly route: string
  readonly kind: string
  readonly probability: number
  readonly times: number
  readonly after: number
  readonly params?: AnyRow
}

/** One thing that happens to the world. Whatever is impossible when its turn comes is left out. */
export type Action =
  /** A person does something in one of the systems. */
  | { readonly do: 'act'; readonly command: AnyRow }
  /** These faults take the place of earlier ones. */
  | { readonly do: 'fault'; readonly rules: readonly FaultRule[] }
  /** Requests vanish on their way. */
  | { readonly do: 'lose'; readonly system: SystemName; readonly method: string; readonly times: number }
  /** The runner dies; `arrives`: what it sent still arrives. Another one starts after so long and not before the lease is over. */
  | { readonly do: 'crash'; readonly arrives: boolean; readonly downMs: number }
  /** The same in the middle of something: at its n-th call to store or network from now on, or of one name (`links.save`). */
  | {
      readonly do: 'crashAt'
      readonly name?: string
      readonly call: number
      readonly arrives: boolean
      readonly downMs: number
    }
  /** The runner stands still for so long; another one takes over when the lease is over. */
  | { readonly do: 'freeze'; readonly ms: number }
  /** The runner is stopped in good order and started again. */
  | { readonly do: 'restart'; readonly downMs: number }
  | { readonly do: 'configure'; readonly conflict?: ConflictSetting; readonly salesAs?: SalesMode }
  | { readonly do: 'pause' | 'resume' }
  /** Somebody presses "sync now". */
  | { readonly do: 'poll' }
  /** A person begins the first sync. */
  | { readonly do: 'connect' }
  /** A person sends records by hand. */
  | { readonly do: 'request'; readonly entity: string; readonly keys: readonly string[] }

export type Step = Action & {
  /** How long nothing happens before it, milliseconds. */
  readonly wait: number
}

/** Everything that a run is made of, as data: it can be printed, shortened and played again. */
export interface Plan {
  readonly seed: number
  readonly salesAs: SalesMode
  readonly deliveredFrom: 'sales' | 'stock'
  readonly conflict: ConflictSetting
  readonly pollMs: number
  /** Whether webhooks and callbacks are sent at all. */
  readonly deliveries: boolean
  /** What the systems' clocks show besides the true time, milliseconds. */
  readonly skewMs: Readonly<Partial<Record<SystemName, number>>>
  readonly steps: readonly Step[]
}
