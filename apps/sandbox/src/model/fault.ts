/** Why a row was refused, in the CRM's words (§1.3); other systems translate. */
export type FaultCode = 'required' | 'invalid' | 'duplicate' | 'not_found' | 'deleted' | 'in_use'

/** One reason, naming the column. */
export interface Fault {
  readonly field: string
  readonly code: FaultCode
}

/** A reason as a value. */
export function fault(field: string, code: FaultCode): Fault {
  return { field, code }
}

const MESSAGES: Readonly<Record<string, string>> = {
  required: 'Thiếu giá trị bắt buộc',
  invalid: 'Giá trị không hợp lệ',
  duplicate: 'Mã đã tồn tại',
  not_found: 'Không tìm thấy bản ghi',
  deleted: 'Bản ghi đã bị xóa',
  in_use: 'Bản ghi đang được sử dụng, không thể xóa',
  exception: 'Hệ thống gặp lỗi khi xử lý dòng này',
}

/** The Vietnamese sentence for a code, with the column it is about. */
export function faultMessage(code: string, field: string): string {
  return `${MESSAGES[code] ?? 'Lỗi không xác định'}${field ? `: ${field}` : ''}`
}
