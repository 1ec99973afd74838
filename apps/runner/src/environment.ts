import { resolve } from 'node:path'
import { SyncError } from '@amis-sync/core'

/** What the process environment says (README). */
export interface Environment {
  /** Where `amis-sync.yaml` is: `AMIS_SYNC_CONFIG`, default `./config`. */
  readonly configDir: string
  /** Data of the embedded database and of the demo: `AMIS_SYNC_DATA`, default `./.data`. */
  readonly dataDir: string
  /** `AMIS_SYNC_PORT`; 0 = any free one. */
  readonly port?: number
  readonly mongoUri?: string
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** Reads the environment. Throws `SyncError` code `PORT_INVALID`. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const { AMIS_SYNC_CONFIG: config, AMIS_SYNC_DATA: data, AMIS_SYNC_PORT: port, MONGODB_URI: mongoUri } = variables
  return {
    configDir: resolve(config || 'config'),
    dataDir: resolve(data || '.data'),
    ...(port ? { port: toPort(port) } : {}),
    ...(mongoUri ? { mongoUri } : {}),
    variables,
  }
}

function toPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== '') return port
  throw new SyncError({
    code: 'PORT_INVALID',
    kind: 'config',
    message: {
      vi: `AMIS_SYNC_PORT="${text}" không phải là số cổng. Hãy đặt một số từ 0 đến 65535`,
      en: `AMIS_SYNC_PORT="${text}" is no port number. Set a number from 0 to 65535`,
    },
  })
}
