import { fault } from '../model/fault.ts'
import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import { readColumns } from '../model/read-columns.ts'
import type { Draft, Resource } from '../model/resource.ts'
import type { Row, RowDraft } from '../model/row.ts'
import type { Table } from '../model/table.ts'
import { codeKey } from '../model/text.ts'
import { Refusal, type Answer, type Call } from '../server/exchange.ts'
import { leaveRows } from '../server/list-faults.ts'
import { dataAnswer, refused } from './answers.ts'
import { compareOptional } from './goods.ts'
import { emitRows, pageOf } from './read.ts'
import { handleRows } from './write.ts'

/** A filter of a listing of pairs: rows with that reference. */
interface Filter {
  readonly table: string
  readonly column: string
  readonly id: number | string | null
}

function byCode(call: Call, parameter: string, table: string, column: string): Filter | undefined {
  const code = call.query.get(parameter)
  if (code === null || code === '') return undefined
  return { table, column, id: call.tenant.tables.crm.table(table).find(codeKey(code))?.id ?? null }
}

/** Rows that pass the filters, in order. `leading` is the column by which the listing is sorted first. */
function filtered(call: Call, table: Table, filters: readonly Filter[], leading: string): Row[] {
  const matches = (row: Row): boolean => filters.every((filter) => row[filter.column] === filter.id)
  const first = filters.find((filter) => filter.column === leading)
  const { asOf } = call.reader
  if (!first || asOf !== undefined) {
    return table.select({ order: 'natural', skip: 0, take: Number.MAX_SAFE_INTEGER, asOf }).rows.filter(matches)
  }
  if (first.id === null) return []
  const { crm } = call.tenant.tables
  const { key = '' } = crm.resource(first.table) as Resource
  const codeOf = (id: Json): string | undefined => {
    return id === undefined ? undefined : asText(crm.table(first.table).get(id as number)?.[key])
  }
  const wanted = codeOf(first.id)
  return table.range('natural', (row) => compareOptional(codeOf(row[leading]), wanted)).filter(matches)
}

function listPairs(call: Call, name: string, filters: readonly Filter[], leading: string): Answer {
  const resource = call.tenant.tables.crm.resource(name) as Resource
  const table = call.tenant.tables.crm.table(name)
  const { skip, take } = pageOf(call)
  const found =
    filters.length === 0
      ? table.select({ order: 'natural', skip, take, asOf: call.reader.asOf })
      : paged(filtered(call, table, filters, leading), skip, take)
  const { rows, cut } = leaveRows(call, found.rows)
  return { ...dataAnswer(emitRows(call, resource, rows), cut ? undefined : found.total), listed: table }
}

function paged(rows: Row[], skip: number, take: number): { rows: Row[]; total: number } {
  return { rows: rows.slice(skip, skip + take), total: rows.length }
}

/** `GET /Stocks/product_ledger` (§1.5.9) */
export function listLedger(call: Call): Answer {
  const stock = call.query.get('stockID')
  if (stock && !/^-?\d{1,15}$/.test(stock)) throw new Refusal(400, 'stockID must be a whole number')
  const filters = [
    stock ? { table: 'Stocks', column: 'stock_code_ref', id: Number(stock) } : undefined,
    byCode(call, 'stockCode', 'Stocks', 'stock_code_ref'),
    byCode(call, 'productCode', 'Products', 'product_code_ref'),
  ]
  return listPairs(
    call,
    'ProductLedger',
    filters.filter((filter) => filter !== undefined),
    'product_code_ref',
  )
}

/** `GET /CustomerDebts` (§1.5.10) */
export function listDebts(call: Call): Answer {
  const filters = [
    byCode(call, 'account_number', 'Customers', 'account_number_ref'),
    byCode(call, 'contact_code', 'Contacts', 'contact_code_ref'),
  ]
  return listPairs(
    call,
    'CustomerDebts',
    filters.filter((filter) => filter !== undefined),
    'account_number_ref',
  )
}

/** `POST /Stocks/product_ledger`: sets quantities on hand */
export function setLedger(call: Call): Answer {
  return setPairs(call, 'ProductLedger', (draft, input) => {
    if (input['as_of'] === undefined) draft['as_of'] = undefined
    return []
  })
}

/** `POST /CustomerDebts`: sets what a customer owes to a branch */
export function setDebts(call: Call): Answer {
  return setPairs(call, 'CustomerDebts', (draft) => {
    const account = draft['account_number_ref']
    const contact = draft['contact_code_ref']
    return (account === undefined) === (contact === undefined) ? [fault('account_number', 'invalid')] : []
  })
}

type Check = (draft: Draft, input: JsonObject) => ReturnType<typeof fault>[]

function setPairs(call: Call, name: string, check: Check): Answer {
  const { crm } = call.tenant.tables
  const resource = crm.resource(name) as Resource
  const table = crm.table(name)
  const now = call.tenant.clock.at('crm')
  return handleRows(call, (item, index) => {
    if (!isObject(item)) return refused(index, [fault('', 'invalid')])
    const { given, faults } = readColumns(resource.columns, item, { world: crm.world(call.on), creating: true })
    if (faults.length === 0) faults.push(...check(given, item))
    if (faults.length > 0) return refused(index, faults)
    const before = table.find(table.shape.uniques[0]?.key(given as unknown as Row) ?? '')
    const stamps: RowDraft = { created_date: now, modified_date: now, created_by: 'API', modified_by: 'API' }
    if (before) table.replace(before, { ...before, ...given, modified_date: now })
    else table.insert({ ...given, ...stamps })
    return { index }
  })
}
