import { toFailure } from '@amis-sync/core'
import type { CheckResult } from '@amis-sync/core'

/** Above this, webhooks are refused and tokens end at surprising times. */
const tolerableSkewMs = 120_000

/** An error as a line of a connection check: the meaning and the remedy are its own message. */
export function toCheckResult(error: unknown): CheckResult {
  const failure = toFailure(error)
  return { code: failure.code, ok: false, meaning: { vi: failure.vi, en: failure.en } }
}

/** Compares the clocks: `OK_CLOCK`, or `CLOCK_SKEW` above two minutes. `undefined` skew (no `Date` header seen) = nothing to say. */
export function clockCheck(name: string, skewMs: number | undefined): CheckResult[] {
  if (skewMs === undefined) return []
  const seconds = Math.round(Math.abs(skewMs) / 1_000)
  if (Math.abs(skewMs) <= tolerableSkewMs) {
    return [
      {
        code: 'OK_CLOCK',
        ok: true,
        meaning: {
          vi: `${name}: đồng hồ hai bên lệch ${seconds} giây.`,
          en: `${name}: the clocks differ by ${seconds} s.`,
        },
      },
    ]
  }
  const ours = skewMs > 0 ? { vi: 'chậm hơn', en: 'behind' } : { vi: 'nhanh hơn', en: 'ahead of' }
  return [
    {
      code: 'CLOCK_SKEW',
      ok: false,
      meaning: {
        vi: `${name}: đồng hồ máy này ${ours.vi} đồng hồ máy chủ ${seconds} giây.`,
        en: `${name}: this machine's clock is ${seconds} s ${ours.en} the server's.`,
      },
      remedy: {
        vi: 'Bật đồng bộ thời gian (NTP) trên máy chạy đồng bộ, rồi kiểm tra lại.',
        en: 'Turn on time synchronisation (NTP) on the machine that runs the sync, then check again.',
      },
    },
  ]
}
