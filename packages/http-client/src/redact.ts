/** Names whose values never reach a log, compared without case, `-` and `_`. */
const secretNames = [
  'authorization',
  'cookie',
  'setcookie',
  'clientid',
  'clientsecret',
  'appid',
  'accesscode',
  'accesstoken',
  'xmisaaccesstoken',
  'token',
  'signature',
  'webhooksignature',
]

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, '')

/** A copy of `values` in which secret ones read `[redacted]`. */
export function redact(
  values: Readonly<Record<string, unknown>>,
  moreNames: readonly string[] = [],
): Record<string, unknown> {
  const secret = new Set([...secretNames, ...moreNames.map(plain)])
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secret.has(plain(name)) ? '[redacted]' : value]),
  )
}
