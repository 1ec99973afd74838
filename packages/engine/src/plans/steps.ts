import { type EntityPlugin, SyncError } from '@amis-sync/core'
import type { ProgressListener } from '../engine-types.ts'
import type { DeskHost } from '../desk/desk-host.ts'
import { type StepHost, interrupted, runStep } from '../flow/first-sync.ts'
import { isOn } from '../flow/offers.ts'
import { type Observation, observationOf } from '../flow/observation.ts'
import type { Tally } from '../flow/reconcile.ts'
import type { TenantContext } from '../flow/tenant-context.ts'
import type { MemoryWork } from './memory-work.ts'
import type { PlanHeader, PlanScope } from './plan-types.ts'

/** Where the steps that were carried out by a plan are noted, by their number. */
export const plannedStepKind = 'plan-step'

export type PlanMode = PlanHeader['mode']

const batch = 100
const asked: ReadonlySet<string> = new Set(['manual'])

/** How a round of a plan, or of its application, is done. */
export type Round = (
  plugin: EntityPlugin,
  observations: readonly Observation[],
  options: { readonly step: number; readonly learn: boolean; readonly readOther: boolean },
) => Promise<Tally>

export function modeOf(host: DeskHost): PlanMode {
  const { phase } = host.state()
  return phase === 'live' || phase === 'paused' ? 'sync' : 'first-sync'
}

/** The steps that a scope reaches, in order. Throws where it names no entity that is synced. */
export function stepsOf(context: TenantContext, { step, entity }: PlanScope): number[] {
  if (entity === undefined) return step === undefined ? [1, 2, 3] : [step]
  const plugin = context.plugins.find(({ id }) => id === entity)
  if (plugin && isOn(context, entity)) return [plugin.firstSync.step]
  throw new SyncError({
    code: 'PLAN_ENTITY_OFF',
    kind: 'config',
    message: {
      vi: `Loại dữ liệu "${entity}" không được đồng bộ ở công ty này. Hãy bật trong mục entities của tệp cấu hình, hoặc chọn loại khác.`,
      en: `The entity type "${entity}" is not synced for this company. Switch it on under entities in its file, or choose another one.`,
    },
  })
}

/** Steps before those of a scope that neither a first sync nor a plan has carried out (C7). */
export async function openStepsBefore(host: DeskHost, first: number): Promise<number[]> {
  if (modeOf(host) === 'sync') return []
  const { runs, documents } = host.context.store
  const open: number[] = []
  for (let step = 1; step < first; step += 1) {
    const [run, planned] = await Promise.all([runs.get(step), documents.get(plannedStepKind, [String(step)])])
    if (run?.state !== 'finished' && planned.length === 0) open.push(step)
  }
  return open
}

/** Goes through the records of a scope as the first sync does, or, once the tenant is live, as sending all by hand does. */
export async function goThrough(
  host: DeskHost,
  parts: {
    readonly context: TenantContext
    readonly work: MemoryWork
    readonly mode: PlanMode
    readonly scope: PlanScope
    readonly round: Round
    /** Waits for the outcomes of writes; true = something was done meanwhile that others may wait for. */
    readonly settled: () => Promise<boolean>
    /** A step ended, or was cut off by trouble and may be tried again. */
    readonly onStop?: () => void
    readonly beforeStep?: (step: number) => Promise<void>
    readonly onStep?: (step: number) => Promise<void>
    readonly onProgress?: ProgressListener | undefined
  },
): Promise<void> {
  const { context, work, mode, scope, round } = parts
  const live = mode === 'sync'
  const stepHost = (step: number): StepHost => ({
    context,
    lists: live,
    room: host.room,
    stopping: host.stopping,
    round: (plugin, observations, { learn }) => {
      const ones = live && !learn ? observations.map((one) => ({ ...one, triggers: asked })) : observations
      return round(plugin, ones, { step, learn, readOther: live && !learn })
    },
    drained: async () => {
      do {
        await drain(host, context, work, (plugin, ones) => round(plugin, ones, { step, learn: false, readOther: true }))
      } while (await parts.settled())
    },
  })
  for (const step of stepsOf(context, scope)) {
    await parts.beforeStep?.(step)
    // The run remembers where it stood.
    const once = () => runStep(stepHost(step), step, parts.onProgress, scope.entity)
    await host.patiently(step, () => once().finally(parts.onStop))
    await parts.onStep?.(step)
  }
}

/** Looks at what goes along, and at what waited for it, until nothing is ready any more. */
async function drain(
  host: DeskHost,
  context: TenantContext,
  work: MemoryWork,
  round: (plugin: EntityPlugin, observations: readonly Observation[]) => Promise<Tally>,
): Promise<void> {
  for (let found = true; found;) {
    found = false
    for (const plugin of context.plugins) {
      for (;;) {
        if (host.stopping()) throw interrupted(context)
        const items = await work.due(plugin.id, batch)
        if (items.length === 0) break
        found = true
        await round(plugin, items.map(observationOf))
      }
    }
  }
}
