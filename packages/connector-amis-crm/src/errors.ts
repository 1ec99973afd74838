import { SyncError } from '@amis-sync/core'
import type { ErrorKind, Message } from '@amis-sync/core'
import type { Envelope } from './envelope.ts'

const longest = 300

/** What the server says for people, in brackets behind our own words. */
function said(envelope: Envelope | undefined): string {
  const text = envelope?.userMessage ?? envelope?.devMessage
  return text === undefined ? '' : ` (${text.slice(0, longest)})`
}

interface CallFault {
  readonly code: string
  readonly kind: ErrorKind
  readonly what: Message
  readonly mend: Message
}

/** Whole calls that the CRM refuses (contract §1.1), by status. */
const callFaults: Readonly<Record<number, CallFault>> = {
  400: {
    code: 'CALL_REFUSED',
    kind: 'recordRejected',
    what: { vi: 'AMIS CRM không nhận yêu cầu này', en: 'AMIS CRM refuses this request' },
    mend: {
      vi: 'Không có gì được ghi. Hãy xem lại dữ liệu của bản ghi; nếu đúng, gửi chi tiết cho đội phát triển.',
      en: 'Nothing was done. Look at the data of the record; if it is right, send the details to the developers.',
    },
  },
  403: {
    code: 'RIGHT_MISSING',
    kind: 'needsPerson',
    what: { vi: 'tài khoản API không có quyền với dữ liệu này', en: 'the API user lacks the right for this data' },
    mend: {
      vi: 'Hãy cấp quyền đọc và ghi cho tài khoản API trong AMIS CRM, hoặc tắt loại dữ liệu này.',
      en: 'Give the API user the right to read and write it in AMIS CRM, or switch this kind of data off.',
    },
  },
  404: {
    code: 'RESOURCE_NOT_OFFERED',
    kind: 'config',
    what: {
      vi: 'AMIS CRM ở địa chỉ này không có loại dữ liệu này',
      en: 'AMIS CRM at this address does not offer this data',
    },
    mend: {
      vi: 'Kiểm tra baseUrl; nếu đúng, tắt tính năng này trong capabilities hoặc tắt loại dữ liệu.',
      en: 'Check baseUrl; if it is right, switch the capability, or this kind of data, off.',
    },
  },
  413: {
    code: 'CALL_TOO_LARGE',
    kind: 'recordRejected',
    what: { vi: 'yêu cầu lớn hơn mức AMIS CRM nhận', en: 'the request is larger than AMIS CRM takes' },
    mend: { vi: 'Rút ngắn các nội dung dài của bản ghi.', en: 'Shorten the long texts of the record.' },
  },
}

/** The error of a whole call that was refused with `status` (4xx; not 401, not 429). */
export function callError(name: string, route: string, status: number, envelope?: Envelope): SyncError {
  const fault = callFaults[status] ?? callFaults[400]!
  return new SyncError({
    code: fault.code,
    kind: fault.kind,
    message: {
      vi: `${name}, ${route}: ${fault.what.vi}${said(envelope)}. ${fault.mend.vi}`,
      en: `${name}, ${route}: ${fault.what.en}${said(envelope)}. ${fault.mend.en}`,
    },
    detail: {
      connection: name,
      route,
      status,
      trace: envelope?.trace,
      devMessage: envelope?.devMessage?.slice(0, longest),
    },
  })
}

export function unknownResource(name: string, resource: string): SyncError {
  return new SyncError({
    code: 'RESOURCE_UNKNOWN',
    kind: 'config',
    message: {
      vi: `${name}: không có loại dữ liệu "${resource}" hoặc không đọc được theo cách này. Kiểm tra gói mở rộng đang dùng.`,
      en: `${name}: there is no resource "${resource}", or it cannot be read this way. Check the plugin that asks for it.`,
    },
    detail: { connection: name, resource },
  })
}

/** A listing that lost its rows while it was read: nothing may be concluded from it (contract §6.2 rule 1). */
export function listingVanished(name: string, resource: string): SyncError {
  return new SyncError({
    code: 'LISTING_VANISHED',
    kind: 'retriable',
    message: {
      vi: `${name}: danh sách ${resource} bỗng trống khi đang đọc. Hệ thống không kết luận gì và sẽ đọc lại.`,
      en: `${name}: the list of ${resource} became empty while it was read. Nothing is concluded; it will be read again.`,
    },
    detail: { connection: name, resource },
  })
}

/** The server does not order a list as asked for. Listings meet this by another order; thrown to callers only if that fails too. */
export function orderNotKept(name: string, resource: string): SyncError {
  return new SyncError({
    code: 'ORDER_NOT_KEPT',
    kind: 'retriable',
    message: {
      vi: `${name}: danh sách ${resource} không theo thứ tự đã yêu cầu. Hệ thống sẽ đọc lại theo thứ tự khác.`,
      en: `${name}: the list of ${resource} is not in the order asked for. It will be read again in another order.`,
    },
    detail: { connection: name, resource },
  })
}
