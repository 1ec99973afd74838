import type { TenantState } from '@amis-sync/core'
import type { ProgressListener } from '../engine-types.ts'
import type { Figures } from '../flow/figures.ts'
import type { StepHost } from '../flow/first-sync.ts'

/** What an operation of the desk needs from the engine. */
export interface DeskHost extends StepHost {
  readonly state: () => TenantState
  readonly saveState: (change: Partial<TenantState>) => Promise<void>
  /** Lets work of this step of the first sync go, even before the first sync (records sent by hand). */
  readonly open: (step: number) => Promise<void>
  /** Runs a task behind the entity's lock: no round of it reads or writes meanwhile. Writes under way (`context.inFlight`) still end. */
  readonly locked: <T>(entity: string, task: () => Promise<T>) => Promise<T>
  /** Asks the change feeds of an entity, of the sides whose records cannot be read by id: what was edited there meanwhile is heard. */
  readonly hear: (entity: string) => Promise<void>
  readonly figures: Figures
  /** Waits out passing troubles of connections; others, and a stop, are the caller's. */
  readonly patiently: <T>(step: number, task: () => Promise<T>) => Promise<T>
  /** Whoever asked follows a long operation by this. */
  readonly onProgress?: ProgressListener
  /** There is new work. */
  readonly wake: () => void
  /** Resolves true when nothing is ready, accepted or undelivered any more, false at the time-out. */
  readonly quiet: (timeoutMs: number) => Promise<boolean>
}
