import type { ErrorKind, Failure, Message } from '@amis-sync/core'
import { lenient, toId } from './envelope.ts'
import type { Resource } from './resources.ts'

/** One entry of `results` in one form, whatever its casing (contract §1.3). */
export interface RowResult {
  /** Position in the request; absent on servers that do not say it. */
  readonly index?: number
  readonly success: boolean
  readonly id?: string
  readonly problems: readonly RowProblem[]
}

interface RowProblem {
  readonly field?: string
  readonly code?: string
  readonly message?: string
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function toProblem(value: unknown): RowProblem {
  const get = lenient(value)
  const field = text(get('field_name'))
  const code = text(get('error_code'))?.toLowerCase()
  const message = text(get('error_message')) ?? text(value)
  return {
    ...(field === undefined ? {} : { field }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  }
}

export function toRowResult(value: unknown): RowResult {
  const get = lenient(value)
  const listed = get('validate_infos') ?? get('validate_result')
  const problems = Array.isArray(listed) ? listed.map(toProblem) : []
  // Some answers put the one problem into the row itself.
  const own = toProblem(value)
  const index = get('index')
  const id = toId(get('id'))
  return {
    ...(typeof index === 'number' && Number.isInteger(index) ? { index } : {}),
    success: get('success') === true,
    ...(id === undefined ? {} : { id }),
    problems: problems.length > 0 ? problems : own.code !== undefined || own.message !== undefined ? [own] : [],
  }
}

/**
 * Results by position in the request. By `index` where every result has one of its own; else by order, if there are as many as rows.
 * A hole = that row's outcome is unknown.
 */
export function alignResults(results: readonly RowResult[], count: number): (RowResult | undefined)[] {
  const aligned: (RowResult | undefined)[] = Array.from({ length: count }, () => undefined)
  const indexes = results.map((result) => result.index)
  if (indexes.every((index) => index === undefined)) {
    return results.length === count ? [...results] : aligned
  }
  for (const result of results) {
    const { index } = result
    if (index === undefined || index < 0 || index >= count) continue
    // Two results for one row contradict each other: neither is believed.
    aligned[index] = indexes.filter((other) => other === index).length === 1 ? result : undefined
  }
  return aligned
}

interface ErrorClass {
  readonly code: string
  readonly kind: ErrorKind
  readonly text: Message
}

/** `error_code` (contract §1.3, assumed) to what it means to us. */
const errorClasses: Readonly<Record<string, ErrorClass>> = {
  required: {
    code: 'VALUE_REQUIRED',
    kind: 'recordRejected',
    text: {
      vi: 'thiếu giá trị bắt buộc. Hãy điền ở hệ thống nguồn.',
      en: 'a required value is missing. Fill it in at the source.',
    },
  },
  invalid: {
    code: 'VALUE_INVALID',
    kind: 'recordRejected',
    text: {
      vi: 'giá trị không hợp lệ. Hãy sửa ở hệ thống nguồn.',
      en: 'a value is not valid. Mend it at the source.',
    },
  },
  duplicate: {
    code: 'DUPLICATE_VALUE',
    kind: 'recordRejected',
    text: {
      vi: 'giá trị phải duy nhất nhưng bản ghi khác đã dùng. Hãy gộp hoặc sửa một trong hai bản ghi.',
      en: 'a value that must be unique is used by another record. Merge the two, or change one of them.',
    },
  },
  not_found: {
    code: 'REFERENCE_NOT_FOUND',
    kind: 'recordRejected',
    text: {
      vi: 'bản ghi được tham chiếu chưa có trong AMIS CRM. Hệ thống chờ nó được tạo rồi gửi lại.',
      en: 'a record that it refers to is not in AMIS CRM yet. It is sent again once that one is there.',
    },
  },
  deleted: {
    code: 'REFERENCE_DELETED',
    kind: 'recordRejected',
    text: {
      vi: 'bản ghi được tham chiếu đã bị xóa trong AMIS CRM. Hãy tạo lại nó hoặc chọn bản ghi khác.',
      en: 'a record that it refers to was deleted in AMIS CRM. Create it again, or choose another.',
    },
  },
  in_use: {
    code: 'RECORD_IN_USE',
    kind: 'recordRejected',
    text: {
      vi: 'không xóa được vì bản ghi khác đang dùng. Hãy gỡ các bản ghi đó trước.',
      en: 'it cannot be deleted because others use it. Detach those first.',
    },
  },
  exception: {
    code: 'SERVER_EXCEPTION',
    kind: 'retriable',
    text: {
      vi: 'AMIS CRM gặp lỗi với dòng này. Hệ thống sẽ gửi lại.',
      en: 'AMIS CRM had a fault with this row. It is sent again.',
    },
  },
}

const unknownClass: ErrorClass = {
  code: 'ROW_REFUSED',
  kind: 'retriable',
  text: {
    vi: 'AMIS CRM từ chối với mã lỗi chưa biết. Hệ thống thử lại có giới hạn, rồi cần người xem.',
    en: 'AMIS CRM refuses it with a code that is not known. It is tried again within a bound, then a person must look.',
  },
}

const recordGone: ErrorClass = {
  code: 'RECORD_MISSING',
  kind: 'recordRejected',
  text: {
    vi: 'bản ghi không còn trong AMIS CRM.',
    en: 'the record is no longer in AMIS CRM.',
  },
}

/** What a refused row means. `untold` = refused without an error code: a create may be a duplicate, its key is to be looked up. */
export interface Refusal {
  readonly status: 'rejected' | 'duplicate' | 'missing'
  readonly failure: Failure
  readonly untold: boolean
}

const longest = 300

function toFailure(found: ErrorClass, problem: RowProblem | undefined, label: string): Failure {
  const where = problem?.field === undefined ? label : `${label}, ${problem.field}`
  const said = problem?.message === undefined ? '' : ` (${problem.message.slice(0, longest)})`
  return {
    code: found.code,
    kind: found.kind,
    vi: `${where}: ${found.text.vi}${said}`,
    en: `${where}: ${found.text.en}${said}`,
    ...(problem?.field === undefined ? {} : { field: problem.field }),
  }
}

/** Severity when a row has several problems: what no retry mends comes first. */
const order = ['required', 'invalid', 'duplicate', 'deleted', 'in_use', 'not_found', 'exception']

function worst(problems: readonly RowProblem[]): RowProblem | undefined {
  const rank = (problem: RowProblem): number => {
    const place = order.indexOf(problem.code ?? 'invalid')
    return place < 0 ? order.length : place
  }
  return problems.toSorted((left, right) => rank(left) - rank(right))[0]
}

/** `label` names the record for people: `Customers KH000017`. */
export function toRefusal(
  resource: Resource,
  operation: 'create' | 'update' | 'delete',
  result: RowResult,
  label: string,
): Refusal {
  const own = (problem: RowProblem): boolean =>
    problem.field === undefined
      ? operation === 'delete'
      : [resource.deleteColumn ?? 'id', 'id'].includes(problem.field.toLowerCase())
  const gone = result.problems.find(
    (problem) => operation !== 'create' && (problem.code === 'not_found' || problem.code === 'deleted') && own(problem),
  )
  if (gone !== undefined) return { status: 'missing', failure: toFailure(recordGone, gone, label), untold: false }

  const problem = worst(result.problems)
  const code = problem?.code
  const untold = code === undefined
  const found = errorClasses[code ?? 'invalid'] ?? unknownClass
  const failure = toFailure(found, problem, label)
  const ofKey = problem?.field === undefined || problem.field === resource.keyColumn
  const duplicate = code === 'duplicate' && ofKey
  return { status: duplicate ? 'duplicate' : 'rejected', failure, untold }
}
