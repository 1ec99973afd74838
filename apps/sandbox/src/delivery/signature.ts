import { createHmac } from 'node:crypto'

/** `webhook-signature` of Standard Webhooks (§1.7). `secret` starts with `whsec_`. */
export function webhookSignature(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** `signature` of a callback (§2.5): over the text of `data`, key = `app_id`. */
export function callbackSignature(appId: string, data: string): string {
  return createHmac('sha256', appId).update(data).digest('hex')
}
