import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Json = Record<string, unknown>

export interface Call {
  readonly method: string
  readonly name: string
  readonly token: string | undefined
  readonly body: Json
}

/** An envelope as an object, a whole answer, or `cut`: the connection ends without one. */
export type Answer =
  Json | { readonly status: number; readonly text: string; readonly headers?: Record<string, string> } | 'cut'

export interface ScriptedAct {
  readonly url: string
  /** Everything that arrived, oldest first. */
  readonly calls: Call[]
  /** Names of the functions that were called, without `connect`. */
  names(): string[]
  close(): Promise<void>
}

export const success = (data: unknown, custom: unknown = null): Json => ({
  Success: true,
  ErrorCode: null,
  ErrorMessage: null,
  Data: data === null ? null : JSON.stringify(data),
  CustomData: custom === null ? null : JSON.stringify(custom),
})

export const refusal = (code: string, message = ''): Json => ({
  Success: false,
  ErrorCode: code,
  ErrorMessage: message,
  Data: null,
  CustomData: null,
})

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'cut') response.destroy()
  else if (typeof answer['status'] === 'number' && typeof answer['text'] === 'string') {
    response.writeHead(answer['status'], answer['headers'] as Record<string, string>).end(answer['text'])
  } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

/** A small ACT for answers that the sandbox does not give. `connect` succeeds unless the script says otherwise. */
export async function startScriptedAct(script: (call: Call) => Answer | undefined): Promise<ScriptedAct> {
  const calls: Call[] = []
  let tokens = 0
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const header = request.headers['x-misa-accesstoken']
      const name = (request.url ?? '').split('/').at(-1)!
      const call: Call = { method: request.method ?? '', name, token: header?.toString(), body }
      calls.push(call)
      const connected = (): Json => success({ access_token: `token-${++tokens}`, expired_time: '2026-11-24 20:00:00' })
      send(
        response,
        script(call) ?? (name === 'connect' ? connected() : success([], { LastSyncTime: '2026-11-24 08:25:01' })),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    names: () => calls.map((call) => call.name).filter((name) => name !== 'connect'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
