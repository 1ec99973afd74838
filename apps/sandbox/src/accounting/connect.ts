import { isoTime } from '../model/time.ts'
import { actTime } from '../model/time.ts'
import type { Answer, Call } from '../server/exchange.ts'
import { success } from './envelope.ts'

/** 1970-01-01 in .NET ticks, and ticks in a millisecond. */
const EPOCH_TICKS = 621_355_968_000_000_000n
const TICKS_PER_MS = 10_000n

/** `POST /api/oauth/actopen/connect` with good credentials (§2.1). */
export function connect(call: Call): Answer {
  const { token, expires } = call.tenant.tokens.issue('accounting', call.now)
  const local = BigInt(Date.parse(isoTime(expires).slice(0, 23) + 'Z'))
  return success(
    JSON.stringify({
      access_token: token,
      tenant_code: call.tenant.credentials.accounting.org_company_code,
      app_name: call.tenant.credentials.accounting.app_id,
      expired_time: actTime(expires),
      expired_time_ticks: String(EPOCH_TICKS + local * TICKS_PER_MS),
    }),
  )
}
