import type { IncomingHttpHeaders } from 'node:http'
import type { Reader } from '../model/column.ts'
import type { Json } from '../model/json.ts'
import type { Table } from '../model/table.ts'
import type { SystemName } from '../tenant/clock.ts'
import type { Fired } from '../tenant/faults.ts'
import type { Registry } from '../tenant/registry.ts'
import type { Tenant } from '../tenant/tenant.ts'

/** A request as it arrived, body and all. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Bytes of the body that arrived. */
  readonly size: number
  /** The body was over 10 MB and was thrown away. */
  readonly tooLarge: boolean
  /** The body as JSON; undefined if there was none or it is malformed. */
  readonly body: Json
  readonly malformed: boolean
}

/** An answer before faults of the phase `after` touch it. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The table that a list came from, for `pageShift`. */
  readonly listed?: Table
}

/** A request that got through to its handler. */
export interface Call extends Exchange {
  readonly tenant: Tenant
  /** The system's own time when the request began. */
  readonly now: number
  /** A rule that fired for this request, of any phase. */
  readonly fault: Fired | null
  readonly on: (flag: string) => boolean
  readonly reader: Reader
}

/** A known combination of method and path. */
export interface Route {
  /** Token calls need no authentication. */
  readonly open?: boolean
  /** Capability without which the route answers 404. */
  readonly flag?: string
  /** Capability without which the route answers 403. */
  readonly permission?: string
  readonly run: (call: Call) => Answer
}

/** What the pipeline needs to know of a system. */
export interface SystemApi {
  readonly name: SystemName
  readonly owns: (path: string) => boolean
  /** Method and path as the counters name them. */
  readonly routeKey: (exchange: Exchange) => string
  readonly route: (exchange: Exchange) => Route | undefined
  readonly attribute: (exchange: Exchange, registry: Registry) => Tenant | undefined
  /** Rows in the body, for the counters. */
  readonly rowsIn: (exchange: Exchange) => number
  /** The token that the request presents. */
  readonly tokenOf: (exchange: Exchange) => string
  /** Null if the credentials are good; `tenant` undefined = not attributable. */
  readonly authenticate: (
    exchange: Exchange,
    tenant: Tenant | undefined,
    registry: Registry,
    open: boolean,
  ) => Answer | null
  /** An error in the system's own form. */
  readonly error: (status: number, message: string) => Answer
  /** The answer of the fault `status`. */
  readonly faultStatus: (status: number) => Answer
  /** Faults that answer in the system's own words. */
  readonly faultAnswer: (kind: 'errorBody' | 'code401' | 'expireToken', code: Json) => Answer
}

/** Thrown by handlers to answer with an error of the system's own form. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
