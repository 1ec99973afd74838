import type { BsonDocument } from '../bson/codec.ts'
import { decode, encode, maxBsonObjectSize } from '../bson/codec.ts'
import { encodeValue } from '../bson/key-string.ts'
import { pickFields } from '../bson/raw-document.ts'
import { CommandError } from '../errors.ts'
import { duplicateKeyError } from './duplicate-key.ts'
import type { IndexDefinition } from './index-definition.ts'
import { describeIndex, idIndex } from './index-definition.ts'
import type { DocumentKeys } from './index-keys.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { blob } from './sqlite-database.ts'
import { assertStorableId } from './storable-id.ts'
import { StoredIndex } from './stored-index.ts'

/** A stored document: its row id (insertion order) and its bytes. */
export interface StoredRow {
  readonly rid: number
  readonly raw: Buffer
}

type IndexEntries = readonly { readonly index: StoredIndex; readonly found: DocumentKeys }[]

/** One collection: a table of encoded documents and one ordered key table per index. */
export class Collection {
  readonly id: number
  readonly database: string
  readonly name: string
  readonly options: BsonDocument
  readonly table: string
  readonly idIndex: StoredIndex
  /** Secondary indexes by name, in order of creation. */
  readonly indexes = new Map<string, StoredIndex>()
  /** Set when the collection is gone while a cursor still reads it. */
  dropped = false
  private readonly sqlite: SqliteDatabase
  private keyFields: ReadonlySet<string> = new Set(['_id'])

  constructor(sqlite: SqliteDatabase, id: number, database: string, name: string, options: BsonDocument) {
    this.sqlite = sqlite
    this.id = id
    this.database = database
    this.name = name
    this.options = options
    this.table = `c${id}`
    this.idIndex = new StoredIndex(idIndex, 0, this.table, false)
  }

  get namespace(): string {
    return `${this.database}.${this.name}`
  }

  allIndexes(): StoredIndex[] {
    return [this.idIndex, ...this.indexes.values()]
  }

  count(): number {
    return Number(this.sqlite.row(`SELECT count(*) FROM ${this.table}`)![0])
  }

  /** Bytes of all documents. */
  dataSize(): number {
    return Number(this.sqlite.row(`SELECT coalesce(sum(length(doc)), 0) FROM ${this.table}`)![0])
  }

  /** The document at a row, or undefined when it has been deleted. */
  get(rid: number): Buffer | undefined {
    const row = this.sqlite.row(`SELECT doc FROM ${this.table} WHERE rid = ?`, rid)
    return row && blob(row[0])
  }

  /** Stores a new document, `_id` first. Throws the duplicate key error before anything is written. */
  insert(raw: Buffer): number {
    assertSize(raw)
    assertStorableId(raw)
    const document = this.decodeKeyFields(raw)
    const idKey = this.checkedIdKey(document)
    const entries = this.entriesOf(document)
    this.assertUnique(entries, -1)
    const rid = this.sqlite.run(`INSERT INTO ${this.table} (key, doc) VALUES (?, ?)`, idKey, raw)
    for (const { index, found } of entries) this.addKeys(index, found, rid)
    return rid
  }

  /** Replaces the document at a row; the `_id` stays. Only the index keys that differ are rewritten. */
  replace(rid: number, before: Buffer, after: Buffer): void {
    assertSize(after)
    this.replaceKeys(rid, before, after)
    this.sqlite.run(`UPDATE ${this.table} SET doc = ? WHERE rid = ?`, after, rid)
  }

  delete(rid: number, raw: Buffer): void {
    for (const { index, found } of this.entriesOf(this.decodeKeyFields(raw))) this.removeKeys(index, found.keys, rid)
    this.sqlite.run(`DELETE FROM ${this.table} WHERE rid = ?`, rid)
  }

  /** Adds an index over the stored documents. The caller has checked that the definition is new. */
  createIndex(definition: IndexDefinition): void {
    const id = this.sqlite.run(
      'INSERT INTO indexes (collection, name, definition, multikey) VALUES (?, ?, ?, 0)',
      this.id,
      definition.name,
      encode(describeIndex(definition)),
    )
    const table = `i${id}`
    this.sqlite.exec(
      `CREATE TABLE ${table} (key BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (key, rid)) WITHOUT ROWID`,
    )
    const index = new StoredIndex(definition, id, table, false)
    this.attachIndex(index)
    const roots = new Set(index.rootFields())
    let last = -1
    for (;;) {
      const rows = this.sqlite.rows(`SELECT rid, doc FROM ${this.table} WHERE rid > ? ORDER BY rid LIMIT 500`, last)
      for (const row of rows) {
        last = Number(row[0])
        const found = index.keysOf(decode(pickFields(blob(row[1]), roots)))
        this.assertUnique([{ index, found }], last)
        this.addKeys(index, found, last)
      }
      if (rows.length < 500) return
    }
  }

  dropIndex(name: string): void {
    const index = this.indexes.get(name)
    if (!index) throw new CommandError('IndexNotFound', `index not found with name [${name}]`)
    this.sqlite.run('DELETE FROM indexes WHERE id = ?', index.id)
    this.sqlite.forgetStatements(index.table)
    this.sqlite.exec(`DROP TABLE ${index.table}`)
    this.indexes.delete(name)
    this.refreshKeyFields()
  }

  /** Registers an index that the catalog already knows. */
  attachIndex(index: StoredIndex): void {
    this.indexes.set(index.definition.name, index)
    this.refreshKeyFields()
  }

  /** Removes every table of this collection; the catalog row is the caller's. */
  destroy(): void {
    for (const index of this.indexes.values()) {
      this.sqlite.forgetStatements(index.table)
      this.sqlite.exec(`DROP TABLE ${index.table}`)
    }
    this.sqlite.run('DELETE FROM indexes WHERE collection = ?', this.id)
    this.sqlite.forgetStatements(this.table)
    this.sqlite.exec(`DROP TABLE ${this.table}`)
    this.dropped = true
  }

  private refreshKeyFields(): void {
    this.keyFields = new Set(['_id', ...[...this.indexes.values()].flatMap((index) => index.rootFields())])
  }

  private decodeKeyFields(raw: Buffer): BsonDocument {
    return decode(pickFields(raw, this.keyFields))
  }

  private entriesOf(document: BsonDocument): IndexEntries {
    if (this.indexes.size === 0) return []
    return [...this.indexes.values()].map((index) => ({ index, found: index.keysOf(document) }))
  }

  private checkedIdKey(document: BsonDocument): Buffer {
    const id = document['_id']
    const key = encodeValue(id)
    if (this.sqlite.row(`SELECT rid FROM ${this.table} WHERE key = ?`, key)) {
      throw duplicateKeyError(this.namespace, idIndex, [id])
    }
    return key
  }

  private assertUnique(entries: IndexEntries, rid: number): void {
    for (const { index, found } of entries) {
      if (!index.definition.unique) continue
      found.keys.forEach((key, position) => {
        const other = this.sqlite.row(`SELECT rid FROM ${index.table} WHERE key = ? AND rid <> ? LIMIT 1`, key, rid)
        if (other) throw duplicateKeyError(this.namespace, index.definition, found.values[position]!)
      })
    }
  }

  private replaceKeys(rid: number, before: Buffer, after: Buffer): void {
    if (this.indexes.size === 0) return
    const oldFields = pickFields(before, this.keyFields)
    const newFields = pickFields(after, this.keyFields)
    if (oldFields.equals(newFields)) return
    const newEntries = this.entriesOf(decode(newFields))
    this.assertUnique(newEntries, rid)
    const oldDocument = decode(oldFields)
    for (const { index, found } of newEntries) {
      const old = index.keysOf(oldDocument)
      if (sameKeys(old.keys, found.keys)) continue
      this.removeKeys(index, old.keys, rid)
      this.addKeys(index, found, rid)
    }
  }

  private addKeys(index: StoredIndex, found: DocumentKeys, rid: number): void {
    for (const key of found.keys) this.sqlite.run(`INSERT INTO ${index.table} (key, rid) VALUES (?, ?)`, key, rid)
    if (found.multikey && !index.multikey) {
      this.sqlite.run('UPDATE indexes SET multikey = 1 WHERE id = ?', index.id)
      index.multikey = true
    }
  }

  private removeKeys(index: StoredIndex, keys: readonly Buffer[], rid: number): void {
    for (const key of keys) this.sqlite.run(`DELETE FROM ${index.table} WHERE key = ? AND rid = ?`, key, rid)
  }
}

function sameKeys(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((key, position) => key.equals(b[position]!))
}

/** Stored documents may be a little larger than 16 MB, because the server may have added `_id` to a full one. */
function assertSize(raw: Buffer): void {
  const limit = maxBsonObjectSize + 16 * 1024
  if (raw.length <= limit) return
  const hex = raw.length.toString(16).toUpperCase()
  throw new CommandError(
    'BSONObjectTooLarge',
    `BSONObj size: ${raw.length} (0x${hex}) is invalid. Size must be between 0 and ${limit}(16MB)`,
  )
}
