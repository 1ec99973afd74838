import { startSandbox } from '@amis-sync/sandbox'
import { runModule } from '../adapters/module-process.ts'

/** What the simulated systems are started with, and where they are when they are ready. */
export interface SandboxInput {
  readonly dataDir: string
  readonly port: number
}

export interface SandboxReady {
  readonly url: string
}

function explain(error: unknown): { code: string; vi: string; en: string } {
  const { code, message } = error as NodeJS.ErrnoException
  return {
    code: code === 'EADDRINUSE' ? 'SANDBOX_PORT_IN_USE' : 'SANDBOX_FAILED',
    vi: `Không khởi động được hệ thống mô phỏng: ${message}`,
    en: `The simulated systems cannot start: ${message}`,
  }
}

await runModule(async (input) => {
  const { url, close } = await startSandbox(input as SandboxInput)
  return { ready: { url }, close }
}, explain)
