import type { TenantState } from '@amis-sync/core'
import type { DeskHost } from '../desk/desk-host.ts'
import type { ConnectResult, ProgressListener } from '../engine-types.ts'
import { admitNewcomers } from './admit.ts'
import { lookAtSent } from './audit-sent.ts'
import type { Figures } from './figures.ts'
import { runStep } from './first-sync.ts'
import { gateProblems } from './gate.ts'
import { newcomers } from './newcomers.ts'
import { learnOffers } from './offers.ts'
import type { Poller } from './poller.ts'
import type { Streams } from './streams.ts'
import type { TenantContext } from './tenant-context.ts'
import type { Turns } from './turns.ts'

export interface LifecycleParts {
  readonly context: TenantContext
  readonly streams: Streams
  readonly turns: Turns
  readonly poller: Poller
  readonly figures: Figures
  readonly host: () => DeskHost
  readonly state: () => TenantState
  /** Reads the stored state anew: another runner may have changed it. */
  readonly loadState: () => Promise<void>
  readonly saveState: (change: Partial<TenantState>) => Promise<void>
  readonly wake: () => void
}

/** How a tenant gets from new to live, pauses, leaves and comes back (C7, C11). */
export class Lifecycle {
  readonly #parts: LifecycleParts
  #admitting: Promise<void> | undefined

  constructor(parts: LifecycleParts) {
    this.#parts = parts
  }

  async connect(onProgress?: ProgressListener): Promise<ConnectResult> {
    const { context, streams, figures, host, state, saveState } = this.#parts
    const { store, settings } = context
    if (state().phase !== 'live' && settings.convertedFrom !== 'none') {
      const missing = await streams.patiently(1, () => gateProblems(host()))
      if (missing.length > 0) return { state: 'refused', missing }
    }
    const offers = await streams.patiently(1, () => learnOffers(context))
    if (state().phase === 'live') {
      await streams.patiently(1, () => saveState(offers))
      await streams.patiently(1, () => this.holdNewcomers())
      await streams.patiently(1, () => this.admit(onProgress))
      figures.dueNow()
    } else {
      await streams.patiently(1, () => saveState({ phase: 'connecting', ...offers }))
      await this.#firstSync(onProgress)
      await this.#goLive()
    }
    const runs = await streams.patiently(3, () => store.runs.all())
    const failed = runs.flatMap((run) => Object.values(run.entities)).reduce((sum, one) => sum + one.failed, 0)
    return { state: 'connected', runs, failed }
  }

  /** The three steps; those that are finished already cost nothing. */
  async #firstSync(onProgress?: ProgressListener): Promise<void> {
    const { context, streams, turns, host } = this.#parts
    const before = await streams.patiently(1, () => context.store.runs.get(3))
    for (const step of [1, 2, 3]) {
      await turns.during(step, () => streams.patiently(step, () => runStep(host(), step, onProgress)))
    }
    if (before?.state === 'finished') await streams.patiently(3, () => lookAtSent(host()))
  }

  /** Nothing is written before both sides were heard anew: an edit of one side must meet the other side's (D6). */
  async #goLive(): Promise<void> {
    const { streams, turns, poller, figures, saveState, wake } = this.#parts
    poller.dueNow()
    turns.reach(3)
    await streams.patiently(3, () => saveState({ phase: 'live' }))
    poller.notify()
    figures.dueNow()
    wake()
  }

  /** Entities that were switched on since: nothing of them moves before their twins are known. */
  async holdNewcomers(): Promise<void> {
    const { context, turns } = this.#parts
    turns.hold((await newcomers(context)).map(({ id }) => id))
  }

  /** Lets them in; once at a time, whoever asks. */
  admit(onProgress?: ProgressListener): Promise<void> {
    this.#admitting ??= admitNewcomers(this.#parts.host(), onProgress).finally(() => {
      this.#admitting = undefined
    })
    return this.#admitting
  }

  async disconnect(): Promise<void> {
    const { loadState, saveState, poller } = this.#parts
    await loadState()
    await saveState({ phase: 'disconnected' })
    poller.forgetAsked()
  }

  async pause(): Promise<void> {
    const { loadState, saveState, state } = this.#parts
    await loadState()
    if (state().phase === 'live') await saveState({ phase: 'paused' })
  }

  async resume(): Promise<void> {
    const { loadState, state } = this.#parts
    await loadState()
    if (state().phase !== 'paused') return
    await this.holdNewcomers()
    await this.#goLive()
    await this.admit()
  }
}
