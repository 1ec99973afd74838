import { startTestServer } from '@amis-sync/http-client/testing'
import type { Reply } from '@amis-sync/http-client/testing'

export type Json = Record<string, unknown>

export interface Call {
  readonly method: string
  readonly name: string
  readonly token: string | undefined
  readonly body: Json
}

/** `cut`: the connection ends without an answer. */
export type Answer = Reply | 'cut'

export interface ScriptedAct {
  readonly url: string
  /** Everything that arrived, oldest first. */
  readonly calls: Call[]
  /** Names of the functions that were called, without `connect`. */
  names(): string[]
  close(): Promise<void>
}

export const success = (data: unknown, custom: unknown = null): Answer => ({
  json: {
    Success: true,
    ErrorCode: null,
    ErrorMessage: null,
    Data: data === null ? null : JSON.stringify(data),
    CustomData: custom === null ? null : JSON.stringify(custom),
  },
})

export const refusal = (code: string, status = 200): Answer => ({
  status,
  json: { Success: false, ErrorCode: code, ErrorMessage: '', Data: null, CustomData: null },
})

/** A small ACT for answers that the sandbox does not give. Everything succeeds, unless the script says otherwise. */
export async function startScriptedAct(script: (call: Call) => Answer | undefined): Promise<ScriptedAct> {
  const calls: Call[] = []
  let tokens = 0
  const server = await startTestServer((request) => {
    const name = request.path.split('/').at(-1)!
    const token = request.headers['x-misa-accesstoken']?.toString()
    const call: Call = { method: request.method, name, token, body: request.body as Json }
    calls.push(call)
    const usual = (): Answer =>
      name === 'connect'
        ? success({ access_token: `token-${++tokens}`, expired_time: '2026-11-24 20:00:00' })
        : success([], { LastSyncTime: '2026-11-24 08:25:01' })
    return script(call) ?? usual()
  })
  return {
    url: server.url,
    calls,
    names: () => calls.map((call) => call.name).filter((name) => name !== 'connect'),
    close: () => server.close(),
  }
}
