import type {
  Connection,
  ListsPages,
  ReadsByIds,
  ReadsByKeys,
  ReadsChanges,
  RowWrite,
  WireRecord,
  WritesRows,
} from '@amis-sync/core'
import { createTestClock, createTestLogger, noJitter } from '@amis-sync/http-client/testing'
import type { TestClock } from '@amis-sync/http-client/testing'
import { configSchema } from '../config.ts'
import { connector } from '../connector.ts'

export type FullConnection = Connection & ListsPages & ReadsChanges & ReadsByIds & ReadsByKeys & WritesRows

/** A connection with everything, to any server. Sleeping takes no time. */
export function openConnection(
  baseUrl: string,
  settings: Record<string, unknown> = {},
): { connection: FullConnection; clock: TestClock } {
  const config = configSchema.parse({
    baseUrl,
    clientId: 'demo',
    clientSecret: 'demo-crm-secret',
    timeoutMs: 2_000,
    ...settings,
  })
  const clock = createTestClock()
  const logger = createTestLogger()
  const connection = connector.open(config, { tenant: 'demo', clock, random: noJitter, logger })
  return { connection: connection as FullConnection, clock }
}

/** Every page of a listing. */
export async function listAll(
  connection: FullConnection,
  resource: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<{ records: WireRecord[]; watermark: string | undefined; pages: number }> {
  const records: WireRecord[] = []
  let cursor: string | undefined
  let watermark: string | undefined
  for (let pages = 1; ; pages++) {
    const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
    records.push(...page.records)
    watermark ??= page.watermark
    cursor = page.next
    if (cursor === undefined) return { records, watermark, pages }
    await between()
  }
}

/** Every page of a poll. */
export async function pollAll(connection: FullConnection, resource: string, since: string) {
  const records: WireRecord[] = []
  const deleted: string[] = []
  let cursor: string | undefined
  let watermark: string | undefined
  do {
    const page = await connection.changesPage({ resource, since, ...(cursor === undefined ? {} : { cursor }) })
    records.push(...page.records)
    deleted.push(...page.deleted.map(({ id }) => id))
    watermark ??= page.watermark
    cursor = page.next
  } while (cursor !== undefined)
  return { records, deleted, watermark: watermark ?? since, ids: [...new Set(records.map(({ id }) => id))] }
}

/** A write with an id of its own. */
let count = 0
export function write(operation: RowWrite['operation'], resource: string, row: RowWrite['row'], id?: string): RowWrite {
  return { opId: `op${++count}`, operation, resource, row, ...(id === undefined ? {} : { id }) }
}
