import { SyncError } from '@amis-sync/core'
import type { DeskHost } from '../desk/desk-host.ts'
import { interrupted } from '../flow/first-sync.ts'
import { gateProblems } from '../flow/gate.ts'
import { learnOffers } from '../flow/offers.ts'
import { reconcile } from '../flow/reconcile.ts'
import type { TenantContext } from '../flow/tenant-context.ts'
import { ApplyReview } from './apply-review.ts'
import { MemoryWork } from './memory-work.ts'
import { planMovedKind, storedPlan } from './plan-store.ts'
import { type ApplyReport, type PlanHeader, isActive } from './plan-types.ts'
import { planSettings, settingsDifferences, settingsPrint } from './prints.ts'
import { memoryRuns, storeWith, tellingJournal } from './shadow-store.ts'
import { goThrough, modeOf, openStepsBefore, plannedStepKind, stepsOf } from './steps.ts'

export interface ApplyPlan {
  readonly plan: string
  /** Records that moved since are written as they would be now. */
  readonly acceptMoved?: boolean
}

/**
 * Carries out a plan (C9): goes through the same records again and does what still is exactly as planned. What is not is reported, and
 * written only with `acceptMoved`; what is new since the plan is left alone. Asked again, it does what is left and nothing twice.
 */
export async function applyPlan(host: DeskHost, { plan, acceptMoved = false }: ApplyPlan): Promise<ApplyReport> {
  const { store } = host.context
  const header = await storedPlan(store, plan)
  if (!header) throw unknownPlan(plan)
  const work = new MemoryWork(async (ends) => {
    await store.work.settle(ends, host.context.clock.now())
    for (const { id } of ends) host.context.troubled.add(id)
  })
  const review = new ApplyReview(host.context, { work, plan, acceptMoved })
  const context: TenantContext = {
    ...host.context,
    store: storeWith(store, {
      work,
      runs: memoryRuns(),
      journal: tellingJournal(store.journal, (sent) => review.begun(sent)),
    }),
    off: new Map(),
    readOnly: new Set(),
    joins: new Set(),
    troubled: new Set(),
    awaited: new Set(),
    tallies: new Set(),
    reviewer: review,
  }
  await host.patiently(1, () => learnOffers(context))
  await refuseUnlessFit(host, context, header)
  await store.documents.clear(planMovedKind, `${plan}|`)
  context.listeners.add(review.listener)
  try {
    await goThrough(host, {
      context,
      work,
      mode: header.mode,
      scope: header.scope,
      round: (plugin, observations, options) =>
        host.locked(plugin.id, () => reconcile(context, context.views.get(plugin.id)!, observations, options)),
      settled: () => outcomesSettled(host, work, review),
      onStop: () => review.forgetUnsent(host.context.inFlight),
      beforeStep: (step) => refuseBehindGate(host, header, step),
      onStep: (step) => noteStep(host, header, step),
      onProgress: host.onProgress,
    })
  } finally {
    context.listeners.delete(review.listener)
  }
  host.wake()
  return reportOf(header, review)
}

/** Waits until what was let through is over. True = something is to be looked at again. */
async function outcomesSettled(host: DeskHost, work: MemoryWork, review: ApplyReview): Promise<boolean> {
  const { inFlight } = host.context
  // Writes of an earlier try, too, hold their records until their outcome is known.
  const held = work.waitedLinks()
  while (review.open > 0 || held.some((link) => inFlight.has(link))) {
    if (host.stopping()) throw interrupted(host.context)
    await host.context.clock.sleep(20)
  }
  const { any: news, hints } = review.takeNews()
  const any = news || held.length > 0
  await work.add(hints, host.context.clock.now())
  if (any) work.wakeAll()
  return any
}

async function noteStep(host: DeskHost, { plan, mode, scope }: PlanHeader, step: number): Promise<void> {
  if (mode !== 'first-sync' || scope.entity !== undefined) return
  const value = { plan, at: host.context.clock.now() }
  await host.context.store.documents.put(plannedStepKind, [{ id: String(step), value }])
}

function reportOf({ plan, tenant, counts }: PlanHeader, review: ApplyReview): ApplyReport {
  const active = counts.reduce(
    (sum, one) => sum + (isActive({ action: one.action }) ? one.count : one.links) - one.pulled,
    0,
  )
  return {
    plan,
    tenant,
    ...review.counts,
    linked: review.count('linked'),
    already: review.count('already'),
    moved: review.moved,
    waiting: review.count('waiting'),
    missing: Math.max(0, active - review.reached),
    fresh: review.fresh,
    movedItems: review.movedItems,
  }
}

/** A plan of other settings, another time or another order is not begun. */
async function refuseUnlessFit(host: DeskHost, context: TenantContext, header: PlanHeader): Promise<void> {
  const present = planSettings(context.settings, context.plugins)
  if (settingsPrint(present) !== header.settingsPrint)
    throw otherSettings(settingsDifferences(header.settings, present))
  const state = host.state()
  if (state.phase === 'paused') throw paused(context)
  if (state.phase === 'disconnected') throw disconnected(context)
  const runs = await host.context.store.runs.all()
  if (state.phase === 'connecting' && runs.some((run) => run.state === 'running')) throw underWay(context)
  if (modeOf(host) !== header.mode) throw otherMode(header)
  const steps = stepsOf(context, header.scope)
  const open = await openStepsBefore(host, steps[0]!)
  if (open.length > 0) throw tooEarly(steps[0]!, open)
}

/** C1: what a converted company must have in step before its catalogues travel. */
async function refuseBehindGate(host: DeskHost, { mode }: PlanHeader, step: number): Promise<void> {
  if (step !== 2 || mode !== 'first-sync' || host.context.settings.convertedFrom === 'none') return
  const missing = await host.patiently(step, () => gateProblems(host))
  if (missing.length > 0) throw gateShut(missing.map(({ code, name }) => `${code} ${name}`.trim()))
}

const refusal = (code: string, vi: string, en: string): SyncError =>
  new SyncError({ code, kind: 'config', message: { vi, en } })

export function unknownPlan(plan: string): SyncError {
  return refusal(
    'PLAN_UNKNOWN',
    `Không có kế hoạch "${plan}" trong cơ sở dữ liệu của công ty này. Hãy lập kế hoạch mới bằng lệnh plan, hoặc đưa tệp kế hoạch.`,
    `There is no plan "${plan}" in this company's database. Make a new one with the command plan, or give the plan's file.`,
  )
}

function otherSettings(paths: readonly string[]): SyncError {
  const names = paths.join(', ')
  return refusal(
    'PLAN_SETTINGS',
    `Kế hoạch được lập với thiết lập khác hiện nay: ${names}. Không ghi gì. Hãy đưa thiết lập về như cũ, hoặc lập lại kế hoạch.`,
    `The plan was made under other settings: ${names}. Nothing was written. Set them back, or make the plan again.`,
  )
}

function otherMode({ mode }: PlanHeader): SyncError {
  return mode === 'sync'
    ? refusal(
        'PLAN_MODE',
        'Kế hoạch được lập khi công ty đang đồng bộ, nay thì không. Không ghi gì. Hãy lập lại kế hoạch.',
        'The plan was made while the company was live, which it is not now. Nothing was written. Make the plan again.',
      )
    : refusal(
        'PLAN_MODE',
        'Kế hoạch là của lần đồng bộ đầu, mà lần đồng bộ đầu đã xong. Không ghi gì. Hãy lập lại kế hoạch.',
        'The plan is one of the first sync, which is finished. Nothing was written. Make the plan again.',
      )
}

function underWay({ settings }: TenantContext): SyncError {
  return refusal(
    'PLAN_CONNECTING',
    `Đồng bộ lần đầu của ${settings.tenant} đang chạy. Không ghi gì. Hãy để lệnh connect chạy xong rồi lập kế hoạch.`,
    `The first sync of ${settings.tenant} is under way. Nothing was written. Let connect finish, then make a plan.`,
  )
}

function paused({ settings }: TenantContext): SyncError {
  return refusal(
    'PLAN_PAUSED',
    `${settings.tenant} đang tạm dừng. Không ghi gì. Hãy chạy resume trước.`,
    `${settings.tenant} is paused. Nothing was written. Run resume first.`,
  )
}

function disconnected({ settings: { tenant } }: TenantContext): SyncError {
  return refusal(
    'PLAN_DISCONNECTED',
    `${tenant} đã ngắt kết nối. Không ghi gì. Hãy chạy connect để nối lại; lệnh đó tiếp tục từ các liên kết đã có.`,
    `${tenant} is disconnected. Nothing was written. Run connect, which goes on from the links that are there.`,
  )
}

function tooEarly(step: number, open: readonly number[]): SyncError {
  const names = open.join(', ')
  return refusal(
    'PLAN_STEP_ORDER',
    `Bước ${step} chỉ chạy được sau bước ${names}. Không ghi gì. Hãy thực hiện kế hoạch của bước trước, hoặc chạy connect.`,
    `Step ${step} comes after step ${names}. Nothing was written. Apply a plan of the earlier step, or run connect.`,
  )
}

function gateShut(missing: readonly string[]): SyncError {
  const some = missing.slice(0, 20).join('; ') + (missing.length > 20 ? '; …' : '')
  return refusal(
    'PLAN_GATE',
    `Cơ cấu tổ chức và nhân viên chưa đồng bộ từ AMIS Hệ thống, còn thiếu ${missing.length}: ${some}. Bước 2 chưa được bắt đầu. Hãy thực hiện bước 1 trước.`,
    `Organisation units and employees are not in step with AMIS System, ${missing.length} missing: ${some}. Step 2 was not begun. Apply step 1 first.`,
  )
}
