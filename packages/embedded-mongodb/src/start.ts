import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AddressOptions } from './address.ts'
import { toListenAddress, toUri } from './address.ts'
import { EmbeddedMongoError } from './errors.ts'
import { isAnswering, readOwnerRecord, removeOwnerRecord, writeOwnerRecord } from './owner-record.ts'
import { EmbeddedServer, removeStaleSocket } from './server.ts'
import type { Durability } from './storage/sqlite-database.ts'
import { Store } from './storage/store.ts'

/** Options of {@link startEmbeddedMongo}. */
export interface EmbeddedMongoOptions extends AddressOptions {
  /** Directory of the data, created when missing; `':memory:'` keeps nothing (tests). */
  readonly dataDir: string
  /**
   * `'process'` (default): an acknowledged write survives the death of the process. `'power'`: also the loss of power,
   * at the price of one fsync per write command.
   */
  readonly durability?: Durability
  /** How long to wait for the owner of a locked directory to answer. Default 5000. */
  readonly ownerTimeoutMs?: number
  /** How long an unused cursor lives. Default ten minutes. */
  readonly cursorTimeoutMs?: number
  /** How often expired documents of TTL indexes are removed. Default 60 seconds. */
  readonly ttlIntervalMs?: number
}

/** A running embedded database, or the connection to one that another process runs. */
export interface EmbeddedMongo {
  /** Connection string for the official driver. */
  readonly uri: string
  /** False when another live server owns the directory; `uri` then leads to it. */
  readonly owned: boolean
  /** Stops an owned server; does nothing to another process's. May be called twice. */
  close(): Promise<void>
}

const dataFile = 'data.sqlite'

/**
 * Starts the embedded database over a data directory, or joins the live server that owns it.
 *
 * Throws {@link EmbeddedMongoError}: `EMBEDDED_MONGO_ADDRESS_REFUSED`, `EMBEDDED_MONGO_PORT_IN_USE`,
 * `EMBEDDED_MONGO_OWNER_SILENT` (the directory is locked and its owner does not answer),
 * `EMBEDDED_MONGO_DATA_UNREADABLE`.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  toListenAddress(options)
  if (options.dataDir === ':memory:') return serve(openStore(':memory:', options), options, undefined)
  mkdirSync(options.dataDir, { recursive: true })
  const deadline = Date.now() + (options.ownerTimeoutMs ?? 5000)
  for (;;) {
    const store = openStore(join(options.dataDir, dataFile), options)
    if (store) return serve(store, options, options.dataDir)
    const joined = await joinOwner(options.dataDir)
    if (joined) return joined
    if (Date.now() >= deadline) throw ownerSilent(options.dataDir)
    // The owner may be starting or ending; an uneven pause keeps two starters from meeting again and again.
    await delay(20 + Math.random() * 60)
  }
}

/** Undefined when another process (or another server of this one) holds the data file. */
function openStore(file: string, options: EmbeddedMongoOptions): Store | undefined {
  try {
    return new Store(file, options.durability ?? 'process')
  } catch (error) {
    const { errcode } = error as { errcode?: number }
    // SQLITE_BUSY and SQLITE_LOCKED, with their extended codes.
    if (errcode !== undefined && ((errcode & 0xff) === 5 || (errcode & 0xff) === 6)) return undefined
    throw new EmbeddedMongoError(
      'EMBEDDED_MONGO_DATA_UNREADABLE',
      {
        vi: `Không thể đọc dữ liệu ở ${file}: ${String(error)}. Hãy kiểm tra quyền truy cập và ổ đĩa, hoặc khôi phục bản sao lưu.`,
        en: `Cannot read the data at ${file}: ${String(error)}. Check permissions and the disk, or restore a backup.`,
      },
      error,
    )
  }
}

async function serve(
  store: Store | undefined,
  options: EmbeddedMongoOptions,
  dataDir: string | undefined,
): Promise<EmbeddedMongo> {
  const address = toListenAddress(options)
  const server = new EmbeddedServer(store!, address, {
    cursorTimeoutMs: options.cursorTimeoutMs ?? 600_000,
    ttlIntervalMs: options.ttlIntervalMs ?? 60_000,
  })
  if (dataDir !== undefined) removeStaleSocket(address)
  try {
    const bound = await server.listen()
    if (dataDir !== undefined)
      writeOwnerRecord(dataDir, { instanceId: server.instanceId, pid: process.pid, address: bound })
    let closing: Promise<void> | undefined
    return {
      uri: toUri(bound),
      owned: true,
      close: () => (closing ??= stop(server, dataDir)),
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function stop(server: EmbeddedServer, dataDir: string | undefined): Promise<void> {
  // While the lock is still held: the record is nobody else's yet.
  if (dataDir !== undefined) removeOwnerRecord(dataDir)
  await server.close()
}

async function joinOwner(dataDir: string): Promise<EmbeddedMongo | undefined> {
  const record = readOwnerRecord(dataDir)
  if (!record || !(await isAnswering(record, 1000))) return undefined
  return { uri: toUri(record.address), owned: false, close: async () => {} }
}

function ownerSilent(dataDir: string): EmbeddedMongoError {
  const pid = readOwnerRecord(dataDir)?.pid
  const owner = pid === undefined ? '' : ` (pid ${pid})`
  return new EmbeddedMongoError('EMBEDDED_MONGO_OWNER_SILENT', {
    vi: `Thư mục dữ liệu ${dataDir} đang bị một tiến trình khác${owner} khóa nhưng tiến trình đó không trả lời. Hãy dừng tiến trình đó rồi chạy lại, hoặc dùng thư mục khác.`,
    en: `The data directory ${dataDir} is locked by another process${owner} that does not answer. Stop that process and start again, or use another directory.`,
  })
}
