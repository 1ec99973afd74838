import { fastify } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Ids, Logger } from '@amis-sync/core'
import { SyncError, toSyncError } from '@amis-sync/core'
import { addDeliveryRoutes } from './delivery-routes.ts'
import type { Receivers } from './receivers.ts'

export interface HttpServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly receivers: Receivers
  readonly ids: Ids
  readonly logger: Logger
  /** Rejects while the runner cannot do its work: the database does not answer. */
  readonly ready: () => Promise<void>
}

export interface HttpServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * The runner's own HTTP: deliveries (contract §2.6), `/healthz` (the process lives), `/readyz` (it can work).
 * Throws `SyncError` kind `config`: `PORT_IN_USE`, `PORT_REFUSED`, `HOST_UNKNOWN`.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: false })
  server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 503
    if (status >= 500) {
      // The sender tries again: what could not be stored was not taken.
      options.logger.error('a request failed', {
        path: request.url,
        code: toSyncError(error).code,
        error: error.message,
      })
    }
    return reply.code(status).send()
  })
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send())
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    try {
      await options.ready()
      return { status: 'ready' }
    } catch (error) {
      return reply.code(503).send({ status: 'unavailable', code: toSyncError(error).code })
    }
  })
  addDeliveryRoutes(server, options.receivers, options.ids, options.logger)
  try {
    await server.listen({ host: options.host, port: options.port })
  } catch (error) {
    await server.close()
    throw listenError(error, options)
  }
  const { port } = server.server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`, close: () => server.close() }
}

function listenError(error: unknown, { host, port }: HttpServerOptions): SyncError {
  const { code } = error as NodeJS.ErrnoException
  const known = (name: string, vi: string, en: string) =>
    new SyncError({ code: name, kind: 'config', message: { vi, en }, cause: error })
  if (code === 'EADDRINUSE') {
    return known(
      'PORT_IN_USE',
      `Cổng ${port} trên ${host} đang được chương trình khác dùng. Hãy tắt chương trình đó, hoặc chọn cổng khác: AMIS_SYNC_PORT=${port + 1} (0 = cổng trống bất kỳ)`,
      `Port ${port} on ${host} is in use by another program. Stop it, or choose another port: AMIS_SYNC_PORT=${port + 1} (0 = any free one)`,
    )
  }
  if (code === 'EACCES') {
    return known(
      'PORT_REFUSED',
      `Không được phép mở cổng ${port}. Hãy chọn cổng từ 1024 trở lên: AMIS_SYNC_PORT=48600`,
      `Opening port ${port} is not permitted. Choose one from 1024 up: AMIS_SYNC_PORT=48600`,
    )
  }
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') {
    return known(
      'HOST_UNKNOWN',
      `Máy này không có địa chỉ "${host}". Hãy sửa http.host trong amis-sync.yaml (127.0.0.1 hoặc 0.0.0.0)`,
      `This machine has no address "${host}". Correct http.host in amis-sync.yaml (127.0.0.1 or 0.0.0.0)`,
    )
  }
  return toSyncError(error)
}
