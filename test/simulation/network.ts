import type { HttpCarrier, HttpRequest, HttpResult, SystemId } from '@amis-sync/core'
import type { Chance, ProcessTwin, Timeline, Trace } from '@amis-sync/testkit/simulation'
import type { Systems } from './systems.ts'

/** A request that vanishes on its way: the sender waits in vain, nothing was done. */
export interface Loss {
  readonly system: SystemId
  readonly method: string
  left: number
}

export interface Network {
  readonly timeline: Timeline
  readonly chance: Chance
  readonly systems: Systems
  readonly trace: Trace
  losses: Loss[]
  /** Told about each answer, for checks over the wire. */
  readonly onAnswer: (system: SystemId, request: HttpRequest, text: string) => void
}

const mostMs = 40
/** Calls that change nothing at the other side. */
const harmless = /^GET |\/Account$|\/token$|\/connect$|get_/

export function isWrite({ method, path }: Pick<HttpRequest, 'method' | 'path'>): boolean {
  return !harmless.test(`${method} ${path.split('?')[0]}`)
}

/** Carries a process's requests to one system: each way takes its time, and may be cut or lost. */
export function carrierOf(network: Network, process: ProcessTwin, system: SystemId): HttpCarrier {
  const { chance, systems, trace } = network
  let count = 0
  return async (request): Promise<HttpResult> => {
    const name = `${system} ${request.method} ${request.path.split('?')[0]} #${(count += 1)}`
    const text = request.body === undefined ? request.path : Buffer.from(request.body).toString()
    trace.add(`→ ${name}`, text)
    const loss = network.losses.find((one) => one.system === system && one.method === request.method && one.left > 0)
    if (loss) {
      loss.left -= 1
      trace.add(`✗ ${name} is lost`)
      await process.clock.sleep(request.timeoutMs)
      return { fault: 'TIMEOUT', sent: true }
    }
    const answer = await process.call(chance.between(1, mostMs), async () => {
      if (isWrite(request)) trace.add(`  ${name} is done: ${text.slice(0, 2_000)}`)
      const done = await systems.sandbox.request({ ...request, headers: lowerCase(request.headers) })
      if (done !== 'cut') network.onAnswer(system, request, done.body.toString())
      return done
    })
    if (answer === 'cut') {
      trace.add(`✗ ${name} is cut`)
      return { fault: 'CONNECTION_CUT', sent: true }
    }
    const waitMs = answer.afterMs + chance.between(1, mostMs)
    await process.clock.sleep(Math.min(waitMs, request.timeoutMs))
    if (waitMs > request.timeoutMs) return { fault: 'TIMEOUT', sent: true }
    const { status, headers, body } = answer
    trace.add(`← ${name} ${status}`, body.toString())
    return { status, headers, body }
  }
}

/** As a server sees them. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
