import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSandbox, type Sandbox } from '../index.ts'

/** Parsed JSON of an answer; tests look into it freely. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any

/** An HTTP answer with its JSON body. */
interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Loose
}

/** A client of one sandbox that speaks for the tenant `demo`. */
export interface Driver {
  readonly url: string
  raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>
  admin(method: string, path: string, body?: unknown): Promise<Loose>
  act(command: object): Promise<Loose>
  crm(method: string, path: string, body?: unknown): Promise<Loose>
  crmRaw(method: string, path: string, body?: unknown): Promise<Answered>
  /** An ACT data call; gives the envelope with `data` and `custom` parsed. */
  acc(name: string, body?: object): Promise<Loose>
  sys(path: string): Promise<Answered>
  login(): Promise<void>
  /** Rows of one entity as `GET /state` gives them. */
  state(system: string, entity: string, key?: string): Promise<Loose[]>
  flush(): Promise<Loose>
  /** Seeds nothing, drops everything, and signs in again. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** A sandbox on a free port. */
export async function openDriver(dataDir?: string): Promise<Driver> {
  const sandbox = await startSandbox(dataDir === undefined ? {} : { dataDir })
  const driver = driverFor(sandbox.url, sandbox)
  await driver.login()
  return driver
}

/** Speaks to a sandbox that runs elsewhere. */
export function driverFor(url: string, sandbox?: Sandbox): Driver {
  let crmToken = ''
  let actToken = ''
  let systemToken = ''
  const raw: Driver['raw'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  }
  const admin: Driver['admin'] = async (method, path, body) => (await raw(method, `/__sandbox/${path}`, body)).json
  const crmRaw: Driver['crmRaw'] = (method, path, body) =>
    raw(method, `/api/v2/${path}`, body, { Authorization: `Bearer ${crmToken}`, Clientid: 'demo' })
  const driver: Driver = {
    url,
    raw,
    admin,
    crmRaw,
    act: async (command) => await admin('POST', 'act', command),
    crm: async (method, path, body) => (await crmRaw(method, path, body)).json,
    acc: async (name, body = {}) => {
      const method = name === 'delete' ? 'DELETE' : 'POST'
      const full = { app_id: 'demo-app', org_company_code: 'demo', ...body }
      const { json } = await raw(method, `/apir/sync/actopen/${name}`, full, { 'X-MISA-AccessToken': actToken })
      return { ...json, data: parse(json?.Data), custom: parse(json?.CustomData) }
    },
    sys: (path) => raw('GET', `/api/v1/${path}`, undefined, { Authorization: `Bearer ${systemToken}` }),
    login: async () => {
      crmToken = (await raw('POST', '/api/v2/Account', { client_id: 'demo', client_secret: 'demo-crm-secret' })).json
        .data
      const connect = { app_id: 'demo-app', access_code: 'demo-access', org_company_code: 'demo' }
      actToken = parse((await raw('POST', '/api/oauth/actopen/connect', connect)).json.Data).access_token
      const system = { client_id: 'demo', client_secret: 'demo-system-secret' }
      systemToken = (await raw('POST', '/api/v1/token', system)).json.access_token
    },
    state: async (system, entity, key) => {
      const query = key === undefined ? '' : `&key=${encodeURIComponent(key)}`
      return (await admin('GET', `state?system=${system}&entity=${entity}${query}`)).items
    },
    flush: () => admin('POST', 'deliveries/flush', {}),
    reset: async () => {
      await admin('POST', 'reset', {})
      await admin('PUT', 'delivery', {
        crmWebhook: null,
        systemWebhook: null,
        accountingCallback: null,
        applyDelayMs: 50,
      })
      await driver.login()
    },
    close: async () => sandbox?.close(),
  }
  return driver
}

function parse(text: unknown): Loose {
  if (typeof text !== 'string') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** One delivery as a receiver saw it. */
interface Arrived {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: Loose
}

/** A receiver of webhooks and callbacks. */
export interface Receiver {
  readonly url: string
  readonly arrived: Arrived[]
  /** Status and body of the next answers. */
  answer: { status: number; body: string }
  /** Waits until so many deliveries are there. */
  until(count: number): Promise<Arrived[]>
  close(): Promise<void>
}

/** Starts a receiver on a free port. */
export async function openReceiver(): Promise<Receiver> {
  const arrived: Arrived[] = []
  const receiver = {
    arrived,
    answer: { status: 200, body: '{"Success":true,"ErrorCode":null,"ErrorMessage":null,"Data":null}' },
  }
  const server: Server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
    })
    request.on('end', () => {
      arrived.push({ path: request.url ?? '', headers: request.headers, text, json: parse(text) })
      response.writeHead(receiver.answer.status, { 'Content-Type': 'application/json' })
      response.end(receiver.answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}`,
    until: async (count: number) => {
      for (let i = 0; i < 500 && arrived.length < count; i += 1) await new Promise((resolve) => setTimeout(resolve, 10))
      return arrived
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

/** A demo `org_refid`. */
export function guid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}
