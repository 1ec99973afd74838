import { isSyncError } from '@amis-sync/core'
import type { ConnectionContext, Row } from '@amis-sync/core'
import { createTokenSource, createTransport, credentialsRefused, faultError, withToken } from '@amis-sync/http-client'
import type { AnswerFault, Transport, TransportRequest, TransportResponse } from '@amis-sync/http-client'
import type { CrmConfig } from './config.ts'
import { toEnvelope, toRows } from './envelope.ts'
import type { Envelope } from './envelope.ts'
import { callError } from './errors.ts'

const root = '/api/v2'
const tokenLifeMs = 24 * 3_600_000
const renewBeforeMs = 3_600_000

interface CrmCall {
  readonly method: TransportRequest['method']
  /** Behind `/api/v2`. */
  readonly path: string
  readonly query?: TransportRequest['query']
  readonly body?: unknown
  readonly repeatable: boolean
  /** For reads: an answer without a list of rows is malformed, so that it is asked for again. */
  readonly expects?: 'rows' | 'results'
}

export interface RowsAnswer {
  readonly rows: readonly Row[]
  readonly total?: number
  /** No total although this path has given one before: the answer may be less than whole, whatever it claims. */
  readonly doubtful: boolean
  /** The server's `Date` header, milliseconds since 1970. */
  readonly serverDate?: number
}

/** Calls with token, envelope and coded errors. */
export interface CrmApi {
  /** For errors and logs: `crm of acme`. */
  readonly name: string
  readonly transport: Transport
  /** Answers of status 200, and 4xx ones except 401. Throws `CREDENTIALS_REFUSED` and what the transport throws. */
  send(call: CrmCall): Promise<{ readonly envelope: Envelope; readonly serverDate?: number }>
  /** A GET that must bring rows. Throws the error of a refused call too. */
  rows(path: string, query: TransportRequest['query']): Promise<RowsAnswer>
  /** Makes sure that the credentials are good. */
  signIn(): Promise<void>
}

function read(answer: TransportResponse): Envelope | undefined {
  try {
    return toEnvelope(answer.status, answer.json())
  } catch {
    // A 4xx with a body that is no JSON (a proxy's page) still says what its status says; a 2xx was JSON.
    return undefined
  }
}

function faultIn(expects: CrmCall['expects']): (answer: TransportResponse) => AnswerFault | undefined {
  return (answer) => {
    const envelope = read(answer)
    if (envelope === undefined) return answer.status < 300 ? 'MALFORMED_ANSWER' : undefined
    if (envelope.status === 429) return 'RATE_LIMITED'
    if (envelope.status >= 500) return 'SERVER_ERROR'
    if (envelope.status !== 200) return undefined
    if (expects === 'rows' && toRows(envelope.data) === undefined) return 'MALFORMED_ANSWER'
    if (expects === 'results' && envelope.results === undefined) return 'MALFORMED_ANSWER'
    return undefined
  }
}

export function createApi(config: CrmConfig, context: ConnectionContext): CrmApi {
  const name = `crm of ${context.tenant}`
  const transport = createTransport({
    baseUrl: config.baseUrl,
    name,
    clock: context.clock,
    random: context.random,
    logger: context.logger,
    carry: context.carry,
    timeoutMs: config.timeoutMs,
    concurrency: config.concurrency,
    ...(config.requestsPerMinute === undefined ? {} : { requestsPerMinute: config.requestsPerMinute }),
  })

  const tokens = createTokenSource({
    clock: context.clock,
    renewBeforeMs,
    fetch: async () => {
      const path = `${root}/Account`
      const answer = await transport.request({
        method: 'POST',
        path,
        body: { client_id: config.clientId, client_secret: config.clientSecret },
        repeatable: true,
        faultIn: faultIn(undefined),
      })
      const envelope = read(answer)
      const status = envelope?.status ?? answer.status
      if (status === 400 || status === 401 || status === 403) throw credentialsRefused(name, { status })
      if (status !== 200) throw callError(name, `POST ${path}`, status, envelope)
      const token = envelope?.data
      if (typeof token !== 'string' || token === '') {
        throw faultError('MALFORMED_ANSWER', { name, route: `POST ${path}`, repeatable: true })
      }
      return { token, expiresInMs: tokenLifeMs }
    },
  })

  const send: CrmApi['send'] = async (call) => {
    const answer = await withToken(
      tokens,
      name,
      (token) =>
        transport.request({
          method: call.method,
          path: root + call.path,
          headers: { authorization: `Bearer ${token}`, clientid: config.clientId },
          repeatable: call.repeatable,
          faultIn: faultIn(call.expects),
          ...(call.query === undefined ? {} : { query: call.query }),
          ...(call.body === undefined ? {} : { body: call.body }),
        }),
      (given) => (read(given)?.status ?? given.status) === 401,
    )
    return {
      envelope: read(answer) ?? { status: answer.status },
      ...(answer.date === undefined ? {} : { serverDate: answer.date }),
    }
  }

  const givesTotals = new Set<string>()

  return {
    name,
    transport,
    send,
    async rows(path, query) {
      const { envelope, serverDate } = await send({
        method: 'GET',
        path,
        repeatable: true,
        expects: 'rows',
        ...(query === undefined ? {} : { query }),
      })
      if (envelope.status !== 200) throw callError(name, `GET ${root}${path}`, envelope.status, envelope)
      if (envelope.total !== undefined) givesTotals.add(path)
      return {
        rows: toRows(envelope.data) ?? [],
        doubtful: envelope.total === undefined && givesTotals.has(path),
        ...(envelope.total === undefined ? {} : { total: envelope.total }),
        ...(serverDate === undefined ? {} : { serverDate }),
      }
    },
    async signIn() {
      await tokens.get()
    },
  }
}

/** Has the error this code? */
export function hasCode(error: unknown, code: string): boolean {
  return isSyncError(error) && error.code === code
}
