import type { HttpCarrier } from '@amis-sync/core'
import type { Dispatcher, Pool } from 'undici'
import type { FaultCode } from './faults.ts'

/** One attempt that brought an answer, whatever its status. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

/** One attempt that brought none. */
export class ExchangeFault extends Error {
  readonly code: FaultCode
  /** Were bytes of the request given to a connection? */
  readonly sent: boolean

  constructor(code: FaultCode, sent: boolean, cause?: unknown) {
    super(code, { cause })
    this.code = code
    this.sent = sent
  }
}

export interface ExchangeOptions {
  readonly method: Dispatcher.HttpMethod
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly timeoutMs: number
  readonly maxResponseBytes: number
}

const tlsCode = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/

function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : ''
}

function faultOf(error: Error, sent: boolean): ExchangeFault {
  if (error instanceof ExchangeFault) return error
  const code = codeOf(error)
  if (sent) return new ExchangeFault('CONNECTION_CUT', true, error)
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return new ExchangeFault('CONNECTION_CLOSED', false)
  return new ExchangeFault(tlsCode.test(code) ? 'TLS_REFUSED' : 'HOST_UNREACHABLE', false, error)
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

/**
 * Sends one request over the pool. Uses `dispatch`, because only its handler tells whether the request was given to a connection:
 * what was not may be sent again even if it is not repeatable. Rejects with {@link ExchangeFault} only.
 */
export function exchange(pool: Pool, options: ExchangeOptions): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let ended = false
    let status = 0
    let headers: RawAnswer['headers'] = {}
    let size = 0
    const chunks: Buffer[] = []

    const fail = (error: Error): void => {
      clearTimeout(timer)
      if (ended) return
      ended = true
      const fault = faultOf(error, controller !== undefined)
      controller?.abort(fault)
      reject(fault)
    }
    const timer = setTimeout(() => fail(new ExchangeFault('TIMEOUT', controller !== undefined)), options.timeoutMs)

    pool.dispatch(
      { method: options.method, path: options.path, headers: options.headers, body: options.body ?? null },
      {
        onRequestStart(given) {
          if (ended) given.abort(new ExchangeFault('TIMEOUT', false))
          else controller = given
        },
        onResponseStart(_controller, given, givenHeaders) {
          if (given < 200) return
          status = given
          headers = flatten(givenHeaders)
        },
        onResponseData(_controller, chunk) {
          size += chunk.length
          if (size > options.maxResponseBytes) fail(new ExchangeFault('ANSWER_TOO_LARGE', true))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          clearTimeout(timer)
          if (ended) return
          ended = true
          resolve({ status, headers, body: Buffer.concat(chunks) })
        },
        onResponseError(_controller, error) {
          fail(error)
        },
      },
    )
  })
}

/** The same over a carrier that takes the network's place. */
export async function carried(carry: HttpCarrier, options: ExchangeOptions): Promise<RawAnswer> {
  const result = await carry(options)
  if ('fault' in result) throw new ExchangeFault(result.fault, result.sent)
  if (result.body.length > options.maxResponseBytes) throw new ExchangeFault('ANSWER_TOO_LARGE', true)
  return { ...result, body: Buffer.from(result.body) }
}
