import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

export interface Reply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** Instead of `json`: the body as it is. */
  readonly text?: string
  /** Cut the connection after so many bytes of the body. */
  readonly cutAfter?: number
  readonly delayMs?: number
}

/** `cut` = close without a word, `hang` = never answer. */
export type Answering = (
  request: SeenRequest,
  count: number,
) => Reply | 'cut' | 'hang' | Promise<Reply | 'cut' | 'hang'>

export interface TestServer {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** `POST /api/v2/Customers` of each request, in order. */
  readonly routes: readonly string[]
  clear(): void
  close(): Promise<void>
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const url = new URL(request.url ?? '/', 'http://server')
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.text ?? JSON.stringify(reply.json ?? {}))
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...reply.headers,
  })
  if (reply.cutAfter === undefined) response.end(body)
  else response.write(body.subarray(0, reply.cutAfter), () => response.destroy())
}

/** A real HTTP server on a free port whose answers a test decides, one by one. */
export async function startTestServer(answer: Answering): Promise<TestServer> {
  const requests: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await read(incoming)
      requests.push(request)
      const reply = await answer(request, requests.length)
      if (reply === 'hang') return
      if (reply === 'cut') return void response.destroy()
      if (reply.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.delayMs))
      send(response, reply)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get routes() {
      return requests.map((request) => `${request.method} ${request.path}`)
    },
    clear() {
      requests.length = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
