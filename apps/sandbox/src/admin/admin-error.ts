/** Codes of failed admin calls (§5.3). */
export type AdminCode =
  | 'bad_request'
  | 'unknown_tenant'
  | 'unknown_entity'
  | 'unknown_action'
  | 'not_found'
  | 'duplicate'
  | 'required'
  | 'invalid'
  | 'deleted'
  | 'in_use'
  | 'invalid_state'
  | 'exists'

const STATUSES: Partial<Record<AdminCode, number>> = { unknown_tenant: 404, not_found: 404, exists: 409 }

/** A refused admin call. */
export class AdminError extends Error {
  readonly code: AdminCode

  constructor(code: AdminCode, message: string) {
    super(message)
    this.code = code
  }

  /** HTTP status of the answer. */
  get status(): number {
    return STATUSES[this.code] ?? 400
  }

  /** Body of the answer. */
  toBody(): { ok: false; code: AdminCode; error: string } {
    return { ok: false, code: this.code, error: this.message }
  }
}

/** Refuses a call whose form is wrong. */
export function badRequest(message: string): never {
  throw new AdminError('bad_request', message)
}
