import type { Message } from '@amis-sync/core'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { withHelper } from '../session.ts'

function toggle(kind: 'pause' | 'resume' | 'disconnect', phase: string, told: (tenant: string) => Message) {
  return (context: CliContext, [tenant]: readonly string[]): Promise<number> =>
    withHelper(context, tenant!, async (runner) => {
      await runner.ask(tenant!, kind, {}, { signal: context.signal })
      context.print({ document: { tenant, phase }, table: told(tenant!)[context.language] })
      return exitCode.ok
    })
}

/** `pause TENANT`: changes queue up (C11). */
export const pause = toggle('pause', 'paused', (tenant) => ({
  vi: `Đã tạm dừng "${tenant}"; thay đổi được xếp hàng`,
  en: `"${tenant}" is paused; changes queue up`,
}))

/** `resume TENANT`: catches up without loss (C11). */
export const resume = toggle('resume', 'live', (tenant) => ({
  vi: `"${tenant}" chạy tiếp`,
  en: `"${tenant}" goes on`,
}))

/** `disconnect TENANT`: links and cursors stay, so that connecting again doubles nothing (C11). */
export const disconnect = toggle('disconnect', 'disconnected', (tenant) => ({
  vi: `Đã ngắt kết nối "${tenant}". Các liên kết được giữ; để nối lại và bắt kịp thay đổi: amis-sync connect ${tenant}`,
  en: `"${tenant}" is disconnected. Its links are kept; to connect again and catch up: amis-sync connect ${tenant}`,
}))
