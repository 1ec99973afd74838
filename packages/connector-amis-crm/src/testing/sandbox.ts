import { startSandbox } from '@amis-sync/sandbox'

interface RequestRow {
  readonly method: string
  readonly path: string
  readonly status: number
}

export interface TestSandbox {
  readonly url: string
  admin<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
  /** Acts as a person in the CRM. */
  act(command: Record<string, unknown>): Promise<{ record: Record<string, unknown> }>
  faults(...rules: Record<string, unknown>[]): Promise<void>
  /** What arrived at the CRM since the last call, token calls left out. */
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
    act: (command) => admin('POST', '/act', { system: 'crm', ...command }),
    async faults(...rules) {
      await admin('PUT', '/faults', { seed: 1, rules: rules.map((rule) => ({ system: 'crm', ...rule })) })
    },
    async requests() {
      const { rows } = await admin<{ rows: RequestRow[] }>('GET', '/requests')
      await admin('DELETE', '/requests')
      return rows.map((row) => `${row.method} ${row.path.split('?')[0]}`).filter((route) => !route.endsWith('/Account'))
    },
    close: () => sandbox.close(),
  }
}
