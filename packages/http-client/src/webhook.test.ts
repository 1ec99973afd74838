import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { changeHint, verifyWebhook } from './webhook.ts'

// The test vector of contract §1.7.
const secret = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='
const text =
  '{"type":"record.changed","timestamp":"2026-11-24T08:25:01.123+07:00","data":{"entity":"Customers","id":17,"code":"KH000017","modified_date":"2026-11-24T08:25:01.123+07:00","change":"updated"}}'
const sentAt = 1_795_483_501
const signature = 'v1,SlzvnV5lf+DcpRHZNocAVpeT8KGGLGEeUrV9EaBMmbc='

const delivery = (changes: Record<string, string | undefined> = {}, body = text, receivedAt = sentAt * 1_000) => ({
  headers: {
    'webhook-id': 'msg_0001',
    'webhook-timestamp': String(sentAt),
    'webhook-signature': signature,
    ...changes,
  },
  body: Buffer.from(body),
  receivedAt,
})

const sign = (body: string): string => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`msg_0001.${sentAt}.${body}`).digest('base64')}`
}

describe('verifyWebhook', () => {
  it('accepts the test vector', () => {
    const webhook = verifyWebhook(delivery(), secret, 'crm')
    expect(webhook.id).toBe('msg_0001')
    expect(changeHint(webhook, 'crm')).toEqual({ resource: 'Customers', id: '17', key: 'KH000017', deleted: false })
  })

  it('accepts one good signature among several', () => {
    const several = `v1,${Buffer.alloc(32).toString('base64')} v1a,xyz ${signature}`
    expect(verifyWebhook(delivery({ 'webhook-signature': several }), secret, 'crm').id).toBe('msg_0001')
  })

  it.each([
    ['another body', delivery({}, `${text} `)],
    ['another id', delivery({ 'webhook-id': 'msg_0002' })],
    ['another time stamp', delivery({ 'webhook-timestamp': String(sentAt + 1) })],
    ['a short signature', delivery({ 'webhook-signature': 'v1,AAAA' })],
    ['no signature', delivery({ 'webhook-signature': undefined })],
    ['no id', delivery({ 'webhook-id': undefined })],
    ['a time stamp that is no number', delivery({ 'webhook-timestamp': 'soon' })],
    ['a stale time stamp', delivery({}, text, (sentAt + 301) * 1_000)],
    ['a time stamp of the future', delivery({}, text, (sentAt - 301) * 1_000)],
  ])('refuses %s', (_name, given) => {
    expect(() => verifyWebhook(given, secret, 'crm')).toThrow(/DELIVERY_UNTRUSTED/)
  })

  it('still takes a delivery of 300 seconds ago', () => {
    expect(verifyWebhook(delivery({}, text, (sentAt + 300) * 1_000), secret, 'crm').id).toBe('msg_0001')
  })

  it.each(['{"type":', '[]', '"text"', 'null'])('calls a proven %s malformed', (body) => {
    expect(() => verifyWebhook(delivery({ 'webhook-signature': sign(body) }, body), secret, 'crm')).toThrow(/MALFORMED/)
  })

  it.each(['{}', '{"type":"record.changed"}', '{"type":"record.changed","data":{"entity":"Customers"}}'])(
    'calls a hint of %s malformed',
    (body) => {
      const webhook = verifyWebhook(delivery({ 'webhook-signature': sign(body) }, body), secret, 'crm')
      expect(() => changeHint(webhook, 'crm')).toThrow(/MALFORMED/)
    },
  )

  it('has no hint for other types', () => {
    const body = '{"type":"something.else"}'
    const webhook = verifyWebhook(delivery({ 'webhook-signature': sign(body) }, body), secret, 'crm')
    expect(changeHint(webhook, 'crm')).toBeUndefined()
  })
})
