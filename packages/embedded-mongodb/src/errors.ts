/** Codes of {@link EmbeddedMongoError}. */
export type EmbeddedMongoErrorCode =
  | 'EMBEDDED_MONGO_PORT_IN_USE'
  | 'EMBEDDED_MONGO_ADDRESS_REFUSED'
  | 'EMBEDDED_MONGO_OWNER_SILENT'
  | 'EMBEDDED_MONGO_DATA_UNREADABLE'

/** A start that cannot succeed, said in both languages with what to do. */
export class EmbeddedMongoError extends Error {
  override readonly name = 'EmbeddedMongoError'
  readonly code: EmbeddedMongoErrorCode
  readonly messages: { readonly vi: string; readonly en: string }

  constructor(code: EmbeddedMongoErrorCode, messages: { vi: string; en: string }, cause?: unknown) {
    super(`${code}: ${messages.en}`, { cause })
    this.code = code
    this.messages = messages
  }
}

/** MongoDB's error codes that this server answers with; names are the server's own. */
export const errorCode = {
  UnknownError: 8,
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  InvalidLength: 16,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  NoSuchTransaction: 251,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  QueryPlanKilled: 175,
  NotImplemented: 238,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  Location17276: 17276,
  Location31253: 31253,
  Location31254: 31254,
  Location40323: 40323,
  Location40324: 40324,
  Location40414: 40414,
  Location40415: 40415,
  Location40573: 40573,
  Location40602: 40602,
  Location51246: 51246,
} as const

export type ErrorCodeName = keyof typeof errorCode

/** A command or a write that fails the way MongoDB fails it: the client receives `code`, `codeName` and `errmsg`. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: number
  readonly codeName: ErrorCodeName
  /** Extra reply fields, such as `keyPattern` and `keyValue` of a duplicate key. */
  readonly details: Record<string, unknown>

  constructor(codeName: ErrorCodeName, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.code = errorCode[codeName]
    this.codeName = codeName
    this.details = details
  }
}
