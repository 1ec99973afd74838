import { SyncError } from '@amis-sync/core'

/** Business time of the product's users. */
export const defaultTimezone = 'Asia/Ho_Chi_Minh'

/** A checked `every`: milliseconds have no timezone. */
export interface Schedule {
  readonly interval: number | string
  readonly timezone: string | undefined
}

/** Throws `SyncError` kind `config`, code `SCHEDULE_INVALID`. Whether the cron expression itself has a next time is seen when it is used. */
export function toSchedule(name: string, interval: number | string, timezone = defaultTimezone): Schedule {
  if (typeof interval === 'number') {
    if (!Number.isFinite(interval) || interval <= 0) throw scheduleInvalid(name, String(interval))
    return { interval, timezone: undefined }
  }
  const fields = interval.trim().split(/\s+/)
  if ((fields.length !== 5 && fields.length !== 6) || !isTimezone(timezone)) {
    throw scheduleInvalid(name, `${interval} (${timezone})`)
  }
  return { interval: fields.join(' '), timezone }
}

export function scheduleInvalid(name: string, text: string): SyncError {
  return new SyncError({
    code: 'SCHEDULE_INVALID',
    kind: 'config',
    message: {
      vi: `Lịch "${text}" của tác vụ "${name}" không hợp lệ. Dùng số mili giây lớn hơn 0 hoặc biểu thức cron 5 trường, ví dụ "0 2 * * *", với múi giờ như Asia/Ho_Chi_Minh.`,
      en: `The schedule "${text}" of job "${name}" is invalid. Use milliseconds above 0 or a cron expression of 5 fields, such as "0 2 * * *", with a timezone such as Asia/Ho_Chi_Minh.`,
    },
  })
}

function isTimezone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).format() !== ''
  } catch {
    return false
  }
}
