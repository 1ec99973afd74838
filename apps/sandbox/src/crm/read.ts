import { asText } from '../model/json.ts'
import { emitterOf } from '../model/emitters.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import type { Order } from '../model/table.ts'
import { codeKey } from '../model/text.ts'
import { isoTime, parseMoment } from '../model/time.ts'
import { Refusal, type Answer, type Call } from '../server/exchange.ts'
import { leaveRows } from '../server/list-faults.ts'
import { dataAnswer } from './answers.ts'
import { PAIRS, RESOURCE_FLAGS } from './resources.ts'

const ORDERS: Readonly<Record<string, Order>> = { modified_date: 'modified', created_date: 'created', id: 'id' }
const MAX_PAGE = 100
const MAX_KEYS = 100

/** A whole number from the query; 400 for anything else. */
function wholeNumber(call: Call, name: string, fallback: number, least: number): number {
  const text = call.query.get(name)
  if (text === null) return fallback
  if (!/^-?\d{1,15}$/.test(text) || Number(text) < least)
    throw new Refusal(400, `${name} must be a whole number from ${least}`)
  return Number(text)
}

function moment(call: Call, name: string): number | undefined {
  const text = call.query.get(name)
  if (text === null) return undefined
  const ms = parseMoment(text, false)
  if (ms === null) throw new Refusal(400, `${name} must be a time with offset`)
  return ms
}

/** `page` and `pageSize` (§1.2). */
export function pageOf(call: Call): { skip: number; take: number } {
  const take = Math.min(wholeNumber(call, 'pageSize', 10, 1), MAX_PAGE)
  return { skip: wholeNumber(call, 'page', 0, 0) * take, take }
}

/** Rows as JSON text with the capabilities of the call. */
export function emitRows(call: Call, resource: Resource, rows: readonly Row[]): string[] {
  const emit = emitterOf(resource, call.tenant.capabilities.signature('crm'), call.on, isoTime)
  return rows.map((row) => emit(row, call.reader))
}

/** `GET /{Resource}` */
export function listResource(call: Call, resource: Resource): Answer {
  const table = call.tenant.tables.crm.table(resource.name)
  const orderBy = call.query.get('orderBy') ?? 'modified_date'
  const order = Object.hasOwn(ORDERS, orderBy) ? ORDERS[orderBy] : undefined
  if (!order) throw new Refusal(400, 'orderBy must be modified_date, created_date or id')
  const direction = call.query.get('isDescending') ?? 'true'
  if (direction !== 'true' && direction !== 'false') throw new Refusal(400, 'isDescending must be true or false')
  const from = call.on('modifiedFrom') ? moment(call, 'modifiedFrom') : undefined
  const page = resource.name === 'Stocks' ? { skip: 0, take: Number.MAX_SAFE_INTEGER } : pageOf(call)
  const found = table.select({ order, descending: direction === 'true', from, ...page, asOf: call.reader.asOf })
  const { rows, cut } = leaveRows(call, found.rows)
  return { ...dataAnswer(emitRows(call, resource, rows), cut ? undefined : found.total), listed: table }
}

/** Live rows found one by one: ascending id, each once. */
function answerFound(call: Call, resource: Resource, found: Iterable<Row | undefined>): Answer {
  const seen = new Map<Row['id'], Row>()
  for (const row of found) {
    const version = row && call.reader.row(resource.name, row.id)
    if (version && version.deleted_at === undefined) seen.set(version.id, version)
  }
  const sorted = [...seen.values()].toSorted((a, b) => Number(a.id) - Number(b.id))
  const { rows } = leaveRows(call, sorted, false)
  return dataAnswer(emitRows(call, resource, rows))
}

function keys(call: Call, name: string): string[] {
  const all = call.query.getAll(name)
  if (all.length > MAX_KEYS) throw new Refusal(400, `at most ${MAX_KEYS} of ${name}`)
  return all
}

/** `GET /{Resource}/id?ids=…` */
export function readByIds(call: Call, resource: Resource): Answer {
  const table = call.tenant.tables.crm.table(resource.name)
  const ids = keys(call, 'ids')
  if (!ids.every((id) => /^-?\d{1,15}$/.test(id))) throw new Refusal(400, 'ids must be whole numbers')
  return answerFound(
    call,
    resource,
    ids.map((id) => table.get(Number(id))),
  )
}

/** `GET /{Resource}/code?code=…`, and for Stocks `stockCode` */
export function readByCodes(call: Call, resource: Resource, parameter: string): Answer {
  const table = call.tenant.tables.crm.table(resource.name)
  const codes = keys(call, parameter)
  if (call.reader.asOf !== undefined && resource.key) return readByPastCodes(call, resource, codes)
  return answerFound(
    call,
    resource,
    codes.map((code) => table.find(codeKey(code))),
  )
}

function readByPastCodes(call: Call, resource: Resource, codes: readonly string[]): Answer {
  const wanted = new Set(codes.map(codeKey))
  const rows = call.tenant.tables.crm
    .table(resource.name)
    .rows.map((row) => call.reader.row(resource.name, row.id))
    .filter((row) => row !== undefined && wanted.has(codeKey(asText(row[resource.key ?? '']))))
  return answerFound(call, resource, rows)
}

/** `GET /Stocks/asyncid?async_ids=…` */
export function readByAsyncIds(call: Call, resource: Resource): Answer {
  const table = call.tenant.tables.crm.table(resource.name)
  const ids = keys(call, 'async_ids')
  return answerFound(
    call,
    resource,
    ids.map((id) => table.find(id.trim().toLowerCase(), 1)),
  )
}

/** `GET /deleted?entity=…` */
export function listDeleted(call: Call): Answer {
  const entity = call.query.get('entity') ?? ''
  const resource = call.tenant.tables.crm.resource(entity)
  const flag = RESOURCE_FLAGS[entity]
  if (!resource?.key || PAIRS.includes(entity) || (flag && !call.on(flag))) throw new Refusal(400, 'entity is unknown')
  const { key } = resource
  const { skip, take } = pageOf(call)
  const table = call.tenant.tables.crm.table(entity)
  const found = table.selectDeleted(moment(call, 'since') ?? null, skip, take, call.reader.asOf)
  const { rows, cut } = leaveRows(call, found.rows)
  const texts = rows.map((row) =>
    JSON.stringify({ entity, id: row.id, code: row[key], deleted_date: isoTime(row.deleted_at ?? 0) }),
  )
  return dataAnswer(texts, cut ? undefined : found.total)
}
