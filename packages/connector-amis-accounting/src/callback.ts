import { createHmac, timingSafeEqual } from 'node:crypto'
import { SyncError } from '@amis-sync/core'
import type { Delivery, Message, Received, Row } from '@amis-sync/core'
import { decodeNested, isRow } from './envelope.ts'
import { callbackTypes, hintsIn, outcomesIn } from './outcomes.ts'

/** What proves that a callback is this tenant's. */
export interface CallbackProof {
  readonly appId: string
  readonly orgCompanyCode: string
}

/** The others are taken and ignored (contract §2.5), so that their signature does not matter. */
const handledTypes: ReadonlySet<number> = new Set(Object.values(callbackTypes))

/** `signature` of a callback: hex HMAC-SHA256 of its decoded `data` text, keyed by the app id (contract §2.5). */
export function callbackSignature(data: string, appId: string): string {
  return createHmac('sha256', appId).update(data, 'utf8').digest('hex')
}

const malformed = (why: Message, cause?: unknown): SyncError =>
  new SyncError({
    code: 'DELIVERY_MALFORMED',
    kind: 'recordRejected',
    message: {
      vi: `Callback của AMIS Kế toán sai dạng: ${why.vi}. Không có gì được thực hiện; AMIS Kế toán sẽ gửi lại.`,
      en: `The callback of AMIS Accounting is malformed: ${why.en}. Nothing was done; it will be sent again.`,
    },
    cause,
  })

const untrusted = (why: Message): SyncError =>
  new SyncError({
    code: 'DELIVERY_UNTRUSTED',
    kind: 'needsPerson',
    message: {
      vi: `Callback của AMIS Kế toán không đáng tin: ${why.vi}. Kiểm tra URL callback, appId và orgCompanyCode.`,
      en: `The callback of AMIS Accounting is not to be trusted: ${why.en}. Check the callback URL, appId and orgCompanyCode.`,
    },
  })

function parseBody(body: Uint8Array): Row {
  try {
    const parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
    if (isRow(parsed)) return parsed
  } catch (cause) {
    throw malformed({ vi: 'nội dung không phải JSON', en: 'the body is no JSON' }, cause)
  }
  throw malformed({ vi: 'nội dung không phải một đối tượng', en: 'the body is no object' })
}

function sameText(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false
  const a = Buffer.from(given.trim().toLowerCase())
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * Checks and opens a callback (contract §2.5). The key of the signature is no secret, so that what a callback says is taken as a hint or
 * as the outcome of a write of ours, never as data. Repeats are harmless: there is no delivery id.
 */
export function receiveCallback(delivery: Delivery, proof: CallbackProof): Received {
  const body = parseBody(delivery.body)
  if (body['app_id'] !== proof.appId || body['org_company_code'] !== proof.orgCompanyCode) {
    throw untrusted({ vi: 'của ứng dụng hoặc công ty khác', en: 'it is of another app or company' })
  }
  const type = Number(body['data_type'] ?? Number.NaN)
  if (!handledTypes.has(type)) return { outcomes: [], hints: [] }
  const text = body['data']
  if (typeof text !== 'string') throw malformed({ vi: 'thiếu trường data', en: 'there is no data text' })
  if (!sameText(body['signature'], callbackSignature(text, proof.appId))) {
    throw untrusted({ vi: 'chữ ký sai', en: 'the signature is wrong' })
  }
  let data: unknown
  try {
    data = decodeNested(text)
  } catch {
    data = undefined
  }
  const outcomes = outcomesIn(type, data)
  const hints = hintsIn(type, data)
  if (outcomes === undefined || hints === undefined) {
    throw malformed({ vi: `data không đúng dạng của loại ${type}`, en: `data has not the form of type ${type}` })
  }
  return { outcomes, hints }
}
