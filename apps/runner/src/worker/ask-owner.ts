import type { Clock, Command, Run, TenantStore } from '@amis-sync/core'
import { SyncError } from '@amis-sync/core'
import type { CommandData, CommandKind, CommandResult } from './commands.ts'

/** How often a command that somebody else carries out is looked at, milliseconds. */
const lookEveryMs = 200

export interface AskOptions {
  readonly store: TenantStore
  readonly clock: Clock
  /** Names the request; asking again under one name is asking once. */
  readonly id: string
  readonly onProgress?: (run: Run) => void
  /** Told right after the request is stored, for an owner in this very process. */
  readonly onStored?: () => void
  readonly signal?: AbortSignal
}

/**
 * Asks whoever holds the tenant's lease, through the store, and follows until it is done. When the holder dies in the middle, the next
 * one goes on with it. Throws the command's failure as `SyncError`.
 */
export async function askOwner<K extends CommandKind>(
  kind: K,
  data: CommandData[K],
  options: AskOptions,
): Promise<CommandResult> {
  const { store, clock, id } = options
  await store.commands.add({ id, kind, data: { ...data }, createdAt: clock.now() })
  options.onStored?.()
  const told = new Map<number, string>()
  for (let wait = 20; ; wait = Math.min(lookEveryMs, wait * 2)) {
    await clock.sleep(wait, options.signal)
    if (options.signal?.aborted === true) throw interrupted()
    const command: Command | undefined = await store.commands.get(id)
    const result = command?.result as CommandResult | undefined
    for (const run of result?.progress ?? finalRuns(result)) {
      const text = JSON.stringify(run)
      if (told.get(run.step) !== text) options.onProgress?.(run)
      told.set(run.step, text)
    }
    if (command?.state === 'done') return result ?? {}
    if (command?.state === 'failed') throw failed(command)
  }
}

function finalRuns(result: CommandResult | undefined): readonly Run[] {
  return result?.connect?.state === 'connected' ? result.connect.runs : []
}

function interrupted(): SyncError {
  return new SyncError({
    code: 'INTERRUPTED',
    kind: 'retriable',
    message: {
      vi: 'Đã dừng theo dõi. Chạy lại lệnh để tiếp tục từ chỗ đang dở',
      en: 'Stopped following. Run the command again to go on from where it stands',
    },
  })
}

function failed({ failure }: Command): SyncError {
  return new SyncError({
    code: failure?.code ?? 'COMMAND_FAILED',
    kind: failure?.kind ?? 'retriable',
    message: { vi: failure?.vi ?? 'Lệnh không thực hiện được', en: failure?.en ?? 'The command failed' },
  })
}
