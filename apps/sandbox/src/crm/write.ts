import type { FaultCode } from '../model/fault.ts'
import { fault } from '../model/fault.ts'
import { asText, isObject, type Json } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { deleteRow, writeRow } from '../model/write-row.ts'
import { Refusal, type Answer, type Call } from '../server/exchange.ts'
import { failingRows } from '../server/list-faults.ts'
import { refused, resultsAnswer, type RowResult } from './answers.ts'
import { crmChanged } from './events.ts'

const MAX_ROWS = 100

/** Handles the rows of a write in order, each on its own (§1.3). */
export function handleRows(call: Call, handle: (item: Json, index: number) => RowResult): Answer {
  if (call.malformed || !Array.isArray(call.body)) throw new Refusal(400, 'the body must be an array')
  if (call.body.length > MAX_ROWS) throw new Refusal(400, `at most ${MAX_ROWS} rows`)
  const failing = failingRows(call, call.body.length)
  const code = asText(call.fault?.params['code'] ?? 'exception')
  const results = (call.body as Json[]).map((item, index) =>
    failing.has(index) ? refused(index, [{ field: '', code }]) : handle(item, index),
  )
  if (call.fault?.kind === 'reorderResults') results.reverse()
  return resultsAnswer(results, call.on('rowErrorCodes'))
}

/** `POST /{Resource}` */
export function createRows(call: Call, resource: Resource): Answer {
  return handleRows(call, (item, index) => {
    if (!isObject(item)) return refused(index, [fault('', 'invalid')])
    return store(call, resource, null, item, index)
  })
}

/** `PUT /{Resource}` */
export function updateRows(call: Call, resource: Resource): Answer {
  return handleRows(call, (item, index) => {
    if (!isObject(item)) return refused(index, [fault('', 'invalid')])
    const before = rowToChange(call, resource, item)
    return 'code' in before
      ? refused(index, [before as { field: string; code: string }])
      : store(call, resource, before, item, index)
  })
}

/** `DELETE /{Resource}`: ids, or `async_id` texts for Stocks */
export function deleteRows(call: Call, resource: Resource): Answer {
  const { crm } = call.tenant.tables
  const table = crm.table(resource.name)
  return handleRows(call, (item, index) => {
    const byText = resource.name === 'Stocks'
    const field = byText ? 'async_id' : 'id'
    if (byText ? typeof item !== 'string' : !Number.isSafeInteger(item))
      return refused(index, [fault(field, 'invalid')])
    const row = byText ? table.find(asText(item).trim().toLowerCase(), 1) : table.get(item as number)
    const gone = byText ? table.hadOnce(asText(item).trim().toLowerCase(), 1) : row?.deleted_at !== undefined
    if (!row || row.deleted_at !== undefined) return refused(index, [fault(field, gone ? 'deleted' : 'not_found')])
    const deleted = deleteRow(crm, resource, row, crm.world(call.on))
    if (deleted === 'in_use') return refused(index, [fault(field, 'in_use')])
    crmChanged(call.tenant, resource, deleted, 'deleted')
    return { index, id: row.id }
  })
}

function store(
  call: Call,
  resource: Resource,
  before: Row | null,
  item: { readonly [key: string]: Json },
  index: number,
): RowResult {
  const { crm } = call.tenant.tables
  const author = {
    world: crm.world(call.on),
    person: false,
    now: call.tenant.clock.at('crm'),
    counters: call.tenant.counters,
  }
  const written = writeRow(crm, resource, before, item, author)
  if (written.faults) return refused(index, written.faults)
  if (written.change !== 'none') crmChanged(call.tenant, resource, written.row, written.change)
  return { index, id: written.row.id }
}

function rowToChange(
  call: Call,
  resource: Resource,
  item: { readonly [key: string]: Json },
): Row | { field: string; code: FaultCode } {
  const table = call.tenant.tables.crm.table(resource.name)
  const id = item['id'] ?? undefined
  const asyncId = resource.name === 'Stocks' ? (item['async_id'] ?? undefined) : undefined
  if (id === undefined && asyncId === undefined) return fault('id', 'required')
  if (id === undefined) {
    if (typeof asyncId !== 'string') return fault('async_id', 'invalid')
    const key = asyncId.trim().toLowerCase()
    return table.find(key, 1) ?? fault('async_id', table.hadOnce(key, 1) ? 'deleted' : 'not_found')
  }
  if (!Number.isSafeInteger(id)) return fault('id', 'invalid')
  const row = table.get(id as number)
  if (!row) return fault('id', 'not_found')
  return row.deleted_at === undefined ? row : fault('id', 'deleted')
}
