import { randomUUID } from 'node:crypto'
import type { TenantStore } from '@amis-sync/core'
import { type PlanHeader, planItems, storedPlan, storedPlans } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { createProgressView } from '../first-sync-progress.ts'
import { planText } from '../plan-text.ts'
import type { Options } from '../record-lists.ts'
import { entityNamed, openSession, tenantNamed, withHelper } from '../session.ts'
import { writePlanFile } from '../../plans/plan-file.ts'
import { usageError } from '../usage-error.ts'
import type { Setup } from '../../setup.ts'

/** `plan TENANT`: what would be done (C9). */
export async function plan(context: CliContext, [tenant]: readonly string[], options: Options): Promise<number> {
  const { t } = context
  if (typeof options['show'] === 'string') return show(context, tenant!, options['show'], options)
  const entity = options['entity'] as string | undefined
  return withHelper(context, tenant!, async (runner, setup) => {
    if (entity !== undefined) entityNamed(setup, entity)
    context.say(t('Đang lập kế hoạch, chỉ đọc…', 'Making the plan; it only reads…'))
    const view = createProgressView(context)
    const scope = {
      ...(options['step'] === undefined ? {} : { step: Number(options['step']) }),
      ...(entity === undefined ? {} : { entity }),
    }
    const header = await runner
      .desk(tenant!, 'plan.make', { plan: randomUUID(), ...scope }, { onProgress: view.show, signal: context.signal })
      .finally(view.end)
    await tell(context, setup, runner.store.forTenant(tenant!), header, options)
    return exitCode.ok
  })
}

async function show(context: CliContext, tenant: string, id: string, options: Options): Promise<number> {
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    const store = session.store.forTenant(tenant)
    const header = await storedPlan(store, id)
    if (!header) {
      const known = (await storedPlans(store)).map((one) => one.plan).join(', ') || '–'
      throw usageError(
        `Không có kế hoạch "${id}" của "${tenant}". Các kế hoạch đang lưu: ${known}`,
        `"${tenant}" has no plan "${id}". Stored plans: ${known}`,
        'PLAN_UNKNOWN',
      )
    }
    await tell(context, session.setup, store, header, options)
    return exitCode.ok
  } finally {
    await session.close()
  }
}

async function tell(
  context: CliContext,
  { loaded }: Setup,
  store: TenantStore,
  header: PlanHeader,
  options: Options,
): Promise<void> {
  const { t } = context
  const out = options['out'] as string | undefined
  if (out !== undefined) {
    await writePlanFile(out, header, planItems(store, header.plan))
    context.say(t(`Đã xuất ra ${out}`, `Exported to ${out}`))
  }
  const command = `amis-sync apply ${out ?? `${header.tenant} ${header.plan}`}`
  const text = planText(header, loaded.plugins, context)
  context.print({
    document: { plan: header },
    rows: header.counts,
    table: `${text}\n\n${t('Thực hiện đúng kế hoạch này', 'To do exactly this')}: ${command}`,
  })
}
