import type { EntityPlugin } from '@amis-sync/core'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { figureTroubles, timeText } from '../figure-text.ts'
import { withHelper } from '../session.ts'

/** `sync TENANT inventory [--confirm-missing]`: figures are read now, all of them, and what changed is told to the other side. */
export async function syncFigures(
  context: CliContext,
  tenant: string,
  plugin: EntityPlugin,
  confirmMissing: boolean,
): Promise<number> {
  return withHelper(context, tenant, async (runner) => {
    const input = { entity: plugin.id, ...(confirmMissing ? { confirmMissing } : {}) }
    const report = await runner.desk(tenant, 'figures', input, { signal: context.signal })
    const { t, language } = context
    const { changed, sent, state } = report
    const troubles = figureTroubles(state)
    const lines = [
      t(
        `${plugin.labels.vi}: ${state.count} số liệu, ${changed} thay đổi, ${sent} đã gửi, ${state.unsent} còn lại, ${state.unlinked} chưa liên kết`,
        `${plugin.labels.en}: ${state.count} figures, ${changed} changed, ${sent} sent, ${state.unsent} left, ${state.unlinked} not linked`,
      ),
      t(`Đọc lần cuối: ${timeText(state.asOf ?? state.readAt)}`, `Read last: ${timeText(state.asOf ?? state.readAt)}`),
      ...troubles.map((failure) => `⚠ ${failure.code}: ${failure[language]}`),
    ]
    context.print({ document: { tenant, ...report }, table: lines.join('\n') })
    return troubles.length + state.unsent > 0 ? exitCode.someFailed : exitCode.ok
  })
}
