import type { EntityPlugin, Run } from '@amis-sync/core'
import { isOn } from './offers.ts'
import type { TenantContext } from './tenant-context.ts'

/** Entities of a finished step that were switched on, or offered, only afterwards: their first sync is still to come. */
export function newcomersOf(context: TenantContext, step: number, run: Run | undefined): EntityPlugin[] {
  if (run?.state !== 'finished') return []
  const known = new Set(Object.keys(run.cursors).map((stream) => stream.split('|')[0]))
  const ours = ({ id, firstSync }: EntityPlugin) =>
    firstSync.step === step && firstSync.directions.length > 0 && isOn(context, id) && !known.has(id)
  return context.plugins.filter(ours)
}

/** Of all steps. */
export async function newcomers(context: TenantContext): Promise<EntityPlugin[]> {
  const runs = new Map((await context.store.runs.all()).map((run) => [run.step, run]))
  return [...runs].flatMap(([step, run]) => newcomersOf(context, step, run))
}
