import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ids, Logger, Received, SystemId } from '@amis-sync/core'
import { isSyncError } from '@amis-sync/core'
import type { Receivers } from './receivers.ts'

const mebibyte = 1024 * 1024

/** The accounting system's own envelope (contract §2.5). */
const taken = { Success: true, ErrorCode: null, ErrorMessage: null, Data: null }

interface Route {
  readonly url: string
  readonly system: SystemId
  readonly bodyLimit: number
  readonly answer: object
}

const routes: readonly Route[] = [
  { url: '/webhooks/:tenant/crm', system: 'crm', bodyLimit: mebibyte, answer: {} },
  { url: '/webhooks/:tenant/system', system: 'system', bodyLimit: mebibyte, answer: {} },
  { url: '/callbacks/:tenant/accounting', system: 'accounting', bodyLimit: 10 * mebibyte, answer: taken },
]

type TenantRequest = FastifyRequest<{ Params: { tenant: string } }>

/** Statuses of a refused delivery; nothing but the status is told to the sender (contract §2.6). */
const refusals: Readonly<Record<string, number>> = { DELIVERY_UNTRUSTED: 401, DELIVERY_MALFORMED: 400 }

function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

/** Webhooks and callbacks: proof checked, stored in the inbox, then answered. Any runner takes them for any tenant (contract §2.6). */
export function addDeliveryRoutes(server: FastifyInstance, receivers: Receivers, ids: Ids, logger: Logger): void {
  // Proofs are over the bytes as they came.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  for (const { url, system, bodyLimit, answer } of routes) {
    server.post<{ Params: { tenant: string } }>(url, {
      bodyLimit,
      // Before the body is read: strangers are not worth ten megabytes.
      onRequest: async (request: TenantRequest, reply) => {
        if (!receivers.find(request.params.tenant, system)) return reply.code(404).send()
      },
      handler: (request, reply) => take(request, reply, system, answer),
    })
  }

  async function take(request: TenantRequest, reply: FastifyReply, system: SystemId, answer: object) {
    const { tenant } = request.params
    const connection = receivers.find(tenant, system)
    if (!connection?.receive) return reply.code(404).send()
    const receivedAt = Date.now()
    let received: Received
    try {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      received = connection.receive({ headers: headersOf(request), body, receivedAt })
    } catch (error) {
      const status = isSyncError(error) ? refusals[error.code] : undefined
      if (status === undefined) throw error
      logger.warn('a delivery was refused', { tenant, system, code: isSyncError(error) ? error.code : undefined })
      return reply.code(status).send()
    }
    const { deliveryId, hints, outcomes } = received
    if (hints.length > 0 || outcomes.length > 0) {
      // Callbacks have no id: each is new, since a repeat does no harm and a hint must not be lost.
      const id = `${system}:${deliveryId ?? ids.next()}`
      const news = await receivers.storeOf(tenant).inbox.accept({ id, system, hints, outcomes, receivedAt })
      if (news === 'new') receivers.stored(tenant)
    }
    return reply.code(200).send(answer)
  }
}
