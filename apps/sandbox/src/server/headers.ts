import type { Exchange } from './exchange.ts'

/** A header's text; the first value where it was sent several times, `''` where it was not. */
export function headerOf(exchange: Exchange, name: string): string {
  const value = exchange.headers[name]
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '')
}

/** The token behind `Authorization: Bearer`. */
export function bearerOf(exchange: Exchange): string {
  return /^Bearer +(\S+)\s*$/i.exec(headerOf(exchange, 'authorization'))?.[1] ?? ''
}
