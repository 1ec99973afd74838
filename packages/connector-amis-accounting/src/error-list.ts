import type { ConnectionContext, LateOutcome, Row } from '@amis-sync/core'
import { decodeNested, listRows } from './envelope.ts'
import { readGrowing } from './listing.ts'
import { outcomesIn } from './outcomes.ts'
import { limits } from './resources.ts'
import type { Session } from './session.ts'
import { toActTime } from './times.ts'

/** Margins round the asked span: ACT keeps whole seconds, and its clock is known to us to about one. */
const beforeMs = 3_000
const afterMs = 60_000

const name = 'get_call_back_detail_error'

/** A span by our clock, and a page of it. */
export interface FailedCallbacksRequest {
  readonly sinceMs: number
  readonly now: number
  readonly skip: number
  readonly take: number
}

/** One page of the callbacks that could not be delivered, oldest first. */
export async function failedCallbacks(session: Session, request: FailedCallbacksRequest): Promise<readonly Row[]> {
  const { sinceMs, now, skip, take } = request
  // Without one earlier answer ACT's clock is not known.
  if (session.clockSkewMs === undefined) await session.connect()
  const body = {
    // The least skew: where ACT's clock was set forward meanwhile, the span begins early rather than late.
    from_date: toActTime(sinceMs + (session.leastSkewMs ?? 0) - beforeMs),
    to_date: toActTime(now + (session.clockSkewMs ?? 0) + afterMs),
    skip,
    take,
  }
  return listRows(name, await session.read(name, body))
}

/** Outcomes whose callback failed for good (contract §2.5), oldest first. `sinceMs` is by our clock. */
export async function outcomesSince(
  session: Session,
  sinceMs: number,
  context: Pick<ConnectionContext, 'clock' | 'logger'>,
): Promise<readonly LateOutcome[]> {
  const { clock, logger } = context
  const rows = await readGrowing((skip) =>
    failedCallbacks(session, { sinceMs, now: clock.now(), skip, take: limits.page }),
  )
  return rows.flatMap((row) => {
    try {
      return outcomesIn(Number(row['data_type']), decodeNested(row['data'])) ?? []
    } catch (error) {
      logger.warn('entry of the callback error list cannot be read', { id: row['id'], error: String(error) })
      return []
    }
  })
}
