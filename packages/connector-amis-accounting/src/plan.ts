import { codeKey } from '@amis-sync/core'
import type { Failure, Message, Row, RowOutcome, RowWrite } from '@amis-sync/core'
import { errorTable } from './errors.ts'
import { limits, resourceNamed, resourceWritten, voucherFlags, vouchers } from './resources.ts'
import { idOf } from './rows.ts'

export type WriteFunction = 'save_dictionary' | 'save' | 'delete'

/** One write as it travels. */
export interface Entry {
  readonly write: RowWrite
  readonly row: Row
  /** Dictionary rows that go before it in the same call. */
  readonly companions: readonly Row[]
}

export interface PlannedCall {
  readonly name: WriteFunction
  readonly entries: readonly Entry[]
}

export interface WritePlan {
  /** In the order in which they are sent: dictionary, documents, deletions. */
  readonly calls: readonly PlannedCall[]
  /** Writes that are never sent, with the reason. */
  readonly refused: readonly RowOutcome[]
}

export interface PlanOptions {
  /** Most rows of one call, below the limits of ACT. */
  readonly batchSize: number
  readonly isOn: (flag: string | undefined) => boolean
}

const refusal = (code: string, kind: Failure['kind'], message: Message): Failure => ({ code, kind, ...message })

const noDelete = refusal('ACCOUNTING_NO_DELETE', 'needsPerson', {
  vi: 'API của AMIS Kế toán không xóa được danh mục. Đặt "ngừng theo dõi" (inactive), hoặc xóa trực tiếp trong AMIS Kế toán.',
  en: 'The API of AMIS Accounting deletes no catalogue rows. Make it inactive, or delete it by hand in AMIS Accounting.',
})
const idMissing = refusal('ACCOUNTING_ID_MISSING', 'recordRejected', {
  vi: 'Chứng từ gửi sang AMIS Kế toán phải có mã định danh (org_refid) do bên gửi chọn.',
  en: 'A document for AMIS Accounting needs an id (org_refid) chosen by the sender.',
})
const typeMissing = refusal('ACCOUNTING_VOUCHER_TYPE_UNKNOWN', 'recordRejected', {
  vi: 'Không rõ loại chứng từ (voucher_type: 20, 120, 121 hoặc 122) nên không gửi.',
  en: 'The kind of document (voucher_type: 20, 120, 121 or 122) is not known, so it is not sent.',
})
const readOnly = (name: string): Failure =>
  refusal('ACCOUNTING_READ_ONLY', 'recordRejected', {
    vi: `AMIS Kế toán chỉ cho đọc "${name}", không ghi được.`,
    en: `"${name}" of AMIS Accounting can be read only, not written.`,
  })
const flagOff = (flag: string): Failure =>
  refusal('ACCOUNTING_CAPABILITY_OFF', 'needsPerson', {
    vi: `AMIS Kế toán này không có khả năng "${flag}" (giả định), nên bản ghi không được gửi. Xem mục capabilities trong cấu hình.`,
    en: `This AMIS Accounting lacks the capability "${flag}" (assumed), so the record is not sent. See capabilities in the configuration.`,
  })

/** A dictionary row as ACT wants it, or why not. Guids of ours travel in lower case. */
function dictionaryRow(name: string, row: Row, fixed: Row, options: PlanOptions): Row | Failure {
  const resource = resourceNamed(name)
  if (resource?.write === undefined) return readOnly(name)
  const flag = resource.needs?.write
  if (flag !== undefined && !options.isOn(flag)) return flagOff(flag)
  return { ...row, ...fixed, dictionary_type: resource.write }
}

const isFailure = (value: Row | Failure): value is Failure => 'kind' in value && 'vi' in value

function voucherRow(write: RowWrite, options: PlanOptions): Row | Failure {
  const id = write.id ?? idOf(write.row['org_refid'])
  if (id === undefined) return idMissing
  const type = Number(write.row['voucher_type'])
  if (!(type in voucherFlags)) return typeMissing
  const flag = voucherFlags[type]
  if (flag !== undefined && !options.isOn(flag)) return flagOff(flag)
  if (write.operation === 'delete') return { voucher_type: type, org_refid: id }
  return { ...write.row, org_refid: id, refid: id, is_get_new_id: false }
}

function toEntry(write: RowWrite, options: PlanOptions): Entry | Failure {
  let row: Row | Failure
  if (write.resource === vouchers.name) row = voucherRow(write, options)
  else if (write.operation === 'delete') row = noDelete
  else {
    const column = resourceNamed(write.resource)?.id[0]
    const id = write.id === undefined || column === undefined ? {} : { [column]: write.id }
    row = dictionaryRow(write.resource, write.row, { org_refid: write.opId, ...id }, options)
  }
  if (isFailure(row)) return row
  const companions: Row[] = []
  for (const companion of write.operation === 'delete' ? [] : (write.companions ?? [])) {
    const extra = dictionaryRow(companion.resource, companion.row, {}, options)
    if (isFailure(extra)) return extra
    companions.push(extra)
  }
  return { write, row, companions }
}

const functionOf = (write: RowWrite): WriteFunction =>
  write.resource !== vouchers.name ? 'save_dictionary' : write.operation === 'delete' ? 'delete' : 'save'

/** The same row twice is one row: by type and code. */
function companionKey(row: Row): string {
  const key = resourceWritten(Number(row['dictionary_type']))?.key
  const code = key === undefined ? undefined : row[key]
  return `${String(row['dictionary_type'])}|${typeof code === 'string' ? codeKey(code) : JSON.stringify(row)}`
}

/** Companions of the entries, each once, in order. */
export function companionsOf(entries: readonly Entry[]): readonly Row[] {
  return [...new Map(entries.flatMap((entry) => entry.companions).map((row) => [companionKey(row), row])).values()]
}

/** The body of a call, without what every call carries. */
export function bodyOf(call: PlannedCall): Row {
  const rows = call.entries.map((entry) => entry.row)
  const companions = companionsOf(call.entries)
  if (call.name === 'save_dictionary') return { dictionary: [...companions, ...rows] }
  return call.name === 'save' && companions.length > 0 ? { voucher: rows, dictionary: companions } : { voucher: rows }
}

const bytesOf = (entry: Entry): number => Buffer.byteLength(JSON.stringify([entry.row, entry.companions]))

/** Splits entries of one function so that no call is over a limit of ACT (contract §2.3.1) or of the body's size. */
function split(name: WriteFunction, entries: readonly Entry[], batchSize: number): PlannedCall[] {
  const most = Math.min(batchSize, name === 'save_dictionary' ? limits.dictionary : limits.vouchers)
  const calls: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const current = calls.at(-1)
    const size = bytesOf(entry)
    const next = [...(current ?? []), entry]
    const dictionary = companionsOf(next).length + (name === 'save_dictionary' ? next.length : 0)
    const full = next.length > most || dictionary > limits.dictionary || bytes + size > limits.bodyBytes
    if (current === undefined || full) {
      calls.push([entry])
      bytes = size
    } else {
      current.push(entry)
      bytes += size
    }
  }
  return calls.map((one) => ({ name, entries: one }))
}

/** Turns writes into calls. Pure; sends nothing. */
export function planWrites(writes: readonly RowWrite[], options: PlanOptions): WritePlan {
  const refused: RowOutcome[] = []
  const groups: Record<WriteFunction, Entry[]> = { save_dictionary: [], save: [], delete: [] }
  for (const write of writes) {
    const entry = toEntry(write, options)
    if (isEntry(entry)) groups[functionOf(write)].push(entry)
    else
      refused.push({
        opId: write.opId,
        status: 'rejected',
        failure: entry,
        ...(write.id === undefined ? {} : { id: write.id }),
      })
  }
  const calls = (['save_dictionary', 'save', 'delete'] as const).flatMap((name) =>
    split(name, groups[name], options.batchSize),
  )
  return { calls, refused }
}

const isEntry = (value: Entry | Failure): value is Entry => 'write' in value

/** Halves of a call, each with at least one entry. */
export function halve(call: PlannedCall): readonly PlannedCall[] {
  const middle = Math.ceil(call.entries.length / 2)
  return [call.entries.slice(0, middle), call.entries.slice(middle)].map((entries) => ({ name: call.name, entries }))
}

/** A call per type of row, in order of first appearance: one type that ACT does not know spoils the whole call (contract §2.3.1). */
export function byType(call: PlannedCall): readonly PlannedCall[] {
  const groups = Map.groupBy(call.entries, ({ row }) => row['dictionary_type'] ?? row['voucher_type'])
  return [...groups.values()].map((entries) => ({ name: call.name, entries }))
}

/** Failure of a document that is not there. */
export const notThere: Failure = refusal(
  errorTable['VoucherNotFound']!.code,
  'recordRejected',
  errorTable['VoucherNotFound']!.message,
)
