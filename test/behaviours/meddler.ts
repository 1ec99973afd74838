import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnyRow, onClose } from './company.ts'

/** Changes a JSON answer on its way to the product. `route` is `METHOD /path`, without query. */
export type Meddle = (route: string, answer: AnyRow) => AnyRow

/** A server between the product and a system: it passes everything on, changes answers, and goes away and comes back. */
export interface Meddler {
  readonly url: string
  meddle: Meddle
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const hopByHop = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => typeof value === 'string' && !hopByHop.has(name)),
  ) as Record<string, string>
}

export async function openMeddler(target: string): Promise<Meddler> {
  const meddler = { meddle: (_: string, answer: AnyRow) => answer }
  const passOn = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = 'GET', url = '/' } = request
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
    const answer = await fetch(target + url, { method, headers: passedOn(request.headers), ...body })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') ?? false
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    response.end(json ? meddled(`${method} ${url.split('?')[0]}`, text) : text)
  }
  const server = createServer((request, response) => {
    passOn(request, response).catch(() => response.destroy())
  })
  const meddled = (route: string, text: string) => JSON.stringify(meddler.meddle(route, JSON.parse(text) as AnyRow))
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const goAway = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  onClose(() => (server.listening ? goAway() : Promise.resolve()))
  return Object.assign(meddler, { url: `http://127.0.0.1:${port}`, goAway, comeBack: () => listen(port) })
}
