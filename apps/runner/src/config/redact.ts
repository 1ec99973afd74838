import { isSecretKey, parseSecretReference } from './secret-reference.ts'

/** A copy in which every secret is hidden; references stay, since they tell where a secret is, not what. */
export function redact(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => redact(one, key))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redact(one, name)]))
  }
  if (typeof value !== 'string') return isSecretKey(key) && value !== null && value !== undefined ? '***' : value
  if (isSecretKey(key)) return parseSecretReference(value) ? value : '***'
  return redactUri(value)
}

/** A connection string without its password. */
function redactUri(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/:@\s]+):[^@\s]+@/i, '$1:***@')
}
