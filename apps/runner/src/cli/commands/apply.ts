import type { TenantStore } from '@amis-sync/core'
import type { ApplyReport, MovedItem } from '@amis-sync/engine'
import { movedItems, takePlan } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { createProgressView } from '../first-sync-progress.ts'
import { actionNames, recordText } from '../plan-text.ts'
import { checkPlanFile, planFileItems } from '../../plans/plan-file.ts'
import type { Options } from '../record-lists.ts'
import { withHelper } from '../session.ts'
import { textTable } from '../text-table.ts'

/** `apply FILE`, or `apply TENANT PLAN`: what a plan says, exactly (C9). */
export async function apply(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [first, stored] = args as [string, string | undefined]
  const header = stored === undefined ? await checkPlanFile(first) : { tenant: first, plan: stored }
  return withHelper(context, header.tenant, async (runner) => {
    const store = runner.store.forTenant(header.tenant)
    if ('sum' in header) await takePlan(store, header, () => planFileItems(first))
    const view = createProgressView(context)
    const input = { plan: header.plan, acceptMoved: options['acceptMoved'] === true }
    const report = await runner
      .desk(header.tenant, 'plan.apply', input, { onProgress: view.show, signal: context.signal })
      .finally(view.end)
    context.print({
      document: { ...report },
      rows: context.output === 'jsonl' ? await allMoved(store, header.plan) : [],
      table: reportText(report, input.acceptMoved, context),
    })
    const left = report.failed + (input.acceptMoved ? 0 : report.moved) + report.missing + report.waiting
    return left > 0 ? exitCode.someFailed : exitCode.ok
  })
}

/** Every record that moved, not only the first ones that the report names. */
async function allMoved(store: TenantStore, plan: string): Promise<MovedItem[]> {
  const items: MovedItem[] = []
  for await (const some of movedItems(store, plan)) items.push(...some)
  return items
}

function reportText(report: ApplyReport, accepted: boolean, context: CliContext): string {
  const { t } = context
  const rows: [string, number][] = [
    [t('Đã tạo', 'Created'), report.created],
    [t('Đã liên kết', 'Linked'), report.linked],
    [t('Đã cập nhật', 'Updated'), report.updated],
    [t('Đã thu hồi', 'Withdrawn'), report.removed],
    [t('Đã xong từ trước', 'Done before'), report.already],
    [
      accepted
        ? t('Đã đổi từ khi lập kế hoạch, ghi theo tình trạng mới', 'Changed since the plan, written as they are now')
        : t('Đã đổi từ khi lập kế hoạch, không ghi', 'Changed since the plan, not written'),
      report.moved,
    ],
    [t('Đang chờ bản ghi khác', 'Waiting for others'), report.waiting],
    [t('Không còn thấy', 'Not there any more'), report.missing],
    [t('Lỗi', 'Failed'), report.failed],
    [t('Mới từ khi lập kế hoạch, để nguyên', 'New since the plan, left alone'), report.fresh],
  ]
  const parts = [textTable([t('Kế hoạch', 'Plan'), report.plan.slice(0, 8)], rows)]
  if (report.movedItems.length > 0) parts.push(movedText(report.movedItems, context))
  if (report.moved > 0 && !accepted) {
    parts.push(
      t(
        'Hãy lập lại kế hoạch, hoặc chạy lại lệnh với --accept-moved để ghi cả những bản ghi này.',
        'Make the plan again, or run the command with --accept-moved to write these, too.',
      ),
    )
  }
  return parts.join('\n\n')
}

function movedText(items: readonly MovedItem[], context: CliContext): string {
  const { t } = context
  const names = actionNames(t)
  const what = ({ action, fields }: MovedItem['now']) =>
    `${names[action]}${fields && fields.length > 0 ? `: ${fields.join(', ')}` : ''}`
  const rows = items.map(({ planned, now }) => [planned.entity, recordText(now), what(planned), what(now)])
  return textTable([t('Loại', 'Type'), t('Bản ghi', 'Record'), t('Kế hoạch', 'Planned'), t('Hiện nay', 'Now')], rows)
}
