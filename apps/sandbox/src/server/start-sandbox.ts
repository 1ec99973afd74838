import type { AddressInfo } from 'node:net'
import { Poster } from '../delivery/post.ts'
import { JournalFile } from '../model/journal.ts'
import { Registry } from '../tenant/registry.ts'
import { createSandboxServer } from './listen.ts'

/** Where the sandbox listens and whether its state outlives it. */
export interface SandboxOptions {
  /** TCP port; 0 (the default) = any free one. */
  readonly port?: number
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string
  /** Folder for state that survives a restart, also after `kill -9`; absent = memory only. */
  readonly dataDir?: string
}

/** A running sandbox. */
export interface Sandbox {
  /** Origin of all three systems and of the admin interface, for example `http://127.0.0.1:48700`. */
  readonly url: string
  readonly port: number
  /** Stops listening, cuts connections, ends timers and closes the data file. */
  close(): Promise<void>
}

/**
 * Starts the simulated AMIS CRM, Accounting and System with their admin interface (contract §1–§3, §5).
 * Rejects with the error of `listen`, for example `EADDRINUSE`.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', dataDir } = options
  const poster = new Poster()
  const file = dataDir === undefined ? undefined : new JournalFile(dataDir)
  const registry = new Registry(poster, file)
  const server = createSandboxServer(registry)
  const release = (): void => {
    registry.close()
    poster.close()
    file?.close()
  }
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (error) {
    release()
    throw error
  }
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      release()
    },
  }
}
