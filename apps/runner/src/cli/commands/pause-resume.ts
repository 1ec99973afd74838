import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { withHelper } from '../session.ts'

function toggle(kind: 'pause' | 'resume') {
  return (context: CliContext, [tenant]: readonly string[]): Promise<number> =>
    withHelper(context, tenant!, async (runner) => {
      await runner.ask(tenant!, kind, {}, { signal: context.signal })
      const phase = kind === 'pause' ? 'paused' : 'live'
      const text =
        kind === 'pause'
          ? context.t(`Đã tạm dừng "${tenant}"; thay đổi được xếp hàng`, `"${tenant}" is paused; changes queue up`)
          : context.t(`"${tenant}" chạy tiếp`, `"${tenant}" goes on`)
      context.print({ document: { tenant, phase }, table: text })
      return exitCode.ok
    })
}

/** `pause TENANT`: changes queue up (C11). */
export const pause = toggle('pause')

/** `resume TENANT`: catches up without loss (C11). */
export const resume = toggle('resume')
