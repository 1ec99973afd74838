import { SyncError } from '@amis-sync/core'
import type { ErrorKind, Message } from '@amis-sync/core'

interface CallFault {
  readonly code: string
  readonly kind: ErrorKind
  readonly what: Message
  readonly mend: Message
}

/** Whole calls that AMIS System refuses, by status. */
const callFaults: Readonly<Record<number, CallFault>> = {
  400: {
    code: 'CALL_REFUSED',
    kind: 'config',
    what: { vi: 'AMIS Hệ thống (giả định) không nhận yêu cầu này', en: 'AMIS System (assumed) refuses this request' },
    mend: {
      vi: 'Nếu vừa nâng cấp, hãy chạy đồng bộ toàn bộ; nếu lặp lại, gửi chi tiết cho đội phát triển.',
      en: 'After an upgrade run a full sync; if it repeats, send the details to the developers.',
    },
  },
  403: {
    code: 'RIGHT_MISSING',
    kind: 'needsPerson',
    what: { vi: 'tài khoản API không có quyền với dữ liệu này', en: 'the API user lacks the right for this data' },
    mend: {
      vi: 'Hãy cấp quyền đọc cho tài khoản API, hoặc tắt loại dữ liệu này.',
      en: 'Give the API user the right to read it, or switch this kind of data off.',
    },
  },
  404: {
    code: 'RESOURCE_NOT_OFFERED',
    kind: 'config',
    what: { vi: 'địa chỉ này không có loại dữ liệu này', en: 'this address does not offer this data' },
    mend: { vi: 'Kiểm tra baseUrl của kết nối.', en: "Check the connection's baseUrl." },
  },
}

/** The error of a whole call that was refused with `status` (4xx; not 401, not 429). */
export function callError(name: string, route: string, status: number, said?: string): SyncError {
  const fault = callFaults[status] ?? callFaults[400]!
  const quoted = said === undefined ? '' : ` (${said.slice(0, 300)})`
  return new SyncError({
    code: fault.code,
    kind: fault.kind,
    message: {
      vi: `${name}, ${route}: ${fault.what.vi}${quoted}. ${fault.mend.vi}`,
      en: `${name}, ${route}: ${fault.what.en}${quoted}. ${fault.mend.en}`,
    },
    detail: { connection: name, route, status },
  })
}

export function unknownResource(name: string, resource: string): SyncError {
  return new SyncError({
    code: 'RESOURCE_UNKNOWN',
    kind: 'config',
    message: {
      vi: `${name}: không có loại dữ liệu "${resource}". Kiểm tra gói mở rộng đang dùng.`,
      en: `${name}: there is no resource "${resource}". Check the plugin that asks for it.`,
    },
    detail: { connection: name, resource },
  })
}
