import type { Answer } from '../server/exchange.ts'

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidAppID: 'Ứng dụng không tồn tại',
  InvalidAccessToken: 'Mã truy cập không hợp lệ',
  InvalidToken: 'Phiên kết nối không hợp lệ',
  ExpiredToken: 'Phiên kết nối đã hết hạn',
  DBAmisNotConnectDBACT: 'Chưa kết nối dữ liệu kế toán',
  AppIDDisconnect: 'Ứng dụng đã bị ngắt kết nối',
  InvalidParam: 'Tham số không hợp lệ',
  IsCreatedVoucher: 'Chứng từ đã phát sinh hoặc đã được ghi nhận trên phần mềm kế toán',
  VoucherNotFound: 'Không tìm thấy chứng từ',
  DuplicateCode: 'Mã đã tồn tại',
  TooMany: 'Vượt quá số dòng cho phép',
  Exception: 'Hệ thống gặp lỗi',
}

/** The Vietnamese sentence for an error code. */
export function actMessage(code: string): string {
  return MESSAGES[code] ?? 'Có lỗi xảy ra'
}

/** A failure in ACT's envelope: HTTP 200 unless said otherwise (§2.1). */
export function failure(code: string, detail?: string, status = 200): Answer {
  const message = detail ? `${actMessage(code)}: ${detail}` : actMessage(code)
  return {
    status,
    body: JSON.stringify({ Success: false, ErrorCode: code, ErrorMessage: message, Data: null, CustomData: null }),
  }
}

/** A success; `data` and `custom` are JSON text and stay text inside the envelope. */
export function success(data: string | null, custom: string | null = null): Answer {
  const quote = (text: string | null): string => (text === null ? 'null' : JSON.stringify(text))
  return {
    status: 200,
    body: `{"Success":true,"ErrorCode":null,"ErrorMessage":null,"Data":${quote(data)},"CustomData":${quote(custom)}}`,
  }
}

/** Thrown by handlers to fail a whole call with an error code. */
export class ActFailure extends Error {
  readonly code: string

  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}
