import { SyncError, isSyncError } from '@amis-sync/core'
import type { ErrorKind, Message } from '@amis-sync/core'
import {
  MongoAPIError,
  MongoBulkWriteError,
  MongoNetworkError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
  MongoSystemError,
} from 'mongodb'

interface DatabaseFault {
  readonly code: string
  readonly kind: ErrorKind
  readonly message: Message
}

/** Server codes of a refused login or a missing right. */
const loginCodes = new Set<unknown>([18, 8000])
const rightCodes = new Set<unknown>([13])
/** The member that answered shuts down, steps down or is not the primary. */
const awayCodes = new Set<unknown>([6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436])
const tooLargeCodes = new Set<unknown>([10334, 17419, 17420])
const diskCodes = new Set<unknown>([14031])

const faults = {
  uri: {
    code: 'DATABASE_URI_INVALID',
    kind: 'config',
    message: {
      vi: 'Địa chỉ cơ sở dữ liệu (MONGODB_URI) không đúng dạng. Sửa thành mongodb://máy:cổng/tên hoặc mongodb+srv://máy/tên, ký tự đặc biệt trong mật khẩu viết dạng %xx.',
      en: 'The database address (MONGODB_URI) is malformed. Write mongodb://host:port/name or mongodb+srv://host/name, special characters of the password as %xx.',
    },
  },
  login: {
    code: 'DATABASE_LOGIN_REFUSED',
    kind: 'config',
    message: {
      vi: 'Cơ sở dữ liệu từ chối đăng nhập. Kiểm tra tên, mật khẩu và authSource trong MONGODB_URI.',
      en: 'The database refused the login. Check user, password and authSource in MONGODB_URI.',
    },
  },
  right: {
    code: 'DATABASE_RIGHT_MISSING',
    kind: 'config',
    message: {
      vi: 'Tài khoản cơ sở dữ liệu thiếu quyền. Cấp quyền readWrite trên cơ sở dữ liệu của AMIS Sync.',
      en: 'The database user lacks a right. Grant it readWrite on the database of AMIS Sync.',
    },
  },
  unreachable: {
    code: 'DATABASE_UNREACHABLE',
    kind: 'retriable',
    message: {
      vi: 'Không kết nối được cơ sở dữ liệu. Kiểm tra máy chủ MongoDB có đang chạy, mạng và tường lửa, và MONGODB_URI; bỏ MONGODB_URI thì dùng cơ sở dữ liệu nhúng.',
      en: 'The database cannot be reached. Check that the MongoDB server runs, network and firewall, and MONGODB_URI; without MONGODB_URI the embedded database is used.',
    },
  },
  tooLarge: {
    code: 'DATABASE_DOCUMENT_TOO_LARGE',
    kind: 'recordRejected',
    message: {
      vi: 'Bản ghi lớn hơn 16 MB nên không lưu được. Rút gọn dữ liệu của bản ghi ở nguồn.',
      en: 'A record is larger than 16 MB and cannot be stored. Shorten its data at the source.',
    },
  },
  disk: {
    code: 'DATABASE_FULL',
    kind: 'retriable',
    message: {
      vi: 'Máy chủ cơ sở dữ liệu hết dung lượng đĩa. Giải phóng hoặc thêm dung lượng; hệ thống sẽ tự chạy tiếp.',
      en: 'The database server is out of disk space. Free or add space; work goes on by itself.',
    },
  },
  other: {
    code: 'DATABASE_FAILED',
    kind: 'retriable',
    message: {
      vi: 'Cơ sở dữ liệu báo lỗi. Hệ thống sẽ thử lại; nếu lặp lại, xem nhật ký của AMIS Sync và của MongoDB.',
      en: 'The database reported an error. It will be retried; if it repeats, see the logs of AMIS Sync and of MongoDB.',
    },
  },
} as const satisfies Record<string, DatabaseFault>

/** Takes user and password out of every connection string in a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/(mongodb(?:\+srv)?:\/\/)[^\s"'/]*@/gi, '$1***@').replace(/\/\/[^\s"'/]*:[^\s"']*@/g, '//***@')
}

/** A second record with the same unique key. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000
}

/**
 * A driver error as a {@link SyncError}. The cause is a copy without credentials: the driver quotes the whole connection string in some
 * of its messages.
 */
export function toDatabaseError(error: unknown): SyncError {
  return isSyncError(error) ? error : errorOf(faultOf(error), error)
}

/** What the driver throws at a connection string that it cannot read; of several classes, some of them not exported. */
export function toAddressError(error: unknown): SyncError {
  return errorOf(faults.uri, error)
}

function errorOf(fault: DatabaseFault, error: unknown): SyncError {
  const server = error instanceof MongoServerError ? { serverCode: error.code, serverCodeName: error['codeName'] } : {}
  return new SyncError({ ...fault, detail: { ...server, reason: reasonOf(error) }, cause: causeOf(error) })
}

/** Awaits a driver call; what it throws comes out as a {@link SyncError}. */
export async function translated<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw toDatabaseError(error)
  }
}

function faultOf(error: unknown): DatabaseFault {
  if (error instanceof MongoParseError) return faults.uri
  if (error instanceof MongoServerSelectionError && loginCodes.has(innerCode(error))) return faults.login
  if (error instanceof MongoNetworkError || error instanceof MongoSystemError) return faults.unreachable
  if (isBrokenBulk(error)) return faults.unreachable
  if (error instanceof MongoServerError) {
    if (awayCodes.has(error.code)) return faults.unreachable
    if (loginCodes.has(error.code)) return faults.login
    if (rightCodes.has(error.code)) return faults.right
    if (tooLargeCodes.has(error.code)) return faults.tooLarge
    if (diskCodes.has(error.code)) return faults.disk
    return faults.other
  }
  if (error instanceof MongoAPIError && error.message.startsWith('Document is larger')) return faults.tooLarge
  return faults.other
}

/** The driver wraps what breaks a connection during a bulk write; only what the server said has a code. */
function isBrokenBulk(error: unknown): boolean {
  return error instanceof MongoBulkWriteError && error.code === undefined && [error.writeErrors].flat().length === 0
}

function innerCode(error: MongoServerSelectionError): unknown {
  for (const server of error.reason?.servers.values() ?? []) {
    if (server.error instanceof MongoServerError) return server.error.code
  }
  return undefined
}

function reasonOf(error: unknown): string {
  return withoutCredentials(error instanceof Error ? error.message : String(error))
}

function causeOf(error: unknown): Error {
  const copy = new Error(reasonOf(error))
  if (error instanceof Error) {
    copy.name = error.name
    if (error.stack !== undefined) copy.stack = withoutCredentials(error.stack)
  }
  return copy
}
