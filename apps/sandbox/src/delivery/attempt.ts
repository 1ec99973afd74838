import { realTime } from '../model/surroundings.ts'
import type { Delivery } from './delivery.ts'
import type { Received } from './post.ts'
import { callbackSignature, webhookSignature } from './signature.ts'

/** Headers of one attempt. The timestamp of a webhook is real time, whatever the tenant's clock says (§1.7). */
export function attemptHeaders(delivery: Delivery, spoilt: boolean): Record<string, string> {
  const plain = { 'Content-Type': 'application/json; charset=utf-8' }
  if (delivery.kind === 'CALLBACK') return plain
  const timestamp = Math.floor(realTime() / 1000)
  const secret = spoilt ? `whsec_${Buffer.from('not the secret').toString('base64')}` : delivery.secret
  return {
    ...plain,
    'webhook-id': delivery.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(secret, delivery.id, timestamp, delivery.body),
  }
}

/** Body of a callback (§2.5). */
export function callbackText(parts: {
  readonly appId: string
  readonly companyCode: string
  readonly dataType: number
  readonly data: string
  readonly success: boolean
}): string {
  return JSON.stringify({
    success: parts.success,
    error_code: null,
    error_message: null,
    signature: callbackSignature(parts.appId, parts.data),
    data_type: parts.dataType,
    data: parts.data,
    org_company_code: parts.companyCode,
    app_id: parts.appId,
  })
}

/** Webhooks: any 2xx. Callbacks: 200, unless the answer says `Success:false`. */
export function isTaken(kind: Delivery['kind'], received: Received): boolean {
  if (kind === 'WEBHOOK') return received.status >= 200 && received.status < 300
  if (received.status !== 200) return false
  try {
    const answer = JSON.parse(received.body) as { Success?: unknown; success?: unknown } | null
    return answer?.Success !== false && answer?.success !== false
  } catch {
    return true
  }
}
