import type { Connection, ListsPages, ReadsByIds, ReadsChanges, WireRecord } from '@amis-sync/core'
import { createTestClock, createTestLogger, noJitter } from '@amis-sync/http-client/testing'
import type { TestClock } from '@amis-sync/http-client/testing'
import { startSandbox } from '@amis-sync/sandbox'
import { configSchema } from '../config.ts'
import { connector } from '../connector.ts'

export type FullConnection = Connection & ListsPages & ReadsChanges & ReadsByIds

/** Sleeping takes no time. */
export function openConnection(
  baseUrl: string,
  settings: Record<string, unknown> = {},
): { connection: FullConnection; clock: TestClock } {
  const config = configSchema.parse({
    baseUrl,
    clientId: 'demo',
    clientSecret: 'demo-system-secret',
    timeoutMs: 1_000,
    ...settings,
  })
  const clock = createTestClock()
  const context = { tenant: 'demo', clock, random: noJitter, logger: createTestLogger() }
  return { connection: connector.open(config, context) as FullConnection, clock }
}

export interface TestSandbox {
  readonly url: string
  admin<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
  /** Acts as a person in System; gives the row after the command. */
  act(command: Record<string, unknown>): Promise<Record<string, unknown>>
  faults(...rules: Record<string, unknown>[]): Promise<void>
  /** What arrived since the last call, token calls left out. */
  requests(): Promise<string[]>
  close(): Promise<void>
}

export async function openSandbox(): Promise<TestSandbox> {
  const sandbox = await startSandbox()
  const admin: TestSandbox['admin'] = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${sandbox.url}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const answer = (await response.json()) as T & { ok?: boolean }
    if (answer.ok !== true) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    url: sandbox.url,
    admin,
    async act(command) {
      const answer = await admin<{ record: Record<string, unknown> }>('POST', '/act', { system: 'system', ...command })
      return answer.record
    },
    async faults(...rules) {
      await admin('PUT', '/faults', { seed: 1, rules: rules.map((rule) => ({ system: 'system', ...rule })) })
    },
    async requests() {
      const { rows } = await admin<{ rows: { method: string; path: string }[] }>('GET', '/requests')
      await admin('DELETE', '/requests')
      return rows
        .map(({ method, path }) => `${method} ${path.split('?')[0]}`)
        .filter((route) => !route.endsWith('/token'))
    },
    close: () => sandbox.close(),
  }
}

export async function listAll(connection: FullConnection, resource: string, between?: () => Promise<unknown>) {
  const records: WireRecord[] = []
  let cursor: string | undefined
  let watermark: string | undefined
  do {
    const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
    records.push(...page.records)
    watermark ??= page.watermark
    cursor = page.next
    await between?.()
  } while (cursor !== undefined)
  return { records, watermark: watermark ?? '' }
}

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
  return { keys: records.map(({ key }) => key), deleted, watermark: watermark ?? since }
}
