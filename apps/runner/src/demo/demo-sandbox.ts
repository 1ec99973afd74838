import { SyncError, isSyncError } from '@amis-sync/core'
import { startModule } from '../adapters/module-process.ts'
import type { SandboxInput, SandboxReady } from './sandbox-process.ts'

export interface DemoSandbox {
  readonly url: string
  /** Was its data made just now? */
  readonly fresh: boolean
  /** Tells the simulated systems where this runner takes deliveries. */
  deliverTo(runnerUrl: string, webhookSecret: string): Promise<void>
  close(): Promise<void>
}

/** A call of the admin interface (contract §5.3). */
async function admin<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${url}/__sandbox${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const value = (await answer.json()) as T & { ok?: boolean; error?: string }
  if (answer.ok && value.ok !== false) return value
  const text = `${method} ${path}: ${value.error ?? answer.status}`
  throw new SyncError({
    code: 'SANDBOX_REFUSED',
    kind: 'config',
    message: {
      vi: `Hệ thống mô phỏng từ chối: ${text}. Hãy xóa thư mục .data rồi chạy lại`,
      en: `The simulated systems refuse: ${text}. Delete the folder .data and start again`,
    },
  })
}

async function isAlive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/__sandbox/health`, { signal: AbortSignal.timeout(1_000) })
    return answer.ok && ((await answer.json()) as { contract?: string }).contract !== undefined
  } catch {
    return false
  }
}

function alreadyRunning(url: string): SyncError {
  return new SyncError({
    code: 'ALREADY_RUNNING',
    kind: 'config',
    message: {
      vi: `Bản chạy thử đã chạy rồi (hệ thống mô phỏng ở ${url}). Hãy dùng bản đó, dừng nó trước, hoặc đặt AMIS_SYNC_DATA thành thư mục khác`,
      en: `A trial is running already (simulated systems at ${url}). Use that one, stop it first, or set AMIS_SYNC_DATA to another folder`,
    },
  })
}

async function startAt(dataDir: string, port: number) {
  const start = (input: SandboxInput) => startModule<SandboxReady>('demo/sandbox-process', input)
  try {
    return await start({ dataDir, port })
  } catch (error) {
    if (isSyncError(error) && error.code === 'SANDBOX_PORT_IN_USE') return start({ dataDir, port: 0 })
    throw error
  }
}

/**
 * Starts the simulated systems in a process of their own, with their data under `dataDir`, seeded with the demo company at the first
 * start. `origin` is where the tenant file expects them; another port is taken when that one is in use.
 * Throws `ALREADY_RUNNING` when simulated systems answer there already.
 */
export async function startDemoSandbox(dataDir: string, origin: string): Promise<DemoSandbox> {
  if (await isAlive(origin)) throw alreadyRunning(origin)
  const child = await startAt(dataDir, Number(new URL(origin).port))
  const { url } = child.ready
  const { counts } = await admin<{ counts: Record<string, Record<string, { live: number }>> }>(
    url,
    'GET',
    '/counts?tenant=demo',
  )
  const fresh = !Object.values(counts).some((entities) => Object.values(entities).some(({ live }) => live > 0))
  if (fresh) await admin(url, 'POST', '/seed?tenant=demo', { profile: 'demo' })
  return {
    url,
    fresh,
    deliverTo: async (runnerUrl, secret) => {
      await admin(url, 'PUT', '/delivery?tenant=demo', {
        crmWebhook: { url: `${runnerUrl}/webhooks/demo/crm`, secret },
        systemWebhook: { url: `${runnerUrl}/webhooks/demo/system`, secret },
        accountingCallback: { url: `${runnerUrl}/callbacks/demo/accounting` },
      })
    },
    close: () => child.stop(),
  }
}
