import { isSyncError } from '@amis-sync/core'
import type { ConnectionContext, Row } from '@amis-sync/core'
import { createTokenSource, createTransport } from '@amis-sync/http-client'
import type { FreshToken, TransportRequest, TransportResponse } from '@amis-sync/http-client'
import type { AccountingConfig } from './config.ts'
import { isRow, openEnvelope } from './envelope.ts'
import type { Envelope } from './envelope.ts'
import { refusalError, tokenRefusals, unreadableError } from './errors.ts'

const hourMs = 3_600_000
const tokenLifeMs = 12 * hourMs
const renewBeforeMs = 2 * hourMs
/** Contract §2.1; the last one repeats. */
const backoffMs = [5_000, 10_000, 20_000, 40_000, 60_000]
/** How often a read that ended in `Exception` is asked again. */
const exceptionRepeats = 2

/** Calls to ACT: token, envelope, one repetition after an expired token. */
export interface Session {
  /** `POST /apir/sync/actopen/<name>`. Safe to repeat, and repeated. Throws for everything but success. */
  read(name: string, body: Row): Promise<Envelope>
  /** A call that may change something: never sent twice unless it surely was not done. A refusal is returned. */
  write(name: 'save' | 'save_dictionary' | 'delete', body: Row): Promise<Envelope>
  /** Makes a new token now; throws what `connect` refuses. */
  connect(): Promise<void>
  /** ACT's clock minus ours by the latest answer, and the least that was seen; milliseconds. `undefined` before the first answer. */
  readonly clockSkewMs: number | undefined
  readonly leastSkewMs: number | undefined
  close(): Promise<void>
}

/** An answer as an envelope, whatever the status. A 4xx without one (proxies, 413) becomes a refusal with its status. */
function open(name: string, response: TransportResponse, repeatable: boolean): Envelope {
  if (response.status < 400) return openEnvelope(name, response.json(), response.status, repeatable)
  const refusal = { success: false, errorMessage: null, status: response.status, data: null, custom: {} }
  try {
    const envelope = openEnvelope(name, response.json(), response.status, true)
    if (!envelope.success) return envelope
  } catch {
    // Not an envelope: the status is all there is to know.
  }
  return { ...refusal, errorCode: response.status === 413 ? 'TooMany' : `HTTP ${response.status}` }
}

export function createSession(config: AccountingConfig, context: ConnectionContext): Session {
  const { clock, random, logger } = context
  const name = `accounting of ${context.tenant}`
  const transport = createTransport({
    baseUrl: config.baseUrl,
    name,
    clock,
    random,
    logger,
    carry: context.carry,
    backoffMs,
    redact: ['X-MISA-AccessToken'],
    ...(config.timeoutMs === undefined ? {} : { timeoutMs: config.timeoutMs }),
    ...(config.requestsPerMinute === undefined ? {} : { requestsPerMinute: config.requestsPerMinute }),
  })
  const closing = new AbortController()
  let leastSkew: number | undefined
  let latestToken: string | undefined

  const request = async (options: TransportRequest): Promise<TransportResponse> => {
    const response = await transport.request(options)
    const skew = transport.clockSkewMs
    if (skew !== undefined) leastSkew = Math.min(leastSkew ?? skew, skew)
    return response
  }
  const identity = { app_id: config.appId, org_company_code: config.orgCompanyCode }

  const fetchToken = async (): Promise<FreshToken> => {
    const response = await request({
      method: 'POST',
      path: '/api/oauth/actopen/connect',
      body: { ...identity, access_code: config.accessCode },
      repeatable: true,
    })
    const envelope = open('connect', response, true)
    if (!envelope.success) throw refusalError('connect', envelope)
    const token = isRow(envelope.data) ? envelope.data['access_token'] : undefined
    if (typeof token !== 'string' || token === '') throw unreadableError('connect', true)
    // The life is counted by our clock from now on: `expired_time` is the server's, which may differ.
    return { token, expiresInMs: tokenLifeMs }
  }
  const tokens = createTokenSource({ fetch: fetchToken, renewBeforeMs, clock })

  const once = async (call: string, body: Row, token: string, repeatable: boolean): Promise<Envelope> => {
    const response = await request({
      method: call === 'delete' ? 'DELETE' : 'POST',
      path: `/apir/sync/actopen/${call}`,
      headers: { 'X-MISA-AccessToken': token },
      body: { ...body, ...identity },
      repeatable,
    })
    return open(call, response, repeatable)
  }

  /** A refused token means that nothing was done, so that writes are repeated too; a second refusal stops (contract §2.1). */
  const call = async (function_: string, body: Row, repeatable: boolean): Promise<Envelope> => {
    const token = await tokens.get()
    latestToken = token
    const first = await once(function_, body, token, repeatable)
    if (first.success || !tokenRefusals.has(first.errorCode ?? '')) return first
    tokens.invalidate(token)
    const second = await once(function_, body, await tokens.get(), repeatable)
    if (!second.success && tokenRefusals.has(second.errorCode ?? '')) {
      throw refusalError(function_, { ...second, errorCode: 'InvalidToken' })
    }
    return second
  }

  const ask = async (function_: string, body: Row): Promise<Envelope> => {
    const envelope = await call(function_, body, true)
    if (!envelope.success) throw refusalError(function_, envelope)
    return envelope
  }

  return {
    async read(function_, body) {
      for (let failures = 0; ; failures++) {
        try {
          return await ask(function_, body)
        } catch (error) {
          if (!isSyncError(error) || error.code !== 'ACCOUNTING_EXCEPTION' || failures >= exceptionRepeats) throw error
          const waitMs = Math.round(backoffMs[failures]! * (1 + random.next() / 4))
          logger.warn('read is tried again', { connection: name, function: function_, code: error.code, waitMs })
          await clock.sleep(waitMs, closing.signal)
        }
      }
    },
    write: (function_, body) => call(function_, body, false),
    async connect() {
      if (latestToken !== undefined) tokens.invalidate(latestToken)
      latestToken = await tokens.get()
    },
    get clockSkewMs() {
      return transport.clockSkewMs
    },
    get leastSkewMs() {
      return leastSkew
    },
    close() {
      closing.abort()
      return transport.close()
    },
  }
}
