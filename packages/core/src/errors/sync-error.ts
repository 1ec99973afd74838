/**
 * How an error is to be treated. Retryability is decided by the kind alone, never guessed from a text.
 *
 * - `retriable`: nothing is wrong with the record; try again with back-off.
 * - `rateLimited`: as retriable, not before `retryAfterMs`.
 * - `recordRejected`: the other side refuses this record as it is; a person mends the record.
 * - `needsPerson`: the connection, right or document needs a person; the record itself may be fine.
 * - `config`: the tenant's or the runner's configuration is wrong.
 * - `conflict`: both sides disagree and the rules say that a person decides.
 * - `inDoubt`: a write may or may not have arrived; probe before any resend.
 */
export type ErrorKind =
  'retriable' | 'rateLimited' | 'recordRejected' | 'needsPerson' | 'config' | 'conflict' | 'inDoubt'

/** A text for people, Vietnamese first. */
export interface Message {
  readonly vi: string
  readonly en: string
}

export interface SyncErrorOptions {
  /** Stable, upper snake case, documented in docs/errors.md. */
  readonly code: string
  readonly kind: ErrorKind
  /** What happened, to which record, and what to do about it. Never holds secrets. */
  readonly message: Message
  /** For logs only: facts that help an engineer. Never holds secrets. */
  readonly detail?: Readonly<Record<string, unknown>>
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

const brand = Symbol.for('@amis-sync/SyncError')

/** The one error class of the product. Recognise it with {@link isSyncError}, not `instanceof` (packages may be installed twice). */
export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly code: string
  readonly kind: ErrorKind
  readonly text: Message
  readonly detail: Readonly<Record<string, unknown>>
  readonly retryAfterMs: number | undefined
  readonly [brand] = true

  constructor(options: SyncErrorOptions) {
    super(`${options.code}: ${options.message.en}`, { cause: options.cause })
    this.code = options.code
    this.kind = options.kind
    this.text = options.message
    this.detail = options.detail ?? {}
    this.retryAfterMs = options.retryAfterMs
  }
}

export function isSyncError(error: unknown): error is SyncError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[brand] === true
}

/** Gives any thrown value a kind: what is not a {@link SyncError} is a fault of ours, retried with a bound and shown as `INTERNAL`. */
export function toSyncError(error: unknown): SyncError {
  if (isSyncError(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  return new SyncError({
    code: 'INTERNAL',
    kind: 'retriable',
    message: {
      vi: `Lỗi nội bộ: ${text}. Hệ thống sẽ thử lại; nếu lặp lại, hãy gửi kết quả của lệnh "amis-sync doctor" cho đội phát triển.`,
      en: `Internal fault: ${text}. It will be retried; if it repeats, send the output of "amis-sync doctor" to the developers.`,
    },
    cause: error,
  })
}

/** A failure in the form that the store keeps and operators read. */
export interface Failure {
  readonly code: string
  readonly kind: ErrorKind
  readonly vi: string
  readonly en: string
  /** The field that the other side named, as it named it. */
  readonly field?: string
}

export function toFailure(error: unknown): Failure {
  const known = toSyncError(error)
  return { code: known.code, kind: known.kind, vi: known.text.vi, en: known.text.en }
}
