import { SyncError } from '@amis-sync/core'
import type { ErrorKind, Failure, Message } from '@amis-sync/core'

/** What one `ErrorCode` of ACT means to us. */
export interface ErrorRule {
  readonly code: string
  readonly kind: ErrorKind
  readonly message: Message
}

/** The `ErrorCode` table of contract §2.1, as data. Unknown codes are {@link unknownError}. */
export const errorTable: Readonly<Record<string, ErrorRule>> = {
  InvalidAppID: {
    code: 'ACCOUNTING_APP_REFUSED',
    kind: 'needsPerson',
    message: {
      vi: 'AMIS Kế toán không nhận mã ứng dụng. Kiểm tra appId của kết nối kế toán rồi chạy lại kiểm tra kết nối.',
      en: 'AMIS Accounting does not know the app. Check appId of the accounting connection, then run the check again.',
    },
  },
  InvalidAccessToken: {
    code: 'ACCOUNTING_ACCESS_CODE_REFUSED',
    kind: 'needsPerson',
    message: {
      vi: 'Mã kết nối (accessCode) sai hoặc đã bị thu hồi. Lấy mã mới trong AMIS Kế toán và cập nhật cấu hình.',
      en: 'The access code is wrong or was withdrawn. Get a new one in AMIS Accounting and update the configuration.',
    },
  },
  InvalidToken: {
    code: 'ACCOUNTING_TOKEN_REFUSED',
    kind: 'needsPerson',
    message: {
      vi: 'AMIS Kế toán từ chối cả token vừa cấp. Kiểm tra appId, accessCode và trạng thái kết nối của ứng dụng.',
      en: 'AMIS Accounting refuses even a fresh token. Check appId, accessCode and the state of the app connection.',
    },
  },
  DBAmisNotConnectDBACT: {
    code: 'ACCOUNTING_NO_DATABASE',
    kind: 'needsPerson',
    message: {
      vi: 'Chưa có dữ liệu kế toán nào được kết nối. Vào AMIS Kế toán, chọn dữ liệu kế toán và kết nối lại.',
      en: 'No accounting data set is connected. Choose the data set in AMIS Accounting and connect it again.',
    },
  },
  AppIDDisconnect: {
    code: 'ACCOUNTING_DISCONNECTED',
    kind: 'needsPerson',
    message: {
      vi: 'Ứng dụng đã bị ngắt kết nối trong AMIS Kế toán. Kết nối lại ứng dụng ở đó.',
      en: 'The app was disconnected in AMIS Accounting. Connect it again there.',
    },
  },
  InvalidParam: {
    code: 'INVALID_PARAM',
    kind: 'recordRejected',
    message: {
      vi: 'AMIS Kế toán từ chối dữ liệu của bản ghi. Sửa trường được nêu rồi gửi lại.',
      en: 'AMIS Accounting refuses the data of the record. Mend the field it names, then send it again.',
    },
  },
  IsCreatedVoucher: {
    code: 'DOCUMENT_LOCKED',
    kind: 'needsPerson',
    message: {
      vi: 'Chứng từ đã phát sinh trong AMIS Kế toán nên bị khóa. Kế toán cần bỏ chứng từ phát sinh trước.',
      en: 'The document is locked by what was made from it in AMIS Accounting. An accountant must undo that first.',
    },
  },
  VoucherNotFound: {
    code: 'DOCUMENT_NOT_FOUND',
    kind: 'recordRejected',
    message: {
      vi: 'Không còn chứng từ này trong AMIS Kế toán. Có thể gửi lại như chứng từ mới.',
      en: 'The document is not in AMIS Accounting any more. It may be sent again as a new one.',
    },
  },
  DuplicateCode: {
    code: 'DUPLICATE_CODE',
    kind: 'recordRejected',
    message: {
      vi: 'Mã đã được dùng cho bản ghi khác, hoặc cho vai trò khác, trong AMIS Kế toán. Đổi mã hoặc liên kết hai bản ghi.',
      en: 'Another record, or another role, has this code in AMIS Accounting. Change the code or link the two records.',
    },
  },
  TooMany: {
    code: 'TOO_MANY_ROWS',
    kind: 'recordRejected',
    message: {
      vi: 'Bản ghi vượt giới hạn của AMIS Kế toán (500 dòng mỗi chứng từ). Tách chứng từ rồi gửi lại.',
      en: 'The record is over a limit of AMIS Accounting (500 lines a document). Split the document, then send again.',
    },
  },
  Exception: {
    code: 'ACCOUNTING_EXCEPTION',
    kind: 'retriable',
    message: {
      vi: 'AMIS Kế toán gặp lỗi khi xử lý. Hệ thống sẽ thử lại; nếu kéo dài, hãy báo cho MISA.',
      en: 'AMIS Accounting had a fault of its own. It will be tried again; if it lasts, tell MISA.',
    },
  },
}

/** Codes by which a call says that its token is no good (contract §2.1): reconnect, repeat once. */
export const tokenRefusals: ReadonlySet<string> = new Set(['InvalidToken', 'ExpiredToken', 'InvalidAccessToken'])

/** What an `ErrorCode` that the contract does not know is taken for: the mildest class that loses nothing (contract §6.2). */
export const unknownError: ErrorRule = {
  code: 'ACCOUNTING_UNKNOWN_ERROR',
  kind: 'retriable',
  message: {
    vi: 'AMIS Kế toán trả về mã lỗi chưa biết. Hệ thống thử lại vài lần; nếu vẫn lỗi, cần người xem mã và lời báo kèm theo.',
    en: 'AMIS Accounting gives an error code that is not known. It is retried with a bound, then a person must look.',
  },
}

/** `InvalidParam` from `connect` (contract §5.2). */
const companyRefused: ErrorRule = {
  code: 'ACCOUNTING_COMPANY_REFUSED',
  kind: 'needsPerson',
  message: {
    vi: 'AMIS Kế toán từ chối thông tin kết nối: mã công ty (orgCompanyCode) sai hoặc thiếu. Kiểm tra lại cấu hình.',
    en: 'AMIS Accounting refuses the connection data: orgCompanyCode is wrong or missing. Check the configuration.',
  },
}

/** `InvalidParam` for a whole call: nothing that a record could be blamed for. */
const callRefused: ErrorRule = {
  code: 'ACCOUNTING_CALL_REFUSED',
  kind: 'config',
  message: {
    vi: 'AMIS Kế toán không nhận tham số của lời gọi. Kiểm tra orgCompanyCode, hoặc tắt khả năng đó trong capabilities.',
    en: 'AMIS Accounting does not take the call. Check orgCompanyCode, or switch the flag off in capabilities.',
  },
}

const functionUnknown: ErrorRule = {
  code: 'ACCOUNTING_FUNCTION_UNKNOWN',
  kind: 'config',
  message: {
    vi: 'AMIS Kế toán này không có chức năng được gọi. Kiểm tra baseUrl, hoặc tắt khả năng đó trong capabilities.',
    en: 'This AMIS Accounting does not have the function. Check baseUrl, or switch the flag off in capabilities.',
  },
}

/** What was refused, as ACT said it. */
export interface Refusal {
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly status?: number
}

export function ruleOf(errorCode: string | null): ErrorRule {
  const known = errorCode === 'ExpiredToken' ? errorTable['InvalidToken'] : errorTable[errorCode ?? '']
  return known ?? unknownError
}

/** ACT's own words behind ours; an unknown code is always shown. */
function said(refusal: Refusal, rule: ErrorRule): string {
  const parts = [rule === unknownError ? (refusal.errorCode ?? '(null)') : null, refusal.errorMessage]
  const text = parts.filter((part) => part !== null && part !== '').join(': ')
  return text === '' ? '' : ` [${text}]`
}

function callRule(name: string, refusal: Refusal): ErrorRule {
  if (refusal.status === 404) return functionUnknown
  if (refusal.errorCode === 'InvalidParam') return name === 'connect' ? companyRefused : callRefused
  return ruleOf(refusal.errorCode)
}

/** The error for a call that ACT refused as a whole. `name` is the function that was called. */
export function refusalError(name: string, refusal: Refusal): SyncError {
  const rule = callRule(name, refusal)
  const words = said(refusal, rule)
  return new SyncError({
    code: rule.code,
    kind: rule.kind,
    message: { vi: `${name}: ${rule.message.vi}${words}`, en: `${name}: ${rule.message.en}${words}` },
    detail: {
      function: name,
      errorCode: refusal.errorCode,
      errorMessage: refusal.errorMessage,
      status: refusal.status,
    },
  })
}

/** The failure of one row. A Vietnamese text of ACT replaces ours: it names the record and the cause. */
export function rowFailure(refusal: Refusal, field?: string | null): Failure {
  const rule = ruleOf(refusal.errorCode)
  const reason = refusal.errorMessage?.trim().replace(/\.$/, '') ?? ''
  // What ACT says of a record names no way out; of a lock its own words are passed on as they are (contract §1.6.2).
  const full = rule.kind === 'recordRejected' && reason !== '' ? `${reason}. ${rule.message.vi}` : refusal.errorMessage
  const own = reason === '' ? rule.message.vi : (full ?? reason)
  const shown = rule === unknownError ? ` [${refusal.errorCode ?? '(null)'}]` : ''
  return {
    code: rule.code,
    kind: rule.kind,
    vi: own + shown,
    en: rule.message.en + said(refusal, rule),
    ...(typeof field === 'string' && field !== '' ? { field } : {}),
  }
}

/** The answer came, but is no envelope: for a write nobody knows what happened. */
export function unreadableError(name: string, repeatable: boolean, cause?: unknown): SyncError {
  return new SyncError({
    code: 'ACCOUNTING_ANSWER_UNREADABLE',
    kind: repeatable ? 'retriable' : 'inDoubt',
    message: {
      vi: `${name}: câu trả lời của AMIS Kế toán không đọc được. Hệ thống sẽ tra lại và thử lại; kiểm tra baseUrl nếu lặp lại.`,
      en: `${name}: the answer of AMIS Accounting cannot be read. It is looked up and retried; check baseUrl if it repeats.`,
    },
    detail: { function: name },
    cause,
  })
}

/** Something that this connection cannot do, whoever asks. */
export function unsupportedError(what: Message, detail: Readonly<Record<string, unknown>>): SyncError {
  return new SyncError({ code: 'ACCOUNTING_UNSUPPORTED', kind: 'config', message: what, detail })
}
