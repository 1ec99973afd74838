import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { SyncError } from '@amis-sync/core'
import type { Logger } from '@amis-sync/core'
import { startModule } from './module-process.ts'
import type { DatabaseInput, DatabaseReady } from './database-process.ts'

export interface EmbeddedDatabase {
  readonly uri: string
  /** False: another process runs it; this one joined. */
  readonly owned: boolean
  close(): Promise<void>
}

/** Restarts in a row after which a database that keeps dying is given up. */
const mostRestarts = 5
const ownerCheckMs = 500

/**
 * The embedded database over a folder, in a process of its own; joined when another process runs it already. One that dies is started
 * anew at the same address, so that the driver finds it again.
 */
export async function openEmbeddedDatabase(dataDir: string, logger: Logger): Promise<EmbeddedDatabase> {
  const start = (input: DatabaseInput) => startModule<DatabaseReady>('adapters/database-process', input)
  let current = await start({ dataDir })
  const { uri, owned } = current.ready
  const port = Number(/:(\d+)\//.exec(uri)?.[1])
  const closing = new AbortController()
  let restarts = 0
  // The owner may be a command that is over in a moment: then this process runs the database on, at the same address.
  const gone = async (): Promise<void> => {
    if (current.ready.owned) return current.gone
    await current.stop()
    while (!closing.signal.aborted && (await answers(port))) await setTimeout(ownerCheckMs)
  }
  const watch = async (): Promise<void> => {
    await gone()
    if (closing.signal.aborted || restarts >= mostRestarts) return
    restarts += 1
    logger.warn('the embedded database is gone and is started again', { restarts })
    try {
      current = await start({ dataDir, port })
    } catch (error) {
      logger.error('the embedded database cannot be started again', { error: String(error) })
      return
    }
    if (closing.signal.aborted) return current.stop()
    return watch()
  }
  const watching = watch()
  return {
    uri,
    owned,
    close: async () => {
      closing.abort()
      await current.stop()
      await watching
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** As {@link openEmbeddedDatabase}, inside this process: for commands that are over in a moment. */
export async function openEmbeddedDatabaseHere(dataDir: string): Promise<EmbeddedDatabase> {
  const { startEmbeddedMongo } = await import('@amis-sync/embedded-mongodb')
  try {
    return await startEmbeddedMongo({ dataDir })
  } catch (error) {
    const { explainDatabase } = await import('./explain-database.ts')
    const { code, vi, en } = explainDatabase(error)
    throw new SyncError({ code, kind: 'config', message: { vi, en }, cause: error })
  }
}
