import type { Row } from '@amis-sync/core'

/** The CRM's answer in one form, whatever its casing (contract §1.1, §1.3). */
export interface Envelope {
  /**
   * What the answer means as an HTTP status: 200 = fine; 401 also where HTTP said 200; 500 for `success:false` without results and
   * without a better code.
   */
  readonly status: number
  readonly data?: unknown
  readonly results?: readonly unknown[]
  readonly total?: number
  readonly userMessage?: string
  readonly devMessage?: string
  readonly trace?: string
}

const fold = (name: string): string => name.toLowerCase().replace(/_/g, '')

/** Reads keys without regard to case and underscore. */
export function lenient(value: unknown): (name: string) => unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return () => undefined
  const folded = new Map(Object.entries(value).map(([name, one]) => [fold(name), one as unknown]))
  return (name) => folded.get(fold(name))
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined
}

function statusOf(http: number, success: unknown, code: number | undefined, hasResults: boolean): number {
  if (http >= 400) return http
  if (code === 401) return 401
  if (hasResults || (success !== false && (code === undefined || code < 400))) return 200
  return code !== undefined && code >= 400 && code < 600 ? code : 500
}

/** `undefined` = the body is no JSON object at all. */
export function toEnvelope(http: number, body: unknown): Envelope | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const get = lenient(body)
  const results = get('results')
  const data = get('data')
  // `ErrorCode` carries the status where `code` does not (§1.1, documented casing).
  const code = whole(get('code')) ?? whole(get('error_code'))
  const total = whole(get('total_records'))
  const userMessage = text(get('user_msg'))
  const devMessage = text(get('dev_msg'))
  const trace = text(get('trace_id'))
  return {
    status: statusOf(http, get('success'), code, Array.isArray(results)),
    ...(data === undefined ? {} : { data }),
    ...(Array.isArray(results) ? { results: results as unknown[] } : {}),
    ...(total === undefined ? {} : { total }),
    ...(userMessage === undefined ? {} : { userMessage }),
    ...(devMessage === undefined ? {} : { devMessage }),
    ...(trace === undefined ? {} : { trace }),
  }
}

/** `data` as rows; `undefined` when it is not a list of objects. */
export function toRows(data: unknown): Row[] | undefined {
  if (!Array.isArray(data)) return undefined
  return data.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
    ? (data as Row[])
    : undefined
}

/** An integer id as text; `undefined` when it is none. */
export function toId(value: unknown): string | undefined {
  const id = whole(value)
  return id === undefined ? undefined : String(id)
}
