import { emitterOf, ALL_ON } from '../model/emitters.ts'
import type { Resource } from '../model/resource.ts'
import { compareIds, type Row } from '../model/row.ts'
import type { Table } from '../model/table.ts'
import { isGuid } from '../model/text.ts'
import { isoTime, parseMoment } from '../model/time.ts'
import { Refusal, type Answer, type Call } from '../server/exchange.ts'
import { leaveRows } from '../server/list-faults.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/** Where a page ended. */
interface Cursor {
  readonly modified: number
  readonly id: string
}

function limitOf(call: Call): number {
  const text = call.query.get('limit')
  if (text === null) return DEFAULT_LIMIT
  if (!/^-?\d{1,15}$/.test(text) || Number(text) < 1) throw new Refusal(400, 'limit must be a whole number from 1')
  return Math.min(Number(text), MAX_LIMIT)
}

function cursorOf(call: Call, entity: string): Cursor | undefined {
  const text = call.query.get('cursor')
  if (text === null) return undefined
  const match = /^\w+ (-?\d{1,16}) ([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString('utf8'))
  if (!match || !isGuid(match[2]) || encode(entity, { modified: Number(match[1]), id: match[2] }) !== text)
    throw new Refusal(400, 'cursor is unknown')
  return { modified: Number(match[1]), id: match[2] }
}

/** A cursor belongs to one list; given to the other it is wrong. */
function encode(entity: string, { modified, id }: Cursor): string {
  return Buffer.from(`${entity} ${modified} ${id}`).toString('base64url')
}

function sinceOf(call: Call): number | undefined {
  const text = call.on('modifiedFrom') ? call.query.get('modifiedFrom') : null
  if (text === null) return undefined
  const ms = parseMoment(text, false)
  if (ms === null) throw new Refusal(400, 'modifiedFrom must be a time with offset')
  return ms
}

function emitItems(call: Call, entity: string, rows: readonly Row[]): string[] {
  const emit = emitterOf(call.tenant.tables.system.resource(entity) as Resource, '', ALL_ON, isoTime)
  return rows.map((row) => emit(row, call.reader))
}

/** `GET /organization-units`, `GET /employees` */
export function listItems(call: Call, entity: string): Answer {
  const limit = limitOf(call)
  const cursor = cursorOf(call, entity)
  const since = cursor ? undefined : sinceOf(call)
  const table = call.tenant.tables.system.table(entity)
  const found = pageBehind(table, cursor, since, limit + 1, call.reader.asOf)
  const more = found.length > limit
  const { rows, cut } = leaveRows(call, found.slice(0, limit))
  const last = rows.at(-1)
  const next = more && !cut && last ? encode(entity, { modified: last.modified_date, id: String(last.id) }) : null
  const deleted =
    since === undefined || call.fault?.kind === 'empty' ? [] : deletedSince(table, since, call.reader.asOf)
  const serverTime = isoTime(call.reader.asOf ?? call.now)
  const rest = JSON.stringify({ nextCursor: next, serverTime, deleted }).slice(1)
  return { status: 200, body: `{"items":[${emitItems(call, entity, rows).join(',')}],${rest}`, listed: table }
}

function pageBehind(
  table: Table,
  cursor: Cursor | undefined,
  since: number | undefined,
  take: number,
  asOf?: number,
): Row[] {
  if (!cursor) return table.select({ order: 'modified', from: since, skip: 0, take, asOf }).rows
  const behind = (row: Row): boolean => (row.modified_date - cursor.modified || compareIds(row.id, cursor.id)) > 0
  if (asOf !== undefined) {
    const all = table.select({
      order: 'modified',
      from: cursor.modified,
      skip: 0,
      take: Number.MAX_SAFE_INTEGER,
      asOf,
    }).rows
    return all.filter(behind).slice(0, take)
  }
  return table.behind(behind, take)
}

function deletedSince(
  table: Table,
  since: number,
  asOf?: number,
): { id: Row['id']; code: unknown; deletedAt: string }[] {
  const { rows } = table.selectDeleted(since, 0, Number.MAX_SAFE_INTEGER, asOf)
  return rows.map((row) => ({ id: row.id, code: row['code'], deletedAt: isoTime(row.deleted_at ?? 0) }))
}

/** `GET /organization-units/{id}`, `GET /employees/{id}` */
export function readItem(call: Call, entity: string, id: string): Answer {
  const row = isGuid(id) ? call.reader.row(entity, id.toLowerCase()) : undefined
  if (!row || row.deleted_at !== undefined) throw new Refusal(404, `no item ${id}`)
  return { status: 200, body: emitItems(call, entity, [row])[0] ?? '{}' }
}
