import { UUID } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { decode, encode } from '../bson/codec.ts'
import { CommandError } from '../errors.ts'
import { Collection } from './collection.ts'
import { parseIndexDefinition } from './index-definition.ts'
import type { Durability } from './sqlite-database.ts'
import { blob, SqliteDatabase } from './sqlite-database.ts'
import { StoredIndex } from './stored-index.ts'

/** Raised when documents are stored in a layout that this version does not know. */
export class UnknownLayoutError extends Error {
  override readonly name = 'UnknownLayoutError'
}

const layoutVersion = 1

/** All databases of one data directory: the catalog of collections and the transactions over them. */
export class Store {
  readonly sqlite: SqliteDatabase
  private readonly collections = new Map<string, Collection>()

  constructor(file: string, durability: Durability) {
    this.sqlite = new SqliteDatabase(file, durability, () => this.loadCatalog())
    this.prepareLayout()
    this.loadCatalog()
  }

  private prepareLayout(): void {
    const version = Number(this.sqlite.row('PRAGMA user_version')![0])
    if (version === layoutVersion) return
    if (version !== 0) {
      this.sqlite.close()
      throw new UnknownLayoutError(`The data has layout ${version}; this version reads layout ${layoutVersion}`)
    }
    this.sqlite.transaction(() => {
      this.sqlite.exec(`
        CREATE TABLE collections (id INTEGER PRIMARY KEY, database TEXT NOT NULL, name TEXT NOT NULL, options BLOB NOT NULL, UNIQUE (database, name));
        CREATE TABLE indexes (id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, name TEXT NOT NULL, definition BLOB NOT NULL, multikey INTEGER NOT NULL, UNIQUE (collection, name));
        PRAGMA user_version = ${layoutVersion};
      `)
    })
  }

  /** Reads the catalog again: at start, and after a rollback may have undone a change to it. */
  private loadCatalog(): void {
    const before = [...this.collections.values()]
    this.collections.clear()
    for (const [id, database, name, options] of this.sqlite.rows(
      'SELECT id, database, name, options FROM collections ORDER BY id',
    )) {
      const collection = new Collection(this.sqlite, Number(id), String(database), String(name), decode(blob(options)))
      this.collections.set(collection.namespace, collection)
      const rows = this.sqlite.rows(
        'SELECT id, definition, multikey FROM indexes WHERE collection = ? ORDER BY id',
        collection.id,
      )
      for (const [indexId, definition, multikey] of rows) {
        const parsed = parseIndexDefinition(decode(blob(definition)))
        collection.attachIndex(new StoredIndex(parsed, Number(indexId), `i${Number(indexId)}`, Number(multikey) === 1))
      }
    }
    // Open cursors hold the old objects; they may keep reading only what still exists.
    for (const collection of before)
      collection.dropped = this.collections.get(collection.namespace)?.id !== collection.id
  }

  /** Runs a command's writes as one SQLite transaction. */
  transaction<T>(body: () => T): T {
    return this.sqlite.transaction(body)
  }

  collection(database: string, name: string): Collection | undefined {
    return this.collections.get(`${database}.${name}`)
  }

  /** The collection, created when it does not exist. */
  ensureCollection(database: string, name: string): Collection {
    return this.collection(database, name) ?? this.createCollection(database, name, {})
  }

  createCollection(database: string, name: string, options: BsonDocument): Collection {
    assertNamespace(database, name)
    const stored = { ...options, uuid: new UUID() }
    return this.transaction(() => {
      const id = this.sqlite.run(
        'INSERT INTO collections (database, name, options) VALUES (?, ?, ?)',
        database,
        name,
        encode(stored),
      )
      this.sqlite.exec(`
        CREATE TABLE c${id} (rid INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL, doc BLOB NOT NULL);
        CREATE UNIQUE INDEX c${id}_id ON c${id} (key);
      `)
      const collection = new Collection(this.sqlite, id, database, name, stored)
      this.collections.set(collection.namespace, collection)
      return collection
    })
  }

  dropCollection(collection: Collection): void {
    this.transaction(() => {
      collection.destroy()
      this.sqlite.run('DELETE FROM collections WHERE id = ?', collection.id)
      this.collections.delete(collection.namespace)
    })
  }

  listCollections(database?: string): Collection[] {
    return [...this.collections.values()].filter(
      (collection) => database === undefined || collection.database === database,
    )
  }

  databases(): string[] {
    return [...new Set(this.listCollections().map((collection) => collection.database))].toSorted()
  }

  close(): void {
    this.sqlite.close()
  }
}

function assertNamespace(database: string, name: string): void {
  const badDatabase = database === '' || database.length > 63 || /[/\\. "$*<>:|?\0]/.test(database)
  const badName =
    name === '' || name.includes('\0') || name.includes('$') || name.startsWith('.') || name.startsWith('system.')
  if (badDatabase || badName || Buffer.byteLength(`${database}.${name}`) > 255) {
    throw new CommandError('InvalidNamespace', `Invalid namespace specified '${database}.${name}'`)
  }
}
