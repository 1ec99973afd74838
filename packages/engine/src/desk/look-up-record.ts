import {
  type EntityPlugin,
  type Message,
  type SystemId,
  type WireRecord,
  canList,
  canReadByKeys,
  codeKey,
} from '@amis-sync/core'
import { connectionTo, settingsOf } from '../flow/tenant-context.ts'
import { decodeRow, resourceOfRow } from '../pure/plugin-view.ts'
import { unlinkedVerdict } from '../pure/unlinked-verdict.ts'
import type { FoundRecord } from '../pure/why-facts.ts'
import type { DeskHost } from './desk-host.ts'

export interface LookUpRequest {
  readonly entity: string
  readonly key: string
}

export interface LookedUp {
  readonly found: readonly FoundRecord[]
  readonly asked: readonly SystemId[]
}

/** So many pages of a table that cannot be read by code are looked through for one record. */
const mostPages = 20

/** Asks both sides about a record that the registry does not know, and says what the rules make of it. Changes nothing. */
export async function lookUpRecord(host: DeskHost, { entity, key }: LookUpRequest): Promise<LookedUp> {
  const { context } = host
  const plugin = context.plugins.find(({ id }) => id === entity)
  const found: FoundRecord[] = []
  const asked: SystemId[] = []
  for (const side of plugin?.sides ?? []) {
    const rows = await rowsNamed(host, plugin!, side, key)
    if (rows === undefined) continue
    asked.push(side)
    found.push(...rows.map((row) => reading(host, plugin!, side, row)))
  }
  return { found, asked }
}

/** `undefined` = the side cannot be asked for it. */
async function rowsNamed(
  { context }: DeskHost,
  plugin: EntityPlugin,
  side: SystemId,
  key: string,
): Promise<WireRecord[] | undefined> {
  const connection = connectionTo(context, side)
  const rows: WireRecord[] = []
  let asked = false
  for (const resource of new Set(plugin.wire[side]!.resources.map((one) => one.resource))) {
    if (canReadByKeys(connection) && connection.keyed.has(resource)) {
      asked = true
      rows.push(...(await connection.readByKeys(resource, [key])))
    } else if (canList(connection)) {
      asked = true
      let cursor: string | undefined
      for (let page = 0; page < mostPages; page += 1) {
        const { records, next } = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
        const hit = records.filter((one) => one.key !== undefined && codeKey(one.key) === codeKey(key))
        rows.push(...hit)
        if (hit.length > 0 || next === undefined) break
        cursor = next
      }
    }
  }
  return asked ? rows : undefined
}

function reading({ context }: DeskHost, plugin: EntityPlugin, side: SystemId, row: WireRecord): FoundRecord {
  const at = { side, resource: row.resource, id: row.id }
  const resource = resourceOfRow(plugin.wire[side]!, row)
  if (!resource) {
    const told = plugin.wire[side]!.resources.find((one) => one.resource === row.resource && one.otherwise)?.otherwise
    return { ...at, ours: false, text: told ?? notThisType(plugin.labels) }
  }
  try {
    const record = decodeRow(resource, row)
    return { ...at, ours: true, text: unlinkedVerdict(plugin, settingsOf(context, plugin), side, record) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      ...at,
      ours: true,
      text: { vi: `Không hiểu được giá trị: ${why}.`, en: `A value is not understood: ${why}.` },
    }
  }
}

function notThisType({ vi, en }: Message): Message {
  return { vi: `bản ghi không thuộc loại "${vi}".`, en: `the record is none of "${en}".` }
}
