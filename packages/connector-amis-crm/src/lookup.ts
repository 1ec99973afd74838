import { codeKey } from '@amis-sync/core'
import type { Row, WireRecord } from '@amis-sync/core'
import { faultError } from '@amis-sync/http-client'
import type { CrmApi, RowsAnswer } from './api.ts'
import { toId } from './envelope.ts'
import { unknownResource } from './errors.ts'
import { readWhole } from './read-whole.ts'
import { findResource } from './resources.ts'
import type { Resource } from './resources.ts'
import { looksNeeded } from './walk.ts'
import { toWireRecord } from './wire-record.ts'

const mostPerRequest = 100
/** Vietnamese codes grow ninefold when encoded; servers take about 8 kB of address. */
const longestQuery = 6_000

function split(values: readonly string[]): string[][] {
  const chunks: string[][] = []
  let length = 0
  for (const value of values) {
    const cost = encodeURIComponent(value).length + 16
    const chunk = chunks.at(-1)
    if (chunk === undefined || chunk.length >= mostPerRequest || length + cost > longestQuery) {
      chunks.push([value])
      length = cost
    } else {
      chunk.push(value)
      length += cost
    }
  }
  return chunks
}

/** The resource, if the connection may use it in this way. Throws `RESOURCE_UNKNOWN`. */
export function needResource(api: CrmApi, name: string, fits: (resource: Resource) => boolean): Resource {
  const resource = findResource(name)
  if (resource === undefined || !fits(resource)) throw unknownResource(api.name, name)
  return resource
}

/** Rows as records; a row without an id makes the answer malformed. */
export function toRecords(api: CrmApi, resource: Resource, rows: readonly Row[]): WireRecord[] {
  return rows.map((row) => {
    const record = toWireRecord(resource, row)
    if (record !== undefined) return record
    throw faultError(
      'MALFORMED_ANSWER',
      { name: api.name, route: `GET ${resource.path}`, repeatable: true },
      { detail: { why: 'row without id' } },
    )
  })
}

export async function rowsByKeys(api: CrmApi, resource: Resource, keys: readonly string[]): Promise<Row[]> {
  const unique = [...new Map(keys.filter((key) => codeKey(key) !== '').map((key) => [codeKey(key), key])).values()]
  const query = resource.keyQuery ?? 'code'
  const ask = async (chunk: readonly string[]): Promise<RowsAnswer> => {
    let answer = await api.rows(`${resource.path}/code`, { [query]: chunk })
    // None of them there is an everyday answer; one that hides its total is not.
    for (let looks = 1; answer.rows.length === 0 && answer.doubtful && looks < looksNeeded(true); looks++) {
      answer = await api.rows(`${resource.path}/code`, { [query]: chunk })
    }
    return answer
  }
  const answers = await Promise.all(split(unique).map(ask))
  return answers.flatMap((answer) => answer.rows)
}

/** Documents whose lines are missing in a listing are read again by their code (contract §1.2). */
export async function completeLines(api: CrmApi, resource: Resource, rows: readonly Row[]): Promise<readonly Row[]> {
  const { linesColumn, keyColumn } = resource
  if (linesColumn === undefined || keyColumn === undefined) return rows
  const bare = rows.filter((row) => !Array.isArray(row[linesColumn]))
  if (bare.length === 0) return rows
  const keys = bare.map((row) => row[keyColumn]).filter((key) => typeof key === 'string')
  const whole = new Map((await rowsByKeys(api, resource, keys)).map((row) => [toId(row['id']), row]))
  return rows.map((row) => (Array.isArray(row[linesColumn]) ? row : (whole.get(toId(row['id'])) ?? row)))
}

export interface Lookup {
  readByIds(resource: string, ids: readonly string[]): Promise<readonly WireRecord[]>
  readByKeys(resource: string, keys: readonly string[]): Promise<readonly WireRecord[]>
}

export function createLookup(api: CrmApi): Lookup {
  /** All gone at once is rather an empty answer that claims success: it proves nothing until the total says so, or it is given again. */
  const chunkByIds = async (resource: Resource, ids: readonly string[]): Promise<readonly Row[]> => {
    for (let looks = 1; ; looks++) {
      const { rows, total, doubtful } = await api.rows(`${resource.path}/id`, { ids })
      if (rows.length > 0 || total === 0 || looks >= looksNeeded(doubtful)) return rows
    }
  }

  return {
    async readByIds(name, ids) {
      const resource = needResource(api, name, (found) => found.listing !== 'plain')
      const wanted = new Set(ids.filter((id) => /^\d{1,15}$/.test(id)).map((id) => String(Number(id))))
      if (wanted.size === 0) return []
      if (resource.listing === 'whole') {
        const { rows } = await readWhole(api, resource)
        return toRecords(api, resource, rows).filter((record) => wanted.has(record.id))
      }
      const found = await Promise.all(split([...wanted]).map((chunk) => chunkByIds(resource, chunk)))
      const records = toRecords(api, resource, await completeLines(api, resource, found.flat()))
      return records.filter((record) => wanted.has(record.id))
    },
    async readByKeys(name, keys) {
      const resource = needResource(api, name, (found) => found.keyColumn !== undefined)
      return toRecords(api, resource, await rowsByKeys(api, resource, keys))
    },
  }
}
