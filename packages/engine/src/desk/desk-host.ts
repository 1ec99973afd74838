import type { TenantState } from '@amis-sync/core'
import type { StepHost } from '../flow/first-sync.ts'

/** What an operation of the desk needs from the engine. */
export interface DeskHost extends StepHost {
  readonly state: () => TenantState
  readonly saveState: (change: Partial<TenantState>) => Promise<void>
  /** Lets work of this step of the first sync go, even before the first sync (records sent by hand). */
  readonly open: (step: number) => Promise<void>
  /** There is new work. */
  readonly wake: () => void
  /** Resolves true when nothing is ready, accepted or undelivered any more, false at the time-out. */
  readonly quiet: (timeoutMs: number) => Promise<boolean>
}
