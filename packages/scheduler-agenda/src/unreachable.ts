import { SyncError, isSyncError } from '@amis-sync/core'

/** The driver quotes whole connection strings: only the kind of its error goes along. */
export function unreachable(error: unknown): SyncError {
  if (isSyncError(error)) return error
  return new SyncError({
    code: 'SCHEDULER_UNREACHABLE',
    kind: 'retriable',
    message: {
      vi: 'Bộ lập lịch không dùng được cơ sở dữ liệu. Kiểm tra máy chủ MongoDB có đang chạy và MONGODB_URI đúng.',
      en: 'The scheduler cannot use the database. Check that the MongoDB server runs and that MONGODB_URI is right.',
    },
    detail: { reason: error instanceof Error ? error.name : typeof error },
  })
}
