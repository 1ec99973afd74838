import type { SystemName } from '../tenant/clock.ts'

/** State of a delivery in `GET /deliveries`. */
type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'dropped'

/** One webhook or callback, as it is kept and saved. */
export interface Delivery {
  readonly seq: number
  readonly id: string
  readonly kind: 'WEBHOOK' | 'CALLBACK'
  readonly system: SystemName
  readonly url: string | null
  readonly body: string
  /** Secret of a webhook, `app_id` of a callback. */
  readonly secret: string
  /** Callbacks: type and text, which the error list gives back. */
  readonly dataType?: number
  readonly data?: string
  readonly createdAt: number
  attempts: number
  status: DeliveryStatus
  lastStatus: number | null
  headers: Record<string, string>
  /** When the next attempt is due, on the tenant's clock. */
  due: number
  /** The first attempt goes out with a wrong signature. */
  spoilt?: boolean
}

/** A callback that reached nobody, for `get_call_back_detail_error`. */
export interface LostCallback {
  readonly id: number
  readonly data_type: number
  readonly data: string
  readonly created_at: number
  readonly error_call_back_message: string
}

/** A place in a target's line: a delivery, or the second copy of one (`double`). */
export interface Job {
  readonly delivery: Delivery
  readonly copy: boolean
  due: number
}

/** Attempts in all, and the waiting times between them in ms (§1.7). */
export const RETRY_AFTER_MS: readonly number[] = [1000, 5000, 30_000]
