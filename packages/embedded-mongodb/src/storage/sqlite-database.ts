import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'

/**
 * What an acknowledged write survives. `process`: the death of the process at any moment (the operating system holds
 * the written pages). `power`: also the loss of power, at the price of one fsync per command.
 */
export type Durability = 'process' | 'power'

/** The SQLite file of one data directory, with a cache of prepared statements. */
export class SqliteDatabase {
  private readonly database: DatabaseSync
  private readonly statements = new Map<string, StatementSync>()
  private depth = 0
  private readonly onRollback: () => void

  /**
   * Opens the file and keeps an exclusive lock on it until {@link close} or the end of the process, whichever way it
   * ends. Throws SQLite's "database is locked" at once when another process holds it.
   */
  constructor(file: string, durability: Durability, onRollback: () => void) {
    this.onRollback = onRollback
    this.database = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: false })
    try {
      this.database.exec('PRAGMA locking_mode = EXCLUSIVE')
      this.database.exec('PRAGMA journal_mode = WAL')
      this.database.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`)
      this.database.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000')
      // WAL takes the lock with the first transaction.
      this.database.exec('BEGIN IMMEDIATE; COMMIT')
    } catch (error) {
      this.database.close()
      throw error
    }
  }

  exec(sql: string): void {
    this.database.exec(sql)
  }

  /** A prepared statement that returns rows as arrays. */
  prepare(sql: string): StatementSync {
    let statement = this.statements.get(sql)
    if (!statement) {
      statement = this.database.prepare(sql)
      statement.setReturnArrays(true)
      this.statements.set(sql, statement)
    }
    return statement
  }

  rows(sql: string, ...parameters: SQLInputValue[]): unknown[][] {
    return this.prepare(sql).all(...parameters) as unknown as unknown[][]
  }

  row(sql: string, ...parameters: SQLInputValue[]): unknown[] | undefined {
    return this.prepare(sql).get(...parameters) as unknown as unknown[] | undefined
  }

  /** Runs a write and returns the id of the inserted row. */
  run(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.prepare(sql).run(...parameters).lastInsertRowid)
  }

  /** Runs `body` in one transaction; an inner call joins the outer one. A thrown error undoes everything. */
  transaction<T>(body: () => T): T {
    if (this.depth > 0) return body()
    this.prepare('BEGIN IMMEDIATE').run()
    this.depth = 1
    try {
      const result = body()
      this.prepare('COMMIT').run()
      return result
    } catch (error) {
      // SQLite undoes the transaction by itself after some errors, such as a full disk.
      if (this.database.isTransaction) this.database.exec('ROLLBACK')
      this.onRollback()
      throw error
    } finally {
      this.depth = 0
    }
  }

  /** Forgets the statements of a dropped table. */
  forgetStatements(table: string): void {
    for (const sql of this.statements.keys()) if (sql.includes(table)) this.statements.delete(sql)
  }

  close(): void {
    this.statements.clear()
    this.database.close()
  }
}

/** A blob column as a Buffer, without copying. */
export function blob(value: unknown): Buffer {
  const bytes = value as Uint8Array
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
