import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How long a runner may take to answer a delivery before the next one is tried. */
const patienceMs = 500

/** One address for deliveries in front of several runners, as a company would have it: the first that answers takes it. */
export class Balancer {
  readonly targets = new Set<string>()
  /** Deliveries with such a body are taken and lost. */
  loses: RegExp | undefined
  readonly #server = createServer((request, response) => void this.#forward(request, response))

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    if (this.loses?.test(body.toString())) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"Success":true}')
      return
    }
    const headers = Object.entries(request.headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name))
    const targets = [...this.targets]
    for (const target of targets) {
      try {
        const answer = await fetch(`${target}${request.url}`, {
          method: 'POST',
          headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
          body,
          signal: AbortSignal.timeout(patienceMs),
        })
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
        response.end(await answer.text())
        return
      } catch {
        // Nobody there, or stopped: the next one, and this one last from now on.
        if (this.targets.delete(target)) this.targets.add(target)
      }
    }
    response.writeHead(502).end()
  }
}
