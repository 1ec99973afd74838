import { codeKey, isSyncError, toFailure } from '@amis-sync/core'
import type { Failure, Row, RowOutcome, RowWrite, WriteOperation } from '@amis-sync/core'
import type { CrmApi } from './api.ts'
import type { CrmConfig } from './config.ts'
import { withDateFormat } from './date-format.ts'
import { callError } from './errors.ts'
import { needResource, rowsByKeys } from './lookup.ts'
import type { Resource } from './resources.ts'
import { alignResults, toRefusal, toRowResult } from './row-result.ts'
import type { RowResult } from './row-result.ts'
import { rowId } from './wire-record.ts'

/** Writes of one resource and one operation, in the caller's order. */
interface Group {
  readonly resource: Resource
  readonly operation: WriteOperation
  readonly writes: RowWrite[]
}

const methods = { create: 'POST', update: 'PUT', delete: 'DELETE' } as const

function group(api: CrmApi, writes: readonly RowWrite[]): Group[] {
  const groups = new Map<string, Group>()
  for (const write of writes) {
    const resource = needResource(api, write.resource, () => true)
    // A resource whose rows are set has one operation: the latest figure counts.
    const operation = resource.writing === 'set' && write.operation === 'update' ? 'create' : write.operation
    const name = `${write.resource} ${operation}`
    const found = groups.get(name) ?? { resource, operation, writes: [] }
    found.writes.push(write)
    groups.set(name, found)
  }
  return [...groups.values()]
}

/** What is sent for one write: a row, or for DELETE an id. `undefined` = it cannot be named. */
function toWire(resource: Resource, operation: WriteOperation, write: RowWrite, config: CrmConfig): unknown {
  if (resource.writing === 'set') return operation === 'delete' ? undefined : write.row
  const row = withDateFormat(resource, write.row, config.dateFormat)
  if (operation === 'create') return row
  if (operation === 'delete' && resource.deleteColumn !== undefined)
    return write.row[resource.deleteColumn] ?? undefined
  if (write.id === undefined || !/^\d{1,15}$/.test(write.id)) return undefined
  return operation === 'delete' ? Number(write.id) : { ...row, id: Number(write.id) }
}

/** A PUT may be repeated freely (contract §1.3), unless it adds lines: those without `line_id` would be added again (§1.5.1). */
function isRepeatable({ resource, operation }: Group, writes: readonly RowWrite[]): boolean {
  if (resource.writing === 'set' || operation === 'delete') return true
  if (operation === 'create') return false
  const lines = writes.flatMap(({ row }) => {
    const list = resource.linesColumn === undefined ? undefined : row[resource.linesColumn]
    return Array.isArray(list) ? (list as unknown[]) : []
  })
  return lines.every((line) => typeof line === 'object' && line !== null && (line as Row)['line_id'] != null)
}

function labelOf(resource: Resource, write: RowWrite): string {
  const key = resource.keyColumn === undefined ? undefined : write.row[resource.keyColumn]
  return `${resource.name} ${typeof key === 'string' ? key : (write.id ?? rowId(resource, write.row) ?? '')}`.trim()
}

const unnamed = (label: string): Failure => ({
  code: 'TARGET_NOT_NAMED',
  kind: 'recordRejected',
  vi: `${label}: không biết id của bản ghi trong AMIS CRM nên không sửa, xóa được. Hãy liên kết lại bản ghi.`,
  en: `${label}: its id in AMIS CRM is not known, so it cannot be changed or deleted. Link the record again.`,
})

const unanswered = (label: string): Failure => ({
  code: 'ROW_UNANSWERED',
  kind: 'inDoubt',
  vi: `${label}: AMIS CRM không cho biết kết quả của dòng này. Hệ thống tra mã trước khi gửi lại.`,
  en: `${label}: AMIS CRM did not say what became of this row. Its code is looked up before it is sent again.`,
})

export interface Writer {
  writeRows(writes: readonly RowWrite[]): Promise<readonly RowOutcome[]>
}

export function createWriter(api: CrmApi, config: CrmConfig): Writer {
  const applied = (group: Group, write: RowWrite, result: RowResult): RowOutcome => {
    const { resource, operation } = group
    const id = resource.writing === 'set' ? rowId(resource, write.row) : operation === 'create' ? result.id : write.id
    if (id !== undefined) return { opId: write.opId, status: 'applied', id }
    return { opId: write.opId, status: 'inDoubt', failure: unanswered(labelOf(resource, write)) }
  }

  /**
   * Creates that were refused without a code may be duplicates: their keys are looked up (contract §1.3). A failing look-up must not
   * hide what the write did: those rows stay refused.
   */
  const tellDuplicates = async (group: Group, writes: readonly RowWrite[]): Promise<ReadonlySet<string>> => {
    const { keyColumn } = group.resource
    if (writes.length === 0 || keyColumn === undefined || group.operation !== 'create') return new Set()
    const keyOf = (row: Row): string => (typeof row[keyColumn] === 'string' ? codeKey(row[keyColumn]) : '')
    const keys = writes.map((write) => write.row[keyColumn]).filter((key) => typeof key === 'string')
    const rows = await rowsByKeys(api, group.resource, keys).catch(() => [])
    const found = new Set(rows.map(keyOf))
    return new Set(writes.filter((write) => found.has(keyOf(write.row))).map((write) => write.opId))
  }

  const toOutcomes = async (
    group: Group,
    writes: readonly RowWrite[],
    results: readonly unknown[],
  ): Promise<RowOutcome[]> => {
    const aligned = alignResults(results.map(toRowResult), writes.length)
    const pairs = writes.map((write, index) => {
      const result = aligned[index]
      const label = labelOf(group.resource, write)
      const refusal =
        result === undefined || result.success ? undefined : toRefusal(group.resource, group.operation, result, label)
      return { write, result, label, refusal }
    })
    const untold = pairs.filter(({ refusal }) => refusal?.untold === true).map(({ write }) => write)
    const duplicates = await tellDuplicates(group, untold)
    return pairs.map(({ write, result, label, refusal }) => {
      if (result === undefined) return { opId: write.opId, status: 'inDoubt', failure: unanswered(label) }
      if (refusal === undefined) return applied(group, write, result)
      const status = duplicates.has(write.opId) ? 'duplicate' : refusal.status
      return { opId: write.opId, status, failure: refusal.failure }
    })
  }

  /** One call. Whole calls refused with 400 or 413 are halved, so that one bad row does not take the others with it. */
  const call = async (group: Group, writes: readonly RowWrite[], body: readonly unknown[]): Promise<RowOutcome[]> => {
    const { resource, operation } = group
    const method = methods[operation]
    const { envelope } = await api.send({
      method,
      path: resource.path,
      body,
      repeatable: isRepeatable(group, writes),
      expects: 'results',
    })
    if (envelope.status === 200) return toOutcomes(group, writes, envelope.results ?? [])
    const error = callError(api.name, `${method} ${resource.path}`, envelope.status, envelope)
    if (error.kind !== 'recordRejected') throw error
    if (writes.length === 1) return [{ opId: writes[0]!.opId, status: 'rejected', failure: toFailure(error) }]
    const middle = Math.ceil(writes.length / 2)
    return [
      ...(await attempt(group, writes.slice(0, middle), body.slice(0, middle))),
      ...(await attempt(group, writes.slice(middle), body.slice(middle))),
    ]
  }

  const failed = (writes: readonly RowWrite[], error: unknown): RowOutcome[] => {
    const failure = toFailure(error)
    return writes.map(({ opId }) => ({ opId, status: failure.kind === 'inDoubt' ? 'inDoubt' : 'rejected', failure }))
  }

  /** As `call`, with every error as the outcome of the rows. */
  const attempt = (group: Group, writes: readonly RowWrite[], body: readonly unknown[]): Promise<RowOutcome[]> =>
    call(group, writes, body).catch((error: unknown) => failed(writes, error))

  return {
    async writeRows(writes) {
      const outcomes: RowOutcome[] = []
      let calls = 0
      for (const group_ of group(api, writes)) {
        const named: { write: RowWrite; wire: unknown }[] = []
        for (const write of group_.writes) {
          const wire = toWire(group_.resource, group_.operation, write, config)
          if (wire !== undefined) named.push({ write, wire })
          else
            outcomes.push({ opId: write.opId, status: 'rejected', failure: unnamed(labelOf(group_.resource, write)) })
        }
        for (let from = 0; from < named.length; from += config.batchSize) {
          const batch = named.slice(from, from + config.batchSize)
          const batchWrites = batch.map(({ write }) => write)
          const body = batch.map(({ wire }) => wire)
          calls++
          try {
            outcomes.push(...(await call(group_, batchWrites, body)))
          } catch (error) {
            // Nothing was done yet in this call of ours: the connection's trouble is the caller's to see as such.
            if (calls === 1 && isSyncError(error) && error.kind !== 'inDoubt') throw error
            outcomes.push(...failed(batchWrites, error))
          }
        }
      }
      return outcomes
    },
  }
}
