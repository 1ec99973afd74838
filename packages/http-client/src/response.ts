import type { RawAnswer } from './exchange.ts'
import { faultError } from './faults.ts'
import type { FaultPlace } from './faults.ts'
import type { TransportResponse } from './types.ts'

/** `Retry-After` as milliseconds: whole seconds, or an HTTP date against our clock. `undefined` when absent or neither. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/**
 * Gives an answer its public form. A 2xx body that is not JSON is refused here, so that the transport can try again; that of a 4xx
 * only when somebody asks for it. Throws `MALFORMED_ANSWER`.
 */
export function toResponse(answer: RawAnswer, place: FaultPlace): TransportResponse {
  const text = answer.body.toString('utf8').replace(/^\uFEFF/, '')
  const date = Date.parse(answer.headers['date'] ?? '')
  let parsed: { readonly value: unknown } | undefined

  const json = (): unknown => {
    if (parsed !== undefined) return parsed.value
    try {
      parsed = { value: JSON.parse(text) as unknown }
      return parsed.value
    } catch {
      // The parser's own message quotes the body, which may hold secrets: it is not passed on.
      throw faultError('MALFORMED_ANSWER', place, {
        detail: {
          status: answer.status,
          bytes: answer.body.length,
          contentType: answer.headers['content-type'],
          html: /^\s*</.test(text),
        },
      })
    }
  }

  if (answer.status < 300) json()
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json,
    ...(Number.isNaN(date) ? {} : { date }),
  }
}
