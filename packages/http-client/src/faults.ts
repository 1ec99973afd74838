import { SyncError } from '@amis-sync/core'
import type { ErrorKind, Message } from '@amis-sync/core'

export type FaultCode =
  | 'HOST_UNREACHABLE'
  | 'TLS_REFUSED'
  | 'TIMEOUT'
  | 'CONNECTION_CUT'
  | 'SERVER_ERROR'
  | 'MALFORMED_ANSWER'
  | 'ANSWER_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'REDIRECT_REFUSED'
  | 'CONNECTION_CLOSED'

interface Fault {
  /** Kind when the request is repeatable or was surely not done. */
  readonly kind: ErrorKind
  /** Was the request possibly carried out? Then a non-repeatable one is in doubt. */
  readonly mayBeDone: boolean
  readonly what: Message
  readonly mend: Message
}

/** Every way in which an exchange fails, as data. */
export const faults: Readonly<Record<FaultCode, Fault>> = {
  HOST_UNREACHABLE: {
    kind: 'retriable',
    mayBeDone: false,
    what: { vi: 'không kết nối được tới máy chủ', en: 'the server cannot be reached' },
    mend: {
      vi: 'Kiểm tra địa chỉ (baseUrl), DNS, tường lửa và mạng; hệ thống sẽ tự thử lại.',
      en: 'Check the address (baseUrl), DNS, firewall and network; it will be tried again.',
    },
  },
  TLS_REFUSED: {
    kind: 'config',
    mayBeDone: false,
    what: { vi: 'chứng chỉ TLS của máy chủ không hợp lệ', en: "the server's TLS certificate is not valid" },
    mend: {
      vi: 'Kiểm tra địa chỉ (baseUrl) và chứng chỉ của máy chủ hoặc proxy ở giữa.',
      en: 'Check the address (baseUrl) and the certificate of the server or of a proxy in between.',
    },
  },
  TIMEOUT: {
    kind: 'retriable',
    mayBeDone: true,
    what: { vi: 'máy chủ không trả lời trong thời gian cho phép', en: 'the server did not answer in time' },
    mend: {
      vi: 'Hệ thống sẽ tự thử lại; nếu lặp lại, hãy tăng timeoutMs hoặc giảm batchSize.',
      en: 'It will be tried again; if it repeats, raise timeoutMs or lower batchSize.',
    },
  },
  CONNECTION_CUT: {
    kind: 'retriable',
    mayBeDone: true,
    what: {
      vi: 'kết nối bị ngắt trước khi có đủ câu trả lời',
      en: 'the connection was cut before the answer was complete',
    },
    mend: {
      vi: 'Hệ thống sẽ tự thử lại; nếu lặp lại, hãy kiểm tra mạng và proxy.',
      en: 'It will be tried again; if it repeats, check network and proxies.',
    },
  },
  SERVER_ERROR: {
    kind: 'retriable',
    mayBeDone: true,
    what: { vi: 'máy chủ báo lỗi nội bộ', en: 'the server reports a fault of its own' },
    mend: {
      vi: 'Hệ thống sẽ tự thử lại; nếu kéo dài, hãy báo cho nhà cung cấp.',
      en: 'It will be tried again; if it lasts, tell the vendor.',
    },
  },
  MALFORMED_ANSWER: {
    kind: 'retriable',
    mayBeDone: true,
    what: {
      vi: 'câu trả lời không đúng dạng JSON (bị cắt, hoặc là trang HTML bảo trì)',
      en: 'the answer is not the JSON that is due (cut off, or an HTML maintenance page)',
    },
    mend: {
      vi: 'Hệ thống sẽ tự thử lại; nếu lặp lại, hãy kiểm tra địa chỉ (baseUrl) và proxy.',
      en: 'It will be tried again; if it repeats, check the address (baseUrl) and proxies.',
    },
  },
  ANSWER_TOO_LARGE: {
    kind: 'needsPerson',
    mayBeDone: true,
    what: { vi: 'câu trả lời lớn hơn giới hạn', en: 'the answer is larger than the limit' },
    mend: {
      vi: 'Giảm batchSize của kết nối; nếu dữ liệu thực sự lớn như vậy, hãy báo cho đội phát triển.',
      en: "Lower the connection's batchSize; if the data really is that large, tell the developers.",
    },
  },
  RATE_LIMITED: {
    kind: 'rateLimited',
    mayBeDone: false,
    what: { vi: 'máy chủ báo quá nhiều yêu cầu (429)', en: 'the server says too many requests (429)' },
    mend: {
      vi: 'Hệ thống sẽ chờ rồi thử lại; nếu lặp lại, hãy giảm requestsPerMinute của kết nối.',
      en: "It will wait and try again; if it repeats, lower the connection's requestsPerMinute.",
    },
  },
  REDIRECT_REFUSED: {
    kind: 'config',
    mayBeDone: false,
    what: { vi: 'máy chủ chuyển hướng sang địa chỉ khác', en: 'the server redirects to another address' },
    mend: {
      vi: 'Sửa địa chỉ (baseUrl) thành địa chỉ đích; hệ thống không đi theo chuyển hướng.',
      en: 'Set the address (baseUrl) to the final one; redirects are not followed.',
    },
  },
  CONNECTION_CLOSED: {
    kind: 'retriable',
    mayBeDone: false,
    what: { vi: 'kết nối đã được đóng bởi chính phần mềm', en: 'the connection was closed by the product itself' },
    mend: { vi: 'Hệ thống sẽ làm lại ở lần chạy sau.', en: 'It will be done by the next run.' },
  },
}

const doubt: Message = {
  vi: ' Chưa rõ yêu cầu đã được thực hiện hay chưa: phải tra lại trước khi gửi lại.',
  en: ' It is not known whether the request was carried out: it is looked up before anything is sent again.',
}

/** Where a fault happened. */
export interface FaultPlace {
  /** The connection: `crm of acme`. */
  readonly name: string
  /** `POST /api/v2/Customers`, without query. */
  readonly route: string
  readonly repeatable: boolean
}

export interface FaultFacts {
  readonly detail?: Readonly<Record<string, unknown>>
  readonly retryAfterMs?: number
  readonly cause?: unknown
  /** False: the request surely did not reach the server. */
  readonly sent?: boolean
}

/** The error for a fault, its kind decided by the table, by `repeatable` and by `sent`. */
export function faultError(code: FaultCode, place: FaultPlace, facts: FaultFacts = {}): SyncError {
  const fault = faults[code]
  const inDoubt = fault.mayBeDone && !place.repeatable && facts.sent !== false
  const text = (language: 'vi' | 'en'): string =>
    `${place.name}, ${place.route}: ${fault.what[language]}. ${fault.mend[language]}${inDoubt ? doubt[language] : ''}`
  return new SyncError({
    code,
    kind: inDoubt ? 'inDoubt' : fault.kind,
    message: { vi: text('vi'), en: text('en') },
    detail: { connection: place.name, route: place.route, ...facts.detail },
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    cause: facts.cause,
  })
}
