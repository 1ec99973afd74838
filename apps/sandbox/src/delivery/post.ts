import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** Answer of a receiver; status 0 = none came. */
export interface Received {
  readonly status: number
  readonly body: string
}

const TIMEOUT_MS = 10_000
const MAX_ANSWER = 65_536
const NOTHING: Received = { status: 0, body: '' }

/** Takes deliveries to their receivers; never throws. */
export interface Courier {
  post(url: string, headers: Record<string, string>, body: string): Promise<Received>
}

/** Posts deliveries over kept-alive connections. */
export class Poster implements Courier {
  readonly #http = new HttpAgent({ keepAlive: true })
  readonly #https = new HttpsAgent({ keepAlive: true })

  /** One POST; a receiver has 10 s of real time. */
  async post(url: string, headers: Record<string, string>, body: string): Promise<Received> {
    try {
      const first = await this.#send(url, headers, body)
      const second = first === 'stale' ? await this.#send(url, headers, body) : first
      return second === 'stale' ? NOTHING : second
    } catch {
      return NOTHING
    }
  }

  /** `stale` = a kept-alive connection turned out to be closed before anything was answered: send again on another. */
  #send(url: string, headers: Record<string, string>, body: string): Promise<Received | 'stale'> {
    return new Promise((resolve) => {
      if (!/^https?:/i.test(url) || !URL.canParse(url)) {
        resolve(NOTHING)
        return
      }
      const target = new URL(url)
      const secure = target.protocol === 'https:'
      const options = {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }
      const request = (secure ? httpsRequest : httpRequest)(target, options, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          if (text.length < MAX_ANSWER) text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
        response.on('error', () => resolve(NOTHING))
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        resolve(request.reusedSocket && error.code === 'ECONNRESET' ? 'stale' : NOTHING)
      })
      request.end(body)
    })
  }

  /** Drops the connections. */
  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
