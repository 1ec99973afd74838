import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Where a tenant's state goes so that it survives the process. Values must be JSON. */
export interface Journal {
  /** Remembers a value; a later value for the same key replaces it, null removes it. Not durable before `commit`. */
  put(bucket: string, key: number, value: unknown): void
  /** Forgets whole buckets; all of them without names. Durable with the next `commit`. */
  clear(buckets?: readonly string[]): void
}

/** A journal for sandboxes that live in memory only. */
export const FORGETFUL: Journal = { put: () => undefined, clear: () => undefined }

/**
 * All tenants' state in one SQLite file. Written rows are gathered and committed before a request is answered. A commit
 * is handed to the operating system, so it survives `kill -9` of the process, which is what the sandbox promises; it is
 * not forced to the disk.
 */
export class JournalFile {
  readonly #database: DatabaseSync
  readonly #upsert: StatementSync
  readonly #remove: StatementSync
  #closed = false
  readonly #waiting = new Map<string, { tenant: string; bucket: string; key: number; value: unknown }>()

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#database = new DatabaseSync(join(folder, 'sandbox.sqlite'))
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS entries (tenant TEXT, bucket TEXT, key INTEGER, value TEXT,
        PRIMARY KEY (tenant, bucket, key)) WITHOUT ROWID`,
    )
    this.#upsert = this.#database.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)')
    this.#remove = this.#database.prepare('DELETE FROM entries WHERE tenant = ? AND bucket = ? AND key = ?')
  }

  /** The part of the file that belongs to one tenant. */
  of(tenant: string): Journal {
    return {
      put: (bucket, key, value) => this.#waiting.set(`${tenant}\n${bucket}\n${key}`, { tenant, bucket, key, value }),
      clear: (buckets) => this.#clear(tenant, buckets),
    }
  }

  /** Makes everything put so far durable. */
  commit(): void {
    if (this.#closed || this.#waiting.size === 0) return
    this.#database.exec('BEGIN')
    for (const { tenant, bucket, key, value } of this.#waiting.values()) {
      const text = value === null ? null : textOf(value)
      if (text === null) this.#remove.run(tenant, bucket, key)
      else this.#upsert.run(tenant, bucket, key, text)
    }
    this.#database.exec('COMMIT')
    this.#waiting.clear()
  }

  /** Names of the tenants in the file. */
  tenants(): string[] {
    return this.#database
      .prepare('SELECT DISTINCT tenant FROM entries ORDER BY tenant')
      .all()
      .map((row) => String(row['tenant']))
  }

  /** Everything of one bucket, in the order of the keys. */
  *read(tenant: string, bucket: string): Generator<{ key: number; value: unknown }> {
    const select = this.#database.prepare('SELECT key, value FROM entries WHERE tenant = ? AND bucket = ? ORDER BY key')
    for (const row of select.iterate(tenant, bucket)) {
      yield { key: Number(row['key']), value: JSON.parse(String(row['value'])) }
    }
  }

  /** Commits and closes the file. */
  close(): void {
    this.commit()
    this.#closed = true
    this.#database.close()
  }

  #clear(tenant: string, buckets: readonly string[] | undefined): void {
    const doomed = (entry: { tenant: string; bucket: string }): boolean =>
      entry.tenant === tenant && (!buckets || buckets.includes(entry.bucket))
    for (const [id, entry] of this.#waiting) if (doomed(entry)) this.#waiting.delete(id)
    if (!buckets) this.#database.prepare('DELETE FROM entries WHERE tenant = ?').run(tenant)
    else {
      const remove = this.#database.prepare('DELETE FROM entries WHERE tenant = ? AND bucket = ?')
      for (const bucket of buckets) remove.run(tenant, bucket)
    }
  }
}

/** JSON text, or null for a value nested so deeply (by a hostile client) that it cannot be written. */
function textOf(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch {
    return null
  }
}
