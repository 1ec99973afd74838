import { MongoBulkWriteError } from 'mongodb'
import type { AnyBulkWriteOperation, Collection, Document, Filter, Sort, UpdateFilter, WriteError } from 'mongodb'
import { isDuplicateKey, toDatabaseError, translated } from './mongo-errors.ts'

/** What every document of the store has. `_id` is `tenant|id`. */
export interface StoredDocument {
  readonly _id: string
  readonly tenant: string
  readonly [field: string]: unknown
}

/** A document's own fields; `_id` and `tenant` are added here and nowhere else. */
export type Body<D> = Omit<D, '_id' | 'tenant'>

export interface BulkOutcome {
  /** Inserted, matched and upserted. */
  readonly written: number
  readonly removed: number
  /** Positions of the operations that met a document with the same unique key; every other kind of error is thrown. */
  readonly duplicates: ReadonlySet<number>
}

export interface ReadOptions {
  readonly sort?: Sort
  readonly limit?: number
  readonly projection?: Document
}

type Operation = AnyBulkWriteOperation<StoredDocument>

/** One answer holds all: no `getMore` as long as the rows fit into 16 MB. */
const batchSize = 100_000

/**
 * A collection as one tenant sees it, the only place that adds the tenant to filters and documents. Nothing of another tenant can be
 * read or changed through it. Errors come out as `SyncError`s.
 */
export class TenantCollection<D extends { readonly _id: string; readonly tenant: string }> {
  readonly tenant: string
  readonly #collection: Collection<StoredDocument>

  constructor(collection: Collection<StoredDocument>, tenant: string) {
    this.#collection = collection
    this.tenant = tenant
  }

  key(id: string): string {
    return `${this.tenant}|${id}`
  }

  /** The id without the tenant. */
  idOf(document: { readonly _id: string }): string {
    return document._id.slice(this.tenant.length + 1)
  }

  async read(filter: Document, options: ReadOptions = {}): Promise<D[]> {
    const rows = await translated(this.#collection.find(this.#scoped(filter), { ...options, batchSize }).toArray())
    return rows as unknown as D[]
  }

  readByIds(ids: readonly string[], options: ReadOptions = {}): Promise<D[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.read(this.ids(ids), options)
  }

  async readOne(id: string): Promise<D | undefined> {
    return (await this.readByIds([id], { limit: 1 }))[0]
  }

  /** In id order, after an id; `idPrefix` (ends in `|`) narrows the ids. */
  async page(
    filter: Document,
    options: { readonly after?: string | undefined; readonly limit: number; readonly idPrefix?: string },
  ): Promise<D[]> {
    const prefix = options.idPrefix ?? ''
    const { _id } = this.range(prefix)
    const after = options.after === undefined ? '' : this.key(options.after)
    const from = after < this.key(prefix) ? _id : { $gt: after, $lt: _id.$lt }
    return this.read({ ...filter, _id: from }, { sort: { _id: 1 }, limit: options.limit })
  }

  /** Filter for ids that begin so; the prefix is empty or ends in `|`. */
  range(idPrefix: string): { readonly _id: { readonly $gte: string; readonly $lt: string } } {
    const prefix = this.key(idPrefix)
    // `}` is the character behind `|`.
    return { _id: { $gte: prefix, $lt: `${prefix.slice(0, -1)}}` } }
  }

  count(filter: Document = {}): Promise<number> {
    return translated(this.#collection.countDocuments(this.#scoped(filter)))
  }

  /** Rows of `$group` over what the filter selects. */
  async group(filter: Document, group: Document): Promise<Document[]> {
    return translated(
      this.#collection.aggregate([{ $match: this.#scoped(filter) }, { $group: group }], { batchSize }).toArray(),
    )
  }

  insert(id: string, body: Body<D>): Operation {
    return { insertOne: { document: this.#document(id, body) } }
  }

  replace(id: string, only: Document, body: Body<D>, options: { readonly upsert: boolean }): Operation {
    const { _id, ...replacement } = this.#document(id, body)
    return { replaceOne: { filter: this.#one(id, only), replacement, upsert: options.upsert } }
  }

  /** Upserts get the tenant through `$setOnInsert`. */
  update(id: string, only: Document, update: Document, options: { readonly upsert: boolean }): Operation {
    const { $setOnInsert, ...changes } = update
    const onInsert = options.upsert ? { $setOnInsert: { tenant: this.tenant, ...($setOnInsert as Document) } } : {}
    const complete = { ...changes, ...onInsert } as UpdateFilter<StoredDocument>
    return { updateOne: { filter: this.#one(id, only), update: complete, upsert: options.upsert } }
  }

  remove(id: string, only: Document = {}): Operation {
    return { deleteOne: { filter: this.#one(id, only) } }
  }

  /** One command for each kind of operation among them (insert, update, remove); unordered. */
  async bulk(operations: readonly Operation[]): Promise<BulkOutcome> {
    try {
      const result = await this.#collection.bulkWrite(operations, { ordered: false })
      return outcomeOf(result, [])
    } catch (error) {
      const errors = duplicateErrors(error)
      if (errors.length === 0 || !(error instanceof MongoBulkWriteError)) throw toDatabaseError(error)
      return outcomeOf(error.result, errors)
    }
  }

  /** `false`: a document with the id is there already. */
  async insertNew(id: string, body: Body<D>): Promise<boolean> {
    try {
      await this.#collection.insertOne(this.#document(id, body))
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw toDatabaseError(error)
    }
  }

  async updateMany(filter: Document, update: UpdateFilter<StoredDocument>): Promise<void> {
    await translated(this.#collection.updateMany(this.#scoped(filter), update))
  }

  async removeMany(filter: Document): Promise<void> {
    await translated(this.#collection.deleteMany(this.#scoped(filter)))
  }

  /** Filter for documents by id. */
  ids(ids: readonly string[]): Document {
    return ids.length === 1 ? { _id: this.key(ids[0]!) } : { _id: { $in: ids.map((id) => this.key(id)) } }
  }

  #scoped(filter: Document): Filter<StoredDocument> {
    return { ...filter, tenant: this.tenant }
  }

  /** The id holds the tenant: nothing else is needed, and the server's shortest way to one document stays open. */
  #one(id: string, only: Document): Filter<StoredDocument> {
    return { _id: this.key(id), ...only }
  }

  #document(id: string, body: Body<D>): StoredDocument {
    return { _id: this.key(id), tenant: this.tenant, ...body }
  }
}

function outcomeOf(
  result: { insertedCount: number; matchedCount: number; upsertedCount: number; deletedCount: number },
  errors: readonly WriteError[],
): BulkOutcome {
  return {
    written: result.insertedCount + result.matchedCount + result.upsertedCount,
    removed: result.deletedCount,
    duplicates: new Set(errors.map((error) => error.index)),
  }
}

/** The write errors, if all of them are duplicates; none where anything else went wrong. */
function duplicateErrors(error: unknown): WriteError[] {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return []
  const errors = [error.writeErrors].flat()
  return errors.every((each) => each.code === 11000) ? errors : []
}
