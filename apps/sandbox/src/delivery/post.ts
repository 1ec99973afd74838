import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** Answer of a receiver; status 0 = none came. */
export interface Received {
  readonly status: number
  readonly body: string
}

const TIMEOUT_MS = 10_000
const MAX_ANSWER = 65_536

/** Posts deliveries over kept-alive connections; never throws. */
export class Poster {
  readonly #http = new HttpAgent({ keepAlive: true })
  readonly #https = new HttpsAgent({ keepAlive: true })

  /** One POST; a receiver has 10 s of real time. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Received> {
    return new Promise((resolve) => {
      const nothing = (): void => resolve({ status: 0, body: '' })
      let target: URL
      try {
        target = new URL(url)
      } catch {
        nothing()
        return
      }
      const secure = target.protocol === 'https:'
      const send = secure ? httpsRequest : httpRequest
      const options = {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }
      try {
        const request = send(target, options, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            if (text.length < MAX_ANSWER) text += chunk
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
          response.on('error', nothing)
        })
        request.on('error', nothing)
        request.end(body)
      } catch {
        nothing()
      }
    })
  }

  /** Drops the connections. */
  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
