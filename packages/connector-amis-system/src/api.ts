import type { ConnectionContext, Row } from '@amis-sync/core'
import { toInstant } from '@amis-sync/core'
import { createTokenSource, createTransport, credentialsRefused, faultError, withToken } from '@amis-sync/http-client'
import type { AnswerFault, Transport, TransportRequest, TransportResponse } from '@amis-sync/http-client'
import type { SystemConfig } from './config.ts'
import { callError } from './errors.ts'

const root = '/api/v1'
const renewBeforeMs = 600_000

/** A list answer, checked (contract §3). */
export interface ItemPage {
  readonly items: readonly Row[]
  readonly nextCursor?: string
  /** As the server wrote it. */
  readonly serverTime: string
  readonly deleted: readonly Row[]
}

export interface SystemApi {
  /** For errors and logs: `system of acme`. */
  readonly name: string
  readonly transport: Transport
  list(path: string, query: NonNullable<TransportRequest['query']>): Promise<ItemPage>
  /** `undefined` = there is none (404). */
  item(path: string, id: string): Promise<Row | undefined>
  /** Makes sure that the credentials are good. */
  signIn(): Promise<void>
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(answer: TransportResponse): Fields | undefined {
  try {
    const value = answer.json()
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
  } catch {
    // A 4xx whose body is no JSON (a proxy's page) still says what its status says.
    return undefined
  }
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function toItemPage(fields: Fields | undefined): ItemPage | undefined {
  const { items, nextCursor = null, serverTime, deleted = [] } = fields ?? {}
  if (!Array.isArray(items) || !items.every(isRow) || !Array.isArray(deleted) || !deleted.every(isRow)) return undefined
  if (typeof serverTime !== 'string' || toInstant(serverTime) === undefined) return undefined
  if (nextCursor !== null && typeof nextCursor !== 'string') return undefined
  return { items, serverTime, deleted, ...(nextCursor === null || nextCursor === '' ? {} : { nextCursor }) }
}

const listFault = (answer: TransportResponse): AnswerFault | undefined =>
  answer.status < 300 && toItemPage(fieldsOf(answer)) === undefined ? 'MALFORMED_ANSWER' : undefined

const itemFault = (answer: TransportResponse): AnswerFault | undefined =>
  answer.status < 300 && typeof fieldsOf(answer)?.['id'] !== 'string' ? 'MALFORMED_ANSWER' : undefined

function said(answer: TransportResponse): string | undefined {
  const { detail, title } = fieldsOf(answer) ?? {}
  return typeof detail === 'string' ? detail : typeof title === 'string' ? title : undefined
}

export function createApi(config: SystemConfig, context: ConnectionContext): SystemApi {
  const name = `system of ${context.tenant}`
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
      const path = `${root}/token`
      const answer = await transport.request({
        method: 'POST',
        path,
        body: { client_id: config.clientId, client_secret: config.clientSecret },
        repeatable: true,
      })
      if ([400, 401, 403].includes(answer.status)) throw credentialsRefused(name, { status: answer.status })
      if (answer.status >= 300) throw callError(name, `POST ${path}`, answer.status, said(answer))
      const { access_token: token, expires_in: seconds } = fieldsOf(answer) ?? {}
      if (typeof token !== 'string' || token === '') {
        throw faultError('MALFORMED_ANSWER', { name, route: `POST ${path}`, repeatable: true })
      }
      return { token, expiresInMs: (typeof seconds === 'number' && seconds > 0 ? seconds : 3_600) * 1_000 }
    },
  })

  const get = (
    path: string,
    query: TransportRequest['query'],
    faultIn: (answer: TransportResponse) => AnswerFault | undefined,
  ): Promise<TransportResponse> =>
    withToken(
      tokens,
      name,
      (token) =>
        transport.request({
          method: 'GET',
          path: root + path,
          headers: { authorization: `Bearer ${token}` },
          repeatable: true,
          faultIn,
          ...(query === undefined ? {} : { query }),
        }),
      (answer) => answer.status === 401,
    )

  return {
    name,
    transport,
    async list(path, query) {
      const answer = await get(path, query, listFault)
      const page = answer.status < 300 ? toItemPage(fieldsOf(answer)) : undefined
      if (page === undefined) throw callError(name, `GET ${root}${path}`, answer.status, said(answer))
      return page
    },
    async item(path, id) {
      const answer = await get(`${path}/${encodeURIComponent(id)}`, undefined, itemFault)
      if (answer.status === 404) return undefined
      if (answer.status >= 300) throw callError(name, `GET ${root}${path}/{id}`, answer.status, said(answer))
      return fieldsOf(answer)
    },
    async signIn() {
      await tokens.get()
    },
  }
}
