import type { Clock, HttpCarrier, Logger, Random } from '@amis-sync/core'

export interface TransportOptions {
  /** Origin plus optional prefix, `http` or `https`, without credentials: `https://amisapp.misa.vn/crm/gc/api/public`. */
  readonly baseUrl: string
  /** For errors and logs: `crm of acme`. */
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Most real time for one attempt, connecting included; default 30,000. */
  readonly timeoutMs?: number
  /** Default 32 MB. A longer answer is cut off and refused (`ANSWER_TOO_LARGE`). */
  readonly maxResponseBytes?: number
  /** Budget: at most so many attempts start within any 60 seconds; absent = no limit. */
  readonly requestsPerMinute?: number
  /** Most requests under way at once; default 4. */
  readonly concurrency?: number
  /** Pauses before the second, third … attempt; the last one repeats. Up to a quarter is added as jitter. Default 1, 2, 4 … 60 s. */
  readonly backoffMs?: readonly number[]
  /** How often a request that is safe to repeat is sent again after a failure; default 2. */
  readonly retries?: number
  /** How long one request may wait in all because of 429 answers before `RATE_LIMITED` is thrown; default 120,000. */
  readonly rateLimitWaitMs?: number
  /** Names of headers that never reach a log, besides the built-in ones (see `redact`). */
  readonly redact?: readonly string[]
  /** Takes the place of the network (simulations). */
  readonly carry?: HttpCarrier | undefined
}

export type QueryValue = string | number | boolean | undefined

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Starts with `/`, already encoded; appended to the base URL. */
  readonly path: string
  /** `undefined` is left out, a list repeats the name. Encoded here (`+` becomes `%2B`). */
  readonly query?: Readonly<Record<string, QueryValue | readonly (string | number)[]>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; `undefined` = no body. */
  readonly body?: unknown
  /** May it be sent again when its outcome is unknown? If not, an unknown outcome is thrown with kind `inDoubt`. */
  readonly repeatable: boolean
  /**
   * Is this answer (2xx or 4xx) a failure all the same, in the system's own way of saying so? Naming the fault makes the transport treat
   * it like one of its own: retried, waited for, in doubt. `undefined` = the answer goes to the caller.
   */
  readonly faultIn?: (answer: TransportResponse) => AnswerFault | undefined
}

export type AnswerFault = 'SERVER_ERROR' | 'MALFORMED_ANSWER' | 'RATE_LIMITED'

/** An answer with a 2xx or 4xx status (429 excepted). A 2xx body was JSON. */
export interface TransportResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** The body as JSON. Throws `SyncError` `MALFORMED_ANSWER`: kind `inDoubt` for a non-repeatable request, else `retriable`. */
  json(): unknown
  /** The server's `Date` header, milliseconds since 1970. */
  readonly date?: number
}

/**
 * One per connection: keep-alive, budget, time limits, retries, coded errors. Follows no redirects, talks to its base URL only.
 *
 * `request` throws `SyncError`s only: `HOST_UNREACHABLE`, `TLS_REFUSED` (surely not sent), `TIMEOUT`, `CONNECTION_CUT`, `SERVER_ERROR`,
 * `MALFORMED_ANSWER` (kind `retriable` where the request is repeatable or was surely not sent, else `inDoubt`), `ANSWER_TOO_LARGE`,
 * `RATE_LIMITED` (not done; with `retryAfterMs`), `REDIRECT_REFUSED`, `CONNECTION_CLOSED`.
 */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>
  /** Server clock minus our clock by the latest `Date` header (whole seconds); `undefined` until one was seen. */
  readonly clockSkewMs: number | undefined
  /** Ends waiting requests with `CONNECTION_CLOSED`, waits for running ones. */
  close(): Promise<void>
}
