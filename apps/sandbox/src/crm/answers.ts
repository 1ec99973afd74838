import type { Fault } from '../model/fault.ts'
import { faultMessage } from '../model/fault.ts'
import { newGuid } from '../model/guid.ts'
import type { Answer } from '../server/exchange.ts'

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Yêu cầu không hợp lệ',
  401: 'Phiên làm việc không hợp lệ hoặc đã hết hạn',
  403: 'Bạn không có quyền thực hiện thao tác này',
  404: 'Không tìm thấy tài nguyên',
  413: 'Dữ liệu gửi lên quá lớn',
  429: 'Vượt quá số lượt gọi cho phép',
  500: 'Hệ thống gặp lỗi',
}

/** The CRM's error body (§1.1). */
export function errorBody(code: number, message: string): string {
  const text = MESSAGES[code] ?? 'Có lỗi xảy ra'
  return JSON.stringify({ success: false, code, data: null, user_msg: text, dev_msg: message, trace_id: newGuid() })
}

/** An error with its HTTP status. */
export function crmError(status: number, message: string): Answer {
  return { status, body: errorBody(status, message) }
}

/** A successful answer with rows that are JSON text already. */
export function dataAnswer(rows: readonly string[], total?: number): Answer {
  const totals = total === undefined ? '' : `,"total_records":${total}`
  return { status: 200, body: `{"success":true,"code":200,"data":[${rows.join(',')}]${totals}}` }
}

/** Outcome of one row of a write. */
export interface RowResult {
  readonly index: number
  readonly id?: number | string | undefined
  readonly faults?: readonly { readonly field: string; readonly code: string }[] | undefined
}

/** One reason as a fault of a row. */
export function refused(
  index: number,
  faults: readonly Fault[] | readonly { field: string; code: string }[],
): RowResult {
  return { index, faults }
}

/** The answer to a write; `withCodes` off leaves `index` and `error_code` out (§6.1 `rowErrorCodes`). */
export function resultsAnswer(results: readonly RowResult[], withCodes: boolean): Answer {
  const rows = results.map(({ index, id, faults }) => ({
    ...(withCodes && { index }),
    success: !faults,
    ...(!faults && id !== undefined && { id }),
    ...(faults && {
      validate_infos: faults.map(({ field, code }) => ({
        field_name: field,
        ...(withCodes && { error_code: code }),
        error_message: faultMessage(code, field),
      })),
    }),
  }))
  return {
    status: 200,
    body: JSON.stringify({ success: results.every((row) => !row.faults), code: 200, results: rows }),
  }
}
