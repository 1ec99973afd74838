import { emitterOf } from '../model/emitters.ts'
import { asText, type JsonObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { isGuid } from '../model/text.ts'
import { actTime, wholeSecond } from '../model/time.ts'
import type { Answer, Call } from '../server/exchange.ts'
import { ALL_ON } from '../model/emitters.ts'
import { DICTIONARIES, EMPTY_DATA_TYPES, type Dictionary } from './dictionaries.ts'
import { ActFailure, success } from './envelope.ts'
import { listAnswer, momentOf, pageOf } from './paging.ts'

function dictionaryToRead(call: Call, body: JsonObject): Dictionary | null {
  const type = body['data_type']
  if (EMPTY_DATA_TYPES.some((empty) => empty === type)) return null
  const dictionary = DICTIONARIES.find(({ read, flag }) => read === type && (!flag || call.on(flag)))
  if (!dictionary) throw new ActFailure('InvalidParam', 'data_type')
  return dictionary
}

function emitRows(call: Call, entity: string, rows: readonly Row[]): string[] {
  const emit = emitterOf(call.tenant.tables.accounting.resource(entity) as Resource, '', ALL_ON, actTime)
  return rows.map((row) => emit(row, call.reader))
}

/** `get_dictionary` */
export function listDictionary(call: Call, body: JsonObject): Answer {
  const dictionary = dictionaryToRead(call, body)
  const page = pageOf(body)
  const from = momentOf(body, 'last_sync_time') ?? undefined
  if (!dictionary) return listAnswer(call, [])
  const table = call.tenant.tables.accounting.table(dictionary.entity)
  const { rows } = table.select({ order: 'modified', from, ...page, asOf: call.reader.asOf })
  return listAnswer(call, emitRows(call, dictionary.entity, rows), table)
}

/** `get_dictionary_delete` */
export function listDeletedDictionary(call: Call, body: JsonObject): Answer {
  const dictionary = dictionaryToRead(call, body)
  const { skip, take } = pageOf(body)
  const since = momentOf(body, 'last_sync_time')
  if (!dictionary) return listAnswer(call, [])
  const { accounting } = call.tenant.tables
  const { key = '' } = accounting.resource(dictionary.entity) as Resource
  const { rows } = accounting.table(dictionary.entity).selectDeleted(since, skip, take, call.reader.asOf)
  const texts = rows.map((row) =>
    JSON.stringify({
      data_type: dictionary.read,
      id: row.id,
      code: row[key],
      deleted_date: actTime(row.deleted_at ?? 0),
    }),
  )
  return listAnswer(call, texts)
}

/** Lists that are always empty here. */
export function listNothing(call: Call, body: JsonObject): Answer {
  pageOf(body)
  momentOf(body, 'last_sync_time')
  return listAnswer(call, [])
}

function guidOf(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined
  if (value === undefined || value === '') return undefined
  if (!isGuid(value)) throw new ActFailure('InvalidParam', name)
  return value.toLowerCase()
}

/** `get_list_acc_obj_debt`: what customers owe, positive; honours the watermark. */
export function listDebts(call: Call, body: JsonObject): Answer {
  const type = body['data_type'] ?? 0
  if (type !== 0 && type !== 1) throw new ActFailure('InvalidParam', 'data_type')
  const { skip, take } = pageOf(body)
  const from = momentOf(body, 'last_sync_time') ?? undefined
  const branch = guidOf(body, 'branch_id')
  if (type === 1) return listAnswer(call, [])
  const table = call.tenant.tables.accounting.table('Debts')
  const asOf = call.reader.asOf
  if (branch === undefined) {
    const { rows } = table.select({ order: 'natural', from, skip, take, asOf })
    return listAnswer(call, emitRows(call, 'Debts', rows), table)
  }
  const all = table.select({ order: 'natural', from, skip: 0, take: Number.MAX_SAFE_INTEGER, asOf }).rows
  const rows = all.filter((row) => row['unit_ref'] === branch).slice(skip, skip + take)
  return listAnswer(call, emitRows(call, 'Debts', rows), table)
}

/** `get_list_inventory_balance`: always the full list, `last_sync_time` has no effect. */
export function listBalances(call: Call, body: JsonObject): Answer {
  const { skip, take } = pageOf(body)
  momentOf(body, 'last_sync_time')
  const stock = guidOf(body, 'stock_id')
  const branch = guidOf(body, 'branch_id')
  const table = call.tenant.tables.accounting.table('Balances')
  const asOf = call.reader.asOf
  if (stock === undefined && branch === undefined) {
    return listAnswer(
      call,
      emitRows(call, 'Balances', table.select({ order: 'natural', skip, take, asOf }).rows),
      table,
    )
  }
  const inBranch = (row: Row): boolean =>
    call.reader.row('Stocks', row['stock_ref'])?.['organization_unit_code_ref'] === branch
  const rows = table
    .select({ order: 'natural', skip: 0, take: Number.MAX_SAFE_INTEGER, asOf })
    .rows.filter(
      (row) => (stock === undefined || row['stock_ref'] === stock) && (branch === undefined || inBranch(row)),
    )
  return listAnswer(call, emitRows(call, 'Balances', rows.slice(skip, skip + take)), table)
}

/** `get_company_info` */
export function companyInfo(call: Call): Answer {
  const units = [...call.tenant.tables.accounting.table('OrganizationUnits').live('modified')]
  const name = (row: Row): string => asText(row['organization_unit_name'])
  const company = units.find((row) => row['organization_unit_type_id'] === 1)
  const branches = units
    .filter((row) => row['organization_unit_type_id'] === 1 || row['organization_unit_type_id'] === 2)
    .map((row) => ({ organization_unit_code: row['organization_unit_code'], organization_unit_name: name(row) }))
    .toSorted((a, b) => (asText(a.organization_unit_code) < asText(b.organization_unit_code) ? -1 : 1))
  const { org_company_code: code } = call.tenant.credentials.accounting
  return success(
    JSON.stringify({
      company_name: company ? name(company) : `Công ty ${code}`,
      company_tax_code: '0100109106',
      branches,
    }),
  )
}

/** `get_call_back_detail_error` */
export function errorList(call: Call, body: JsonObject): Answer {
  const from = momentOf(body, 'from_date') ?? Number.NEGATIVE_INFINITY
  const to = momentOf(body, 'to_date') ?? Number.POSITIVE_INFINITY
  const { skip, take } = pageOf(body)
  const rows = call.tenant.outbox.lost
    .between(from, to)
    .slice(skip, skip + take)
    .map(({ created_at, ...row }) => JSON.stringify({ ...row, created_date: actTime(wholeSecond(created_at)) }))
  return listAnswer(call, rows)
}
