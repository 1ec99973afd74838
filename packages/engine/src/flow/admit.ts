import type { ProgressListener } from '../engine-types.ts'
import { type StepHost, runStep } from './first-sync.ts'
import { newcomersOf } from './newcomers.ts'

/** Catches their first sync up, step by step, while everything else goes on (C5). */
export async function admitNewcomers(host: StepHost, listener?: ProgressListener): Promise<void> {
  for (const step of [1, 2, 3]) {
    if (newcomersOf(host.context, step, await host.context.store.runs.get(step)).length > 0)
      await runStep(host, step, listener)
  }
}
