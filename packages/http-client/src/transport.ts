import { isSyncError } from '@amis-sync/core'
import type { SyncError } from '@amis-sync/core'
import { Pool } from 'undici'
import { createBudget } from './budget.ts'
import { ExchangeFault, carried, exchange } from './exchange.ts'
import type { ExchangeOptions, RawAnswer } from './exchange.ts'
import { faultError } from './faults.ts'
import type { FaultPlace } from './faults.ts'
import { redact } from './redact.ts'
import { retryAfterMs, toResponse } from './response.ts'
import type { Transport, TransportOptions, TransportRequest, TransportResponse } from './types.ts'

const defaults = {
  timeoutMs: 30_000,
  connectTimeoutMs: 10_000,
  maxResponseBytes: 32 * 1024 * 1024,
  concurrency: 4,
  backoffMs: [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000],
  retries: 2,
  rateLimitWaitMs: 120_000,
  /** Most 429 answers that one request takes, should a server say `Retry-After: 0`. */
  refusals: 20,
} as const

/** Faults after which a repeatable request, or one that was surely not sent, is tried again. */
const worthRetrying: ReadonlySet<string> = new Set([
  'HOST_UNREACHABLE',
  'TIMEOUT',
  'CONNECTION_CUT',
  'SERVER_ERROR',
  'MALFORMED_ANSWER',
])

function encodeQuery(query: NonNullable<TransportRequest['query']>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

export function createTransport(options: TransportOptions): Transport {
  const { clock, random, logger, name } = options
  const base = new URL(options.baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const timeoutMs = options.timeoutMs ?? defaults.timeoutMs
  const maxResponseBytes = options.maxResponseBytes ?? defaults.maxResponseBytes
  const concurrency = options.concurrency ?? defaults.concurrency
  const backoff = options.backoffMs ?? defaults.backoffMs
  const retries = options.retries ?? defaults.retries
  const rateLimitWaitMs = options.rateLimitWaitMs ?? defaults.rateLimitWaitMs
  const budget = createBudget(clock, concurrency, options.requestsPerMinute)
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  let skew: number | undefined

  const pool = new Pool(base.origin, {
    connections: concurrency,
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: Math.min(timeoutMs, defaults.connectTimeoutMs) },
  })
  const { carry } = options
  const once = (given: ExchangeOptions) => (carry ? carried(carry, given) : exchange(pool, given))

  const pause = (failures: number): number => {
    const base = backoff[Math.min(failures, backoff.length) - 1] ?? 0
    return Math.round(base * (1 + random.next() / 4))
  }

  const send = async (request: TransportRequest, place: FaultPlace): Promise<RawAnswer> => {
    const leave = await budget.enter(closing.signal)
    if (leave === undefined) throw faultError('CONNECTION_CLOSED', place)
    const startedAt = clock.now()
    const started = clock.monotonic()
    const headers = {
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...request.headers,
    }
    const log = (outcome: string | number): void =>
      logger.debug('http request', {
        connection: name,
        route: place.route,
        outcome,
        ms: Math.round(clock.monotonic() - started),
        headers: redact(headers, options.redact),
      })
    try {
      const answer = await once({
        method: request.method,
        path: prefix + request.path + encodeQuery(request.query ?? {}),
        headers,
        ...(request.body === undefined ? {} : { body: Buffer.from(JSON.stringify(request.body)) }),
        timeoutMs,
        maxResponseBytes,
      })
      const date = Date.parse(answer.headers['date'] ?? '')
      // The header has whole seconds, and was written somewhere between our two readings of the clock.
      if (!Number.isNaN(date)) skew = Math.round(date + 500 - (startedAt + clock.now()) / 2)
      log(answer.status)
      return answer
    } catch (error) {
      const code = error instanceof ExchangeFault ? error.code : 'CONNECTION_CUT'
      log(code)
      const sent = error instanceof ExchangeFault ? error.sent : true
      throw faultError(code, place, { sent, cause: error instanceof ExchangeFault ? error.cause : error })
    } finally {
      leave()
    }
  }

  /** One attempt: an answer to give to the caller, or a `SyncError`. */
  const attempt = async (request: TransportRequest, place: FaultPlace): Promise<TransportResponse> => {
    const answer = await send(request, place)
    const wait = retryAfterMs(answer.headers['retry-after'], clock.now())
    const facts = { detail: { status: answer.status }, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
    if (answer.status === 429) throw faultError('RATE_LIMITED', place, facts)
    if (answer.status >= 500) throw faultError('SERVER_ERROR', place, facts)
    if (answer.status >= 300 && answer.status < 400) throw faultError('REDIRECT_REFUSED', place, facts)
    const response = toResponse(answer, place)
    const fault = request.faultIn?.(response)
    if (fault !== undefined) throw faultError(fault, place, facts)
    return response
  }

  const mayRetry = (error: SyncError, request: TransportRequest): boolean =>
    worthRetrying.has(error.code) && (request.repeatable || error.kind !== 'inDoubt')

  const run = async (request: TransportRequest): Promise<TransportResponse> => {
    const place = { name, route: `${request.method} ${request.path}`, repeatable: request.repeatable }
    let failures = 0
    let refusals = 0
    let waited = 0
    for (;;) {
      if (closing.signal.aborted) throw faultError('CONNECTION_CLOSED', place)
      try {
        return await attempt(request, place)
      } catch (error) {
        if (!isSyncError(error)) throw error
        let wait: number
        if (error.code === 'RATE_LIMITED') {
          refusals++
          // A little later than told, so that waiters do not all arrive on the stroke.
          wait =
            error.retryAfterMs === undefined ? pause(refusals) : error.retryAfterMs + Math.round(random.next() * 250)
          waited += wait
          // Everybody on this connection waits: the limit is the connection's, not the request's.
          budget.pause(Math.min(wait, rateLimitWaitMs))
          if (waited > rateLimitWaitMs || refusals > defaults.refusals) {
            throw faultError('RATE_LIMITED', place, { detail: error.detail, retryAfterMs: wait })
          }
        } else {
          if (!mayRetry(error, request) || failures >= retries) throw error
          wait = Math.max(pause(++failures), error.retryAfterMs ?? 0)
          if (wait > rateLimitWaitMs) throw error
          await clock.sleep(wait, closing.signal)
        }
        logger.warn('http request is tried again', {
          connection: name,
          route: place.route,
          code: error.code,
          waitMs: wait,
        })
      }
    }
  }

  return {
    request(request) {
      const result = run(request)
      const settled = result.then(
        () => undefined,
        () => undefined,
      )
      running.add(settled)
      void settled.then(() => running.delete(settled))
      return result
    },
    get clockSkewMs() {
      return skew
    },
    async close() {
      closing.abort()
      await Promise.all(running)
      if (!pool.closed) await pool.close()
    },
  }
}
