import { SyncError } from '@amis-sync/core'
import type { Store, TenantStore } from '@amis-sync/core'
import { MongoClient } from 'mongodb'
import { createIndexes } from './indexes.ts'
import { migrate } from './migrations.ts'
import { MongoAttentionStore } from './mongo-attention-store.ts'
import { toAddressError, toDatabaseError, translated } from './mongo-errors.ts'
import { MongoLeaseStore } from './mongo-lease-store.ts'
import { MongoTenantStore } from './mongo-tenant-store.ts'

export interface MongoStoreOptions {
  /** `mongodb://` or `mongodb+srv://`. `directConnection`, `retryWrites`, write concern and the like are said here. */
  readonly uri: string
  /** Default: the database that the address names, else `amis_sync`. */
  readonly database?: string
  /** Shown in the server's logs and `currentOp`. */
  readonly appName?: string
  /** Told of each command that goes to the server, by its name (`find`, `update`, …). For metrics and tests. */
  readonly onCommand?: (name: string) => void
}

export interface MongoStore {
  readonly store: Store
  /** Round trip to the server; throws `DATABASE_UNREACHABLE` and its kin. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** How long a call waits for a server that can take it, milliseconds; the address may say something else. */
const serverSelectionTimeoutMS = 5_000

/**
 * What is acknowledged survives a crash: the journal of intended writes and the answer to a delivery depend on it. A standalone server
 * would acknowledge up to 100 ms before it writes to disk. The address may say something else.
 */
const writeConcern = { w: 'majority', journal: true } as const

/** How many connections one process keeps at most. */
const maxPoolSize = 12

/**
 * Connects, brings indexes and data layout up to date, and returns the store. Works with every MongoDB from 5.0, standalone or replica
 * set, and with the embedded database; uses no transactions, sessions or change streams.
 * Throws `SyncError`: `DATABASE_URI_INVALID`, `DATABASE_LOGIN_REFUSED`, `DATABASE_RIGHT_MISSING`, `DATABASE_NEWER` (kind `config`) or
 * `DATABASE_UNREACHABLE` (kind `retriable`).
 */
export async function createMongoStore(options: MongoStoreOptions): Promise<MongoStore> {
  const client = createClient(options)
  try {
    const db = client.db(options.database ?? databaseIn(options.uri) ?? 'amis_sync')
    const ping = async (): Promise<void> => {
      await translated(db.command({ ping: 1 }))
    }
    await ping()
    await migrate(db)
    await createIndexes(db)
    const tenants = new Map<string, TenantStore>()
    const forTenant = (tenant: string): TenantStore => {
      const known = tenants.get(tenant) ?? new MongoTenantStore(db, checkedTenant(tenant))
      tenants.set(tenant, known)
      return known
    }
    const store = { forTenant, leases: new MongoLeaseStore(db), attention: new MongoAttentionStore(db) }
    return { store, ping, close: () => translated(client.close()) }
  } catch (error) {
    await client.close()
    throw toDatabaseError(error)
  }
}

function createClient({ uri, appName = 'amis-sync', onCommand }: MongoStoreOptions): MongoClient {
  try {
    const monitorCommands = onCommand !== undefined
    const client = new MongoClient(uri, {
      appName,
      ...(/serverSelectionTimeoutMS=/i.test(uri) ? {} : { serverSelectionTimeoutMS }),
      ...(/[?&](?:w|journal)=/i.test(uri) ? {} : { writeConcern }),
      maxPoolSize,
      ignoreUndefined: true,
      monitorCommands,
    })
    if (onCommand) client.on('commandStarted', ({ commandName }) => onCommand(commandName))
    return client
  } catch (error) {
    throw toAddressError(error)
  }
}

function databaseIn(uri: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1]
  return name === undefined ? undefined : decodeURIComponent(name)
}

/** Ids are `tenant|id`: a tenant with a `|` could reach into another one. */
function checkedTenant(tenant: string): string {
  if (tenant !== '' && !tenant.includes('|')) return tenant
  throw new SyncError({
    code: 'TENANT_NAME_INVALID',
    kind: 'config',
    message: {
      vi: `Tên khách hàng "${tenant}" không hợp lệ: không được rỗng và không chứa dấu "|". Đổi "tenant" trong tệp cấu hình.`,
      en: `The tenant name "${tenant}" is invalid: it must not be empty or contain "|". Change "tenant" in its file.`,
    },
  })
}
