import { basename, join } from 'node:path'
import { SyncError } from '@amis-sync/core'
import type { EntityPlugin, Store } from '@amis-sync/core'
import { didYouMean } from '../config/did-you-mean.ts'
import type { TenantConfig } from '../config/tenant-config.ts'
import { openEmbeddedDatabaseHere } from '../adapters/embedded-database.ts'
import { startRunner, unknownTenant } from '../runner.ts'
import type { Runner } from '../runner.ts'
import { readSetup } from '../setup.ts'
import type { Setup } from '../setup.ts'
import type { CliContext } from './cli-context.ts'
import { configError, problemText } from '../config/config-problem.ts'
import { usageError } from './usage-error.ts'

export interface Database {
  readonly uri: string
  readonly name: string
  close(): Promise<void>
}

/** Where the embedded database keeps its data. */
export function databaseFolder(context: CliContext): string {
  return join(context.env.dataDir, 'db')
}

/** `MONGODB_URI`, else the configuration's, else the embedded database: a running one is joined, else it is started here. */
export async function openDatabase(context: CliContext, setup: Setup): Promise<Database> {
  const { name } = setup.runner.database
  const uri = context.env.mongoUri ?? setup.runner.database.uri
  if (uri !== undefined) return { uri, name, close: async () => undefined }
  const embedded = await openEmbeddedDatabaseHere(databaseFolder(context))
  return { uri: embedded.uri, name, close: embedded.close }
}

export interface Session {
  readonly setup: Setup
  readonly store: Store
  close(): Promise<void>
}

/** Configuration and database, for commands that only look. */
export async function openSession(context: CliContext): Promise<Session> {
  const setup = await readSetup(context.env.configDir, context.env.variables)
  tellProblems(context, setup)
  const database = await openDatabase(context, setup)
  try {
    const { createMongoStore } = await import('@amis-sync/store-mongodb')
    const { store, close } = await createMongoStore({ uri: database.uri, database: database.name })
    return { setup, store, close: () => close().then(() => database.close()) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * A helping runner for commands that change something: it carries the command out when nobody holds the tenant's lease, else the holder
 * does.
 */
export async function withHelper<T>(
  context: CliContext,
  tenant: string,
  task: (runner: Runner, setup: Setup) => Promise<T>,
): Promise<T> {
  const setup = await readSetup(context.env.configDir, context.env.variables)
  tellProblems(context, setup)
  tenantNamed(setup, tenant)
  const database = await openDatabase(context, setup)
  const { createLogger } = await import('../adapters/pino-logger.ts')
  try {
    const runner = await startRunner({
      role: 'helper',
      only: [tenant],
      configDir: context.env.configDir,
      variables: context.env.variables,
      mongoUri: database.uri,
      database: database.name,
      host: setup.runner.http.host,
      port: context.env.port ?? setup.runner.http.port,
      logger: await createLogger('error', { pretty: context.fancy }),
    })
    try {
      return await task(runner, setup)
    } finally {
      await runner.close()
    }
  } finally {
    await database.close()
  }
}

function tellProblems(context: CliContext, setup: Setup): void {
  for (const problem of setup.problems) context.say(`⚠ ${problemText(problem, context.language)}`)
}

/** The tenant of that name; throws `TENANT_UNKNOWN`, `TENANT_OFF`, or `CONFIG_INVALID` when its file is bad. */
export function tenantNamed(setup: Setup, tenant: string): TenantConfig {
  const found = setup.tenants.find((one) => one.tenant === tenant)
  if (found) return found
  const off = setup.off.find((one) => one.tenant === tenant)
  if (off) throw switchedOff(off)
  const own = setup.problems.filter((problem) => basename(problem.file).replace(/\.ya?ml$/, '') === tenant)
  if (own.length > 0) throw configError(own)
  throw unknownTenant(
    tenant,
    setup.tenants.map((one) => one.tenant),
  )
}

function switchedOff({ tenant, file }: TenantConfig): SyncError {
  return new SyncError({
    code: 'TENANT_OFF',
    kind: 'config',
    message: {
      vi: `"${tenant}" đang tắt. Hãy điền thông tin kết nối và đặt enabled: true trong ${file}`,
      en: `"${tenant}" is switched off. Fill in its connections and set enabled: true in ${file}`,
    },
  })
}

/** The entity type of that name; throws `ENTITY_UNKNOWN`. */
export function entityNamed(setup: Setup, entity: string): EntityPlugin {
  const ids = setup.loaded.plugins.map((plugin) => plugin.id)
  const found = setup.loaded.plugins.find((plugin) => plugin.id === entity)
  if (found) return found
  const meant = didYouMean(entity, ids)
  throw usageError(
    `Không có loại dữ liệu "${entity}". ${meant ? `Có phải "${meant}"? ` : ''}Các loại đã nạp: ${ids.join(', ')}`,
    `There is no entity type "${entity}". ${meant ? `Did you mean "${meant}"? ` : ''}Loaded: ${ids.join(', ')}`,
    'ENTITY_UNKNOWN',
  )
}
