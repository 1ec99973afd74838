import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'
import { explainDatabase } from './explain-database.ts'
import { runModule } from './module-process.ts'
import { quietWarnings } from './quiet-warnings.ts'

/** What the embedded database is started with, and what it tells when it is ready. */
export interface DatabaseInput {
  readonly dataDir: string
  readonly port?: number
}

export interface DatabaseReady {
  readonly uri: string
  readonly owned: boolean
}

quietWarnings()
await runModule(async (input) => {
  const { uri, owned, close } = await startEmbeddedMongo(input as DatabaseInput)
  return { ready: { uri, owned }, close }
}, explainDatabase)
