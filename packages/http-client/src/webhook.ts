import { createHmac, timingSafeEqual } from 'node:crypto'
import { SyncError } from '@amis-sync/core'
import type { Delivery } from '@amis-sync/core'

const toleranceMs = 300_000

function untrusted(name: string, why: string): SyncError {
  return new SyncError({
    code: 'DELIVERY_UNTRUSTED',
    kind: 'needsPerson',
    message: {
      vi: `${name}: webhook không có bằng chứng hợp lệ nên bị bỏ qua. Hãy so khóa webhookSecret ở hai bên và đồng hồ của máy.`,
      en: `${name}: a webhook without valid proof was refused. Compare webhookSecret on both sides, and the machine's clock.`,
    },
    detail: { connection: name, why },
  })
}

function malformed(name: string): SyncError {
  return new SyncError({
    code: 'DELIVERY_MALFORMED',
    kind: 'needsPerson',
    message: {
      vi: `${name}: nội dung webhook không đúng dạng nên bị bỏ qua. Hãy kiểm tra phiên bản và cấu hình webhook của bên gửi.`,
      en: `${name}: a webhook with a body that is not understood was refused. Check the sender's version and webhook settings.`,
    },
    detail: { connection: name },
  })
}

function sameBytes(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What a proven webhook carries. */
export interface VerifiedWebhook {
  /** `webhook-id`: the same in each attempt. */
  readonly id: string
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Checks a delivery by Standard Webhooks (contract §1.7, §2.6): HMAC-SHA256 over `<id>.<timestamp>.<raw body>`, any of several
 * signatures, compared in constant time; timestamp within 300 s of `receivedAt`. Throws `DELIVERY_UNTRUSTED` or, when proven but no JSON
 * object, `DELIVERY_MALFORMED`.
 */
export function verifyWebhook(delivery: Delivery, secret: string, name: string): VerifiedWebhook {
  const id = delivery.headers['webhook-id']
  const timestamp = delivery.headers['webhook-timestamp']
  const signatures = delivery.headers['webhook-signature']
  if (!id || !timestamp || !signatures) throw untrusted(name, 'header missing')
  if (!/^\d{1,12}$/.test(timestamp)) throw untrusted(name, 'timestamp is no number')

  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(delivery.body).digest()
  const proven = signatures
    .split(/ +/)
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => sameBytes(Buffer.from(signature.slice(3), 'base64'), expected))
    .includes(true)
  if (!proven) throw untrusted(name, 'signature wrong')
  if (Math.abs(delivery.receivedAt - Number(timestamp) * 1_000) > toleranceMs) throw untrusted(name, 'timestamp stale')

  try {
    const body: unknown = JSON.parse(Buffer.from(delivery.body).toString('utf8'))
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return { id, body: body as VerifiedWebhook['body'] }
  } catch {
    throw malformed(name)
  }
  throw malformed(name)
}

/** The hint in a proven webhook (contract §1.7): `data` of a `record.changed`; `undefined` for other types. Throws `DELIVERY_MALFORMED`. */
export function changeHint(
  webhook: VerifiedWebhook,
  name: string,
): { readonly resource: string; readonly id: string; readonly key?: string; readonly deleted: boolean } | undefined {
  const { type, data } = webhook.body
  if (typeof type !== 'string') throw malformed(name)
  if (type !== 'record.changed') return undefined
  if (typeof data !== 'object' || data === null) throw malformed(name)
  const { entity, id, code, change } = data as Record<string, unknown>
  if (typeof entity !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) throw malformed(name)
  return {
    resource: entity,
    id: String(id),
    ...(typeof code === 'string' ? { key: code } : {}),
    deleted: change === 'deleted',
  }
}
