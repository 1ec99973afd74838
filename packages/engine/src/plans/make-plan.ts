import { type EntityPlugin, type StoredValue, type SystemId } from '@amis-sync/core'
import type { DeskHost } from '../desk/desk-host.ts'
import { learn } from '../flow/learn.ts'
import type { Judgement, Observation } from '../flow/observation.ts'
import { isOn, learnOffers } from '../flow/offers.ts'
import { reconcile } from '../flow/reconcile.ts'
import { type TenantContext, emptyState } from '../flow/tenant-context.ts'
import { MemoryWork } from './memory-work.ts'
import { groupOf, itemOf } from './plan-item.ts'
import { keepNewest, planItemKind, planItems, planKind, storedPlan } from './plan-store.ts'
import { summarise } from './plan-summary.ts'
import { type PlanHeader, type PlanScope, planFormatVersion } from './plan-types.ts'
import { PlannedLinks, plannedLinkKind } from './planned-links.ts'
import { planSettings, settingsPrint } from './prints.ts'
import { type Demand, rehearsed } from './rehearsed-connection.ts'
import { memoryCursors, memoryDocuments, memoryJournal, memoryRuns, storeWith } from './shadow-store.ts'
import { goThrough, modeOf, openStepsBefore, stepsOf } from './steps.ts'

export interface MakePlan extends PlanScope {
  /** A new id; asking again under one id is asking once. */
  readonly plan: string
}

/**
 * Says what would be done, and does none of it (C9): the very rounds of live work run on a registry that only notes what would be linked or
 * written, over connections that read but do not write. Records that become known are stored; no work, cursor or run is left behind.
 */
export async function makePlan(host: DeskHost, { plan, ...scope }: MakePlan): Promise<PlanHeader> {
  const done = await storedPlan(host.context.store, plan)
  if (done) return done
  const { store, clock } = host.context
  await store.documents.clear(planItemKind, `${plan}|`)
  const computedAt = clock.now()
  const demands = new Map<SystemId, Demand>()
  const work = new MemoryWork()
  const context = rehearsal(host.context, { plan, computedAt, demands, work })
  const mode = modeOf(host)
  await host.patiently(1, () => learnOffers(context))
  const stepsBefore = await openStepsBefore(host, stepsOf(context, scope)[0]!)
  try {
    const round = roundOf(host, context, stepsBefore)
    const learnHost = {
      ...host,
      context,
      round: (plugin: EntityPlugin, ones: readonly Observation[]) => round(plugin, ones, learning),
    }
    for (const plugin of neededBefore(context, scope, stepsBefore)) {
      await host.patiently(plugin.firstSync.step, () => learn(learnHost, plugin, [plugin.sides[1]]))
    }
    await goThrough(host, {
      context,
      work,
      mode,
      scope,
      round,
      settled: async () => false,
      onProgress: host.onProgress,
    })
    const settings = planSettings(context.settings, context.plugins)
    const summary = await summarise(context, planItems(store, plan), demands)
    const header: PlanHeader = {
      format: 'amis-sync-plan',
      formatVersion: planFormatVersion,
      plan,
      tenant: context.settings.tenant,
      mode,
      scope,
      stepsBefore,
      settings,
      settingsPrint: settingsPrint(settings),
      computedAt,
      ...summary,
    }
    await store.documents.put(planKind, [{ id: plan, value: header }])
    await keepNewest(store)
    return header
  } finally {
    await store.documents.clear(plannedLinkKind, `${plan}|`)
  }
}

const learning = { step: 0, learn: true, readOther: false }

interface Rehearsal {
  readonly plan: string
  readonly computedAt: number
  readonly demands: Map<SystemId, Demand>
  readonly work: MemoryWork
}

/** The tenant as a plan has it. */
function rehearsal(real: TenantContext, { plan, computedAt, demands, work }: Rehearsal): TenantContext {
  const { store, clock, plugins, views } = real
  const journal = memoryJournal()
  const links = new PlannedLinks({
    isWritten: journal.hasOpen,
    real: store.links,
    documents: store.documents,
    plugins,
    plan,
    startedAt: computedAt,
  })
  const connections = new Map(
    [...real.connections].map(([system, connection]) => {
      const demand = { reads: 0, writes: 0, waitedMs: 0 }
      demands.set(system, demand)
      return [system, rehearsed(connection, demand, clock)]
    }),
  )
  const review = async (judgements: readonly Judgement[]): Promise<readonly Judgement[]> => {
    const items = judgements.map((one): StoredValue => {
      const item = itemOf(views.get(groupOf(one).link.entity)!, one)
      return { id: `${plan}|${item.id}`, value: item }
    })
    await store.documents.put(planItemKind, items)
    return judgements.map(withoutFollowUp)
  }
  const memory = { cursors: memoryCursors(), runs: memoryRuns(), documents: memoryDocuments() }
  return {
    ...real,
    ...emptyState(),
    connections,
    store: storeWith(store, { links, work, journal, ...memory }),
    reviewer: { isOver: (link) => links.isPlanned(link), review },
  }
}

/** What goes back right after is part of the item already. */
function withoutFollowUp(judgement: Judgement): Judgement {
  if (judgement.kind === 'keep') return judgement
  const { followUp: _followUp, ...entry } = judgement.write.entry
  return { ...judgement, write: { ...judgement.write, entry } }
}

/**
 * Records become known first, so that whatever would be made of them can be found by those that come later. What goes along of a step that
 * is not done is treated as that step would: it is linked with its twin, too.
 */
function roundOf(host: DeskHost, context: TenantContext, stepsBefore: readonly number[]) {
  // Becoming known settles no conflict: a record that is held must not come back for it, round after round.
  const learner: TenantContext = { ...context, troubled: new Set() }
  return (plugin: EntityPlugin, observations: readonly Observation[], options: typeof learning) =>
    host.locked(plugin.id, async () => {
      const view = context.views.get(plugin.id)!
      const bare = observations.map(({ work: _work, ...one }) => one).filter(({ link }) => link === undefined)
      const known = await reconcile(learner, view, bare, { ...learning, step: options.step })
      if (options.learn) return known
      const early = stepsBefore.includes(plugin.firstSync.step) ? ['first-sync'] : []
      const asked = observations.map((one) => ({ ...one, triggers: new Set([...one.triggers, ...early]) }))
      return reconcile(context, view, asked, options)
    })
}

/** Catalogues of steps that are not done, whose records would go along: their twins must be known. */
function neededBefore(context: TenantContext, scope: PlanScope, stepsBefore: readonly number[]): EntityPlugin[] {
  const wanted = new Set<string>()
  const visit = (plugin: EntityPlugin): void => {
    for (const id of plugin.dependsOn) {
      const needed = context.views.get(id)?.plugin
      if (!needed || wanted.has(id) || !isOn(context, id)) continue
      if (needed.kind === 'catalogue' && stepsBefore.includes(needed.firstSync.step)) wanted.add(id)
      visit(needed)
    }
  }
  const steps = stepsOf(context, scope)
  for (const plugin of context.plugins) {
    const { id, firstSync } = plugin
    if (scope.entity === undefined ? steps.includes(firstSync.step) : scope.entity === id) visit(plugin)
  }
  return context.plugins.filter(({ id }) => wanted.has(id))
}
