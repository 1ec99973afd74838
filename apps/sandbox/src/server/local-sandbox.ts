import { handleAdmin } from '../admin/router.ts'
import type { Courier } from '../delivery/post.ts'
import { type Surroundings, surroundWith } from '../model/surroundings.ts'
import type { SystemName } from '../tenant/clock.ts'
import { Registry } from '../tenant/registry.ts'
import { systemOwning, toExchange } from './arrival.ts'
import { handle } from './pipeline.ts'

/** A request as it would arrive over HTTP. */
export interface LocalRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** An answer, given so much later; `cut` = the connection is cut instead. */
export type LocalAnswer =
  | 'cut'
  | {
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
      readonly afterMs: number
    }

/** The simulated systems without a server, timers or chance of their own: somebody else moves time. */
export interface LocalSandbox {
  /** A request to one of the three systems; done at once. */
  request(request: LocalRequest): Promise<LocalAnswer>
  /** A call of the admin interface (contract §5.3): `POST`, `/act`, … Gives the answer's body. */
  admin(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>
  /** What the systems' clocks show besides the true time, milliseconds. */
  skew(ms: Readonly<Partial<Record<SystemName, number>>>): void
  /** When the next queued call or delivery falls due; null = nothing waits. */
  nextDue(): number | null
  /** Does what is due. Deliveries go to the courier. */
  run(): void
}

export interface LocalSandboxOptions extends Surroundings {
  readonly courier: Courier
}

/** Opens the sandbox with its built-in tenant `demo`, in this process only. One at a time: time and chance are the process's. */
export function openLocalSandbox({ courier, now, bytes }: LocalSandboxOptions): LocalSandbox {
  surroundWith({ now, bytes })
  const registry = new Registry(courier)
  const { clock, ticker, queue, outbox } = registry.get('demo')!
  // Its timers would be real ones.
  ticker.close()
  return {
    async request({ method, path, headers, body }) {
      const exchange = toExchange({ method, url: path, headers }, bodyOf(body))
      const api = systemOwning(exchange.path)
      if (!api) return { status: 404, headers: {}, body: Buffer.from('{}'), afterMs: 0 }
      const { outcome, now: at } = await handle(api, exchange, registry)
      if (outcome.kind === 'cut') return 'cut'
      const { answer, bytes: count, afterMs } = outcome
      return {
        status: answer.status,
        headers: { date: new Date(at).toUTCString(), ...lowerCase(answer.headers) },
        body: Buffer.from(answer.body).subarray(0, count),
        afterMs,
      }
    },
    async admin(method, path, body) {
      const given = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
      const exchange = toExchange({ method, url: `/__sandbox${path}`, headers: {} }, bodyOf(given))
      return JSON.parse((await handleAdmin(exchange, registry)).body) as Readonly<Record<string, unknown>>
    },
    skew: (ms) => clock.skew(ms),
    nextDue() {
      const dues = [queue.nextDue(), outbox.nextDue()].filter((due) => due !== null)
      return dues.length === 0 ? null : Math.min(...dues)
    },
    run() {
      queue.run()
      outbox.run()
    },
  }
}

function bodyOf(body: Uint8Array | undefined): { bytes: Buffer; size: number; tooLarge: false } {
  const bytes = Buffer.from(body ?? [])
  return { bytes, size: bytes.length, tooLarge: false }
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
