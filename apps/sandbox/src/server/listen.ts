import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { handleAdmin, isAdminPath } from '../admin/router.ts'
import type { Registry } from '../tenant/registry.ts'
import { systemOwning, toExchange } from './arrival.ts'
import { readBody } from './body.ts'
import { handle, type Handled } from './pipeline.ts'

/** A hundred codes of fifty Vietnamese letters each, percent-encoded, must fit into a URL. */
const MAX_HEADERS = 262_144
const JSON_TYPE = 'application/json; charset=utf-8'

/** The HTTP server of all three systems and the admin interface. */
export function createSandboxServer(registry: Registry): Server {
  const server = createServer(
    { keepAliveTimeout: 65_000, requestTimeout: 0, maxHeaderSize: MAX_HEADERS },
    (request, response) => {
      serve(request, response, registry).catch(() => request.socket.destroy())
    },
  )
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  return server
}

async function serve(request: IncomingMessage, response: ServerResponse, registry: Registry): Promise<void> {
  const { method = 'GET', url = '/', headers } = request
  const exchange = toExchange({ method, url, headers }, await readBody(request))
  if (isAdminPath(exchange.path)) {
    const answer = isLoopback(request.socket.remoteAddress)
      ? await handleAdmin(exchange, registry)
      : { status: 403, body: JSON.stringify({ ok: false, code: 'bad_request', error: 'loopback only' }) }
    registry.commit()
    send(response, answer.status, { 'Content-Type': JSON_TYPE }, Buffer.from(answer.body))
    return
  }
  const api = systemOwning(exchange.path)
  if (!api) send(response, 404, { 'Content-Type': JSON_TYPE }, Buffer.from('{"title":"Not Found","status":404}'))
  else await respond(request, response, await handle(api, exchange, registry))
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { outcome, row, now }: Handled,
): Promise<void> {
  if (outcome.kind === 'cut') {
    request.socket.resetAndDestroy()
    return
  }
  const { answer, bytes, afterMs } = outcome
  if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
  const whole = encode(answer.body)
  const body = bytes === undefined ? whole : whole.subarray(0, bytes)
  if (response.destroyed) return
  row.status = answer.status
  row.bytesOut = body.length
  send(
    response,
    answer.status,
    { 'Content-Type': answer.type ?? JSON_TYPE, Date: new Date(now).toUTCString(), ...answer.headers },
    body,
  )
}

/** Where answers are turned into UTF-8 before they are copied out; writing here saves measuring the text first. */
let scratch = Buffer.allocUnsafe(1 << 20)

function encode(text: string): Buffer {
  if (text.length * 3 > scratch.length) scratch = Buffer.allocUnsafe(text.length * 3)
  return Buffer.from(scratch.subarray(0, scratch.write(text)))
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(body.length) })
  response.end(body)
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}
