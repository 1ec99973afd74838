import { SyncError } from '@amis-sync/core'
import type { Clock } from '@amis-sync/core'

/** A fresh token, with its life or its end by our clock. Neither = it lives until a server refuses it. */
export interface FreshToken {
  readonly token: string
  /** Life from now, milliseconds. */
  readonly expiresInMs?: number
  /** Milliseconds since 1970. */
  readonly expiresAt?: number
}

export interface TokenSourceOptions {
  /** Asks the server for a new token. What it throws, `get` throws. */
  readonly fetch: () => Promise<FreshToken>
  /** How long before its end a token is renewed; at most half of its life counts. */
  readonly renewBeforeMs: number
  readonly clock: Clock
}

export interface TokenSource {
  /** The current token, renewed if due. All who ask during a renewal share it. */
  get(): Promise<string>
  /** "The server refused this token": the next `get` fetches another, unless that has happened already. */
  invalidate(token: string): void
}

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock } = options
  let current: { readonly token: string; readonly renewAt: number } | undefined
  let renewal: Promise<string> | undefined

  const renew = async (): Promise<string> => {
    const askedAt = clock.now()
    const fresh = await options.fetch()
    const endsAt = fresh.expiresAt ?? askedAt + (fresh.expiresInMs ?? Number.POSITIVE_INFINITY)
    const margin = Math.min(options.renewBeforeMs, Math.max(0, endsAt - askedAt) / 2)
    current = { token: fresh.token, renewAt: endsAt - margin }
    return fresh.token
  }

  return {
    get() {
      if (current !== undefined && clock.now() < current.renewAt) return Promise.resolve(current.token)
      renewal ??= renew().finally(() => (renewal = undefined))
      return renewal
    },
    invalidate(token) {
      if (current?.token === token) current = undefined
    },
  }
}

/** A server that refuses our credentials, or a token just made with them: a person must act. */
export function credentialsRefused(name: string, detail: Readonly<Record<string, unknown>> = {}): SyncError {
  return new SyncError({
    code: 'CREDENTIALS_REFUSED',
    kind: 'needsPerson',
    message: {
      vi: `${name}: máy chủ từ chối thông tin đăng nhập. Hãy kiểm tra mã ứng dụng và khóa bí mật của kết nối rồi chạy lại lệnh kiểm tra.`,
      en: `${name}: the server refuses the credentials. Check the connection's client id and secret, then run the check again.`,
    },
    detail: { connection: name, ...detail },
  })
}

/**
 * Runs `call` with the current token; if the server refuses it, once more with a new one (contract §1.1, §2.1, §3). A second refusal
 * throws `CREDENTIALS_REFUSED`. A refused call was not carried out, so this holds for writes too.
 */
export async function withToken<T>(
  tokens: TokenSource,
  name: string,
  call: (token: string) => Promise<T>,
  isRefusal: (answer: T) => boolean,
): Promise<T> {
  for (let round = 1; ; round++) {
    const token = await tokens.get()
    const answer = await call(token)
    if (!isRefusal(answer)) return answer
    tokens.invalidate(token)
    if (round === 2) throw credentialsRefused(name, { reason: 'token refused twice' })
  }
}
