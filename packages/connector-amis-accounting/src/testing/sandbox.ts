import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Received } from '@amis-sync/core'
import { startSandbox } from '@amis-sync/sandbox'
import { configSchema } from '../config.ts'
import { openConnection } from '../connector.ts'
import type { AccountingConnection } from '../connector.ts'
import { callbackAnswer } from '../envelope.ts'
import { testContext } from './context.ts'
import type { Json } from './scripted-act.ts'

/** A connection to a sandbox of its own, with a receiver for callbacks. */
export interface Bench {
  readonly connection: AccountingConnection
  readonly context: ReturnType<typeof testContext>
  /** What trusted callbacks said, oldest first; and the codes of refused ones. */
  readonly received: Received[]
  readonly refused: string[]
  /** Calls the admin interface (contract §5.3). */
  admin(method: string, path: string, body?: unknown): Promise<Json>
  act(command: Json): Promise<Json>
  faults(...rules: Json[]): Promise<Json>
  /** Applies ACT's queue and delivers everything that waits. */
  flush(): Promise<Json>
  /** Calls that arrived since the last time this was asked: `get_dictionary` → 3. */
  routes(): Promise<Record<string, number>>
  open(config?: Json): AccountingConnection
  close(): Promise<void>
}

export async function startBench(options: { readonly callbacks?: boolean } = {}): Promise<Bench> {
  const sandbox = await startSandbox()
  const context = testContext()
  const received: Received[] = []
  const refused: string[] = []
  const connections: AccountingConnection[] = []

  const open = (config: Json = {}): AccountingConnection => {
    const identity = { appId: 'demo-app', accessCode: 'demo-access', orgCompanyCode: 'demo' }
    const connection = openConnection(configSchema.parse({ baseUrl: sandbox.url, ...identity, ...config }), context)
    connections.push(connection)
    return connection
  }
  const connection = open()

  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      try {
        received.push(connection.receive({ headers: {}, body: Buffer.concat(chunks), receivedAt: Date.now() }))
        response.writeHead(200).end(JSON.stringify(callbackAnswer(true)))
      } catch (error) {
        refused.push((error as { code: string }).code)
        response.writeHead(401).end()
      }
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))

  const admin = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const answer = (await (await fetch(`${sandbox.url}/__sandbox${path}`, init)).json()) as Json
    if (answer['ok'] !== true) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  if (options.callbacks !== false) {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    await admin('PUT', '/delivery', { accountingCallback: { url } })
  }

  return {
    connection,
    context,
    received,
    refused,
    admin,
    act: (command) => admin('POST', '/act', { system: 'accounting', ...command }),
    faults: (...rules) =>
      admin('PUT', '/faults', { seed: 1, rules: rules.map((rule) => ({ system: 'accounting', ...rule })) }),
    flush: () => admin('POST', '/deliveries/flush', {}),
    async routes() {
      const { routes } = (await admin('GET', '/requests')) as { routes: Record<string, number> }
      await admin('DELETE', '/requests')
      return Object.fromEntries(Object.entries(routes).map(([route, count]) => [route.split('/').at(-1)!, count]))
    },
    open,
    async close() {
      for (const one of connections) await one.close()
      await new Promise<void>((resolve) => {
        receiver.close(() => resolve())
        receiver.closeAllConnections()
      })
      await sandbox.close()
    },
  }
}

/** Every page of a listing. */
export async function readAll(connection: AccountingConnection, resource: string) {
  const records: Awaited<ReturnType<AccountingConnection['listPage']>>['records'][number][] = []
  let watermark: string | undefined
  let cursor: string | undefined
  do {
    const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
    watermark ??= page.watermark
    records.push(...page.records)
    cursor = page.next
  } while (cursor !== undefined)
  return { records, watermark: watermark! }
}
