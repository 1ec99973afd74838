import type { ConnectResult, GateProblem } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { createProgressView, stepNames, sumOf } from '../first-sync-progress.ts'
import { withHelper } from '../session.ts'
import { textTable } from '../text-table.ts'

/** `connect TENANT`: gate, then three steps (C1, C7); goes on where an earlier one stopped (C10). */
export function connect(context: CliContext, [tenant]: readonly string[]): Promise<number> {
  return withHelper(context, tenant!, async (runner) => {
    const view = createProgressView(context)
    const { connect: result } = await runner.ask(
      tenant!,
      'connect',
      {},
      { onProgress: view.show, signal: context.signal },
    )
    view.end()
    printConnect(context, tenant!, result!)
    if (result!.state === 'refused') return exitCode.failure
    if (runner.engineOf(tenant!)) {
      context.say(
        context.t('Để đồng bộ liên tục, hãy chạy: amis-sync run', 'To stay in step from now on, run: amis-sync run'),
      )
    }
    return result!.failed > 0 ? exitCode.someFailed : exitCode.ok
  })
}

/** A first sync's outcome: the three steps, or what is missing first. */
export function printConnect(context: CliContext, tenant: string, result: ConnectResult): void {
  const { t, language } = context
  if (result.state === 'refused') {
    const rows = result.missing.map((one) => [one.entity, one.code, one.name, one.what[language]])
    context.print({
      document: { tenant, ...result },
      rows: result.missing,
      table: [
        t(
          `Chưa thể kết nối "${tenant}": hãy đồng bộ cơ cấu tổ chức và nhân viên từ AMIS Hệ thống trước. Còn thiếu:`,
          `"${tenant}" cannot be connected yet: sync organisation units and employees from AMIS System first. Missing:`,
        ),
        textTable([t('Loại', 'Type'), t('Mã', 'Code'), t('Tên', 'Name'), t('Thiếu gì', 'What')], rows),
        wayOn(context, tenant, result.missing),
      ].join('\n\n'),
    })
    return
  }
  const rows = result.runs.map((run) => {
    const sum = sumOf(run)
    const names = stepNames[run.step - 1]
    const title = names ? t(names.vi, names.en) : ''
    return [`${run.step}. ${title}`, sum.done, sum.created, sum.linked, sum.updated, sum.skipped, sum.failed]
  })
  const head = [
    t('Bước', 'Step'),
    t('Xong', 'Done'),
    t('Tạo', 'Created'),
    t('Liên kết', 'Linked'),
    t('Cập nhật', 'Updated'),
  ]
  context.print({
    document: { tenant, ...result },
    rows: result.runs,
    table: textTable([...head, t('Bỏ qua', 'Skipped'), t('Lỗi', 'Failed')], rows),
  })
}

/** The commands that lead through the gate: pair what is on both sides, send what is missing, connect again (C1, C2). */
function wayOn({ t }: CliContext, tenant: string, missing: readonly GateProblem[]): string {
  const entities = [...new Set(missing.map(({ entity }) => entity))]
  return [
    t('Việc tiếp theo:', 'What next:'),
    `  amis-sync pair ${tenant}`,
    ...entities.map((entity) => `  amis-sync sync ${tenant} ${entity} --all --from system`),
    `  amis-sync connect ${tenant}`,
  ].join('\n')
}
