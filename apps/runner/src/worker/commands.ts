import type { Failure, Run, SystemId, WorkState } from '@amis-sync/core'
import type { ConnectResult, DeskOperation } from '@amis-sync/engine'

/** What may be asked of the runner that holds a tenant's lease, and with what. Each may be done again without harm. */
export interface CommandData {
  readonly connect: Readonly<Record<string, never>>
  readonly sync: {
    readonly entity: string
    readonly from: SystemId
    readonly keys?: readonly string[]
    readonly waitMs?: number
  }
  readonly poll: Readonly<Record<string, never>>
  /** Probes what the connected systems can do, once more. */
  readonly probe: Readonly<Record<string, never>>
  /** An operation of the engine's desk, with its input. */
  readonly desk: { readonly operation: DeskOperation; readonly input: unknown }
  readonly pause: Readonly<Record<string, never>>
  readonly resume: Readonly<Record<string, never>>
  readonly disconnect: Readonly<Record<string, never>>
}

export type CommandKind = keyof CommandData

const kinds: Readonly<Record<CommandKind, true>> = {
  connect: true,
  sync: true,
  poll: true,
  probe: true,
  desk: true,
  pause: true,
  resume: true,
  disconnect: true,
}

export function isCommandKind(kind: string): kind is CommandKind {
  return Object.hasOwn(kinds, kind)
}

/** A record that did not get through. */
export interface SyncProblem {
  readonly side: SystemId
  readonly resource: string
  readonly id?: string
  readonly key?: string
  readonly state: WorkState
  readonly failure?: Failure
}

/** What a command's `result` holds: progress while it runs, its outcome afterwards. */
export interface CommandResult {
  readonly progress?: readonly Run[]
  readonly connect?: ConnectResult
  /** What the operation of the desk answered. */
  readonly desk?: unknown
  readonly sync?: {
    readonly requested: number
    readonly unknown: readonly string[]
    /** False: not everything was done within the waiting time. */
    readonly quiet: boolean
    readonly problems: readonly SyncProblem[]
  }
}
