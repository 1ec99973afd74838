import { SyncError } from '@amis-sync/core'

/** A mistake in what was typed: exit code 64. */
export function usageError(vi: string, en: string, code = 'USAGE'): SyncError {
  return new SyncError({ code, kind: 'config', message: { vi, en } })
}
